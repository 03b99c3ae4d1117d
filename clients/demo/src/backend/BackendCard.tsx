import type { ReactNode } from 'react';
import { count } from '../words/format.js';
import { DialChart } from './DialChart.js';
import { FaultButtons } from './FaultButtons.js';
import type { UserCounts } from './sampleBackend.js';
import type { BackendView } from './useSampleBackend.js';

/** What the backend itself counts, and the buttons that break it. */
export function BackendCard({ view }: { readonly view: BackendView }): ReactNode {
  const { counts, users, problem } = view;
  const everybody = counts && { ...counts, dials: counts.accepted + counts.refused };
  return (
    <section className="card" aria-labelledby="backend-title">
      <h2 id="backend-title">Sample backend</h2>
      <p className="problem" role="status">{problem}</p>
      <table className="counts">
        <caption className="unseen">What the backend itself counts</caption>
        <thead>
          <tr><td /><th scope="col">Open now</th><th scope="col">Most at once</th><th scope="col">Dials</th></tr>
        </thead>
        <tbody>
          {Object.entries(users).map(([user, mine]) => <Row key={user} name={user} of={mine} />)}
          <Row name="Everybody" of={everybody} />
        </tbody>
      </table>
      {counts && <DialChart counts={counts} />}
      <FaultButtons view={view} />
    </section>
  );
}

function Row({ name, of }: { readonly name: string; readonly of: UserCounts | undefined }): ReactNode {
  const cell = (value: number | undefined): ReactNode => <td>{value === undefined ? '–' : count(value)}</td>;
  return <tr><th scope="row">{name}</th>{cell(of?.connections)}{cell(of?.peakConnections)}{cell(of?.dials)}</tr>;
}
