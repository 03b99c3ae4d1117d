import type { BreakerState, ConnectionState, UpstreamState } from 'connections-client';
import { useSharedWebSocket } from 'connections-client/react';
import type { ReactNode } from 'react';
import { count, countdown, duration, plural, time } from '../words/format.js';
import { Pill } from '../words/Pill.js';
import { breakerToneOf, toneOf } from '../words/tones.js';
import { useNow } from '../words/useNow.js';
import { Drain } from './Drain.js';
import { useWait } from './useWait.js';

const transports = { shared: 'one connection for this browser', leader: 'one tab leads the others', direct: 'a connection of its own' };

/** How this tab, the upstream and the breaker are. */
export function StateCard({ connectAnew }: { readonly connectAnew: () => void }): ReactNode {
  const { state } = useSharedWebSocket();
  const now = useNow();
  const { status, reason, retryAt, transport, upstream } = state;
  const live = status === 'open';
  return (
    <section className="card" aria-labelledby="state-title">
      <h2 id="state-title">State</h2>
      <p className="now" role="status" data-is={live ? toneOf(upstream?.upstream ?? 'connecting') : toneOf(status)}>{sentence(state)}</p>
      <dl className="facts">
        <dt>This tab</dt>
        <dd>
          <Pill word={status} /> {live && transport && <span>{transports[transport]}</span>}
          {!live && reason && <span>{reason}</span>} {retryAt !== undefined && <span className="timer">again {countdown(retryAt, now)}</span>}
          {status === 'refused' && <button className="small" onClick={connectAnew}>Connect anew</button>}
        </dd>
        {upstream && <Upstream upstream={upstream} live={live} now={now} />}
        {upstream?.breaker && <Breaker breaker={upstream.breaker} of={upstream} live={live} now={now} />}
        {upstream && (
          <>
            <dt>Attached</dt>
            <dd>
              {plural(upstream.tabs ?? 0, 'connection')} on {plural(upstream.fronts ?? 0, 'front')}{' '}
              <span className="hint" title="How many owners this connection has had">generation {count(upstream.generation ?? 0)}</span>
            </dd>
          </>
        )}
      </dl>
    </section>
  );
}

interface Part {
  readonly live: boolean;
  readonly now: number;
}

function Upstream({ upstream, live, now }: Part & { readonly upstream: UpstreamState }): ReactNode {
  const dial = useWait(upstream, upstream.retryAfterMs);
  const waits = live && upstream.upstream === 'waiting';
  return (
    <>
      <dt>Upstream</dt>
      <dd>
        <Pill word={upstream.upstream} /> {live ? `since ${time(upstream.since)}, ${duration(now - upstream.since)}` : 'as last heard'}
        {(upstream.reason || waits) && (
          <p className="why">{upstream.reason} {waits && dial && <span className="timer">next dial {countdown(dial.until, now)}</span>}</p>
        )}
        <Drain wait={waits && upstream.breaker?.state !== 'open' ? dial : undefined} now={now} />
      </dd>
    </>
  );
}

function Breaker({ breaker, of, live, now }: Part & { readonly breaker: BreakerState; readonly of: UpstreamState }): ReactNode {
  const { state, failures, trips, retryAfterMs } = breaker;
  const wait = useWait(of, retryAfterMs);
  const probe = live && state === 'open' ? wait : undefined;
  return (
    <>
      <dt>Breaker</dt>
      <dd>
        <Pill word={state} tone={breakerToneOf(state)} /> {plural(failures, 'failure')} in a row{trips > 0 && `, opened ${count(trips)}×`}{' '}
        {probe && <span className="timer">probe {countdown(probe.until, now)}</span>}
        <Drain wait={probe} now={now} />
      </dd>
    </>
  );
}

/** What a screen reader is told when it changes; countdowns stay out of it. */
function sentence({ status, upstream }: ConnectionState): string {
  if (status === 'connecting') return 'Connecting to the gateway.';
  if (status === 'waiting') return 'Cut off; this tab comes back and resumes.';
  if (status !== 'open') return 'The connection to the gateway has ended.';
  switch (upstream?.upstream) {
    case 'open': return 'Frames flow: the upstream is open.';
    case 'connecting': return 'The gateway dials the upstream.';
    case 'waiting': return upstream.breaker?.state === 'open' ? 'The breaker is open: no dials for a while.' : 'The gateway waits before it dials.';
    case 'idle': return 'Nobody wants the upstream.';
    default: return 'No upstream is configured; pushed messages still come.';
  }
}
