import type { ReactNode } from 'react';
import { count } from '../words/format.js';

interface Props {
  /** Tabs in this browser. */
  readonly tabs: number;
  /** Connections of this user that the gateway has; undefined when no tab can tell. */
  readonly gateway: number | undefined;
  /** What the backend itself counts; undefined where there is none to ask. */
  readonly backend: number | undefined;
}

/** How the tabs become fewer connections at each step: the point of it all, in three numbers. */
export function Counts({ tabs, gateway, backend }: Props): ReactNode {
  return (
    <dl className="steps">
      <Step of="tabs" value={tabs} name={tabs === 1 ? 'tab' : 'tabs'} />
      <Step of="gateway" value={gateway} name="to the gateway" />
      <Step of="backend" value={backend} name="at the backend" tone={backend === 1 ? 'good' : (backend ?? 0) > 1 ? 'bad' : 'calm'} />
    </dl>
  );
}

function Step({ of, value, name, tone = 'calm' }: { readonly of: string; readonly value: number | undefined; readonly name: string; readonly tone?: string }): ReactNode {
  return (
    <div data-step={of} data-is={tone}>
      <dd>{value === undefined ? '–' : count(value)}</dd>
      <dt>{name}</dt>
    </div>
  );
}
