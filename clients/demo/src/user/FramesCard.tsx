import { useState, type ReactNode } from 'react';
import { count, plural } from '../words/format.js';
import { EntryRow } from './EntryRow.js';
import { useFeed, type Feed } from './useFeed.js';

const limit = 200;

/** The newest frames, newest first. */
export function FramesCard(): ReactNode {
  const [paused, pause] = useState(false);
  const feed = useFeed(limit, paused);
  return (
    <section className="card frames-card" aria-labelledby="frames-title">
      <div className="title">
        <h2 id="frames-title">Frames</h2>
        <span className="hint">
          {summary(feed)} {feed.position && <code className="position" title="Where this tab stands: epoch-offset">{feed.position}</code>}
        </span>
        <button className="small" id="pause" aria-pressed={paused} onClick={() => pause(!paused)}>Pause</button>
      </div>
      {feed.entries.length === 0 && <p className="hint empty">Frames appear here as they come, newest first.</p>}
      <ol className="frames" tabIndex={0} aria-label="Frames, newest first">
        {feed.entries.map((entry) => <EntryRow key={entry.key} entry={entry} />)}
      </ol>
    </section>
  );
}

function summary({ frames, gaps, holes, waiting }: Feed): string {
  return [
    frames && `${count(frames)} since this page opened`,
    gaps && plural(gaps, 'gap'),
    holes && `${plural(holes, 'undeclared hole')}: please report it`,
    waiting && `${waiting >= limit ? `${limit} or more` : count(waiting)} wait`,
  ].filter(Boolean).join(' · ');
}
