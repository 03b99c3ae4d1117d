import type { ReactNode } from 'react';
import type { Way } from './useWay.js';

const ways: readonly { readonly way: Way; readonly name: string }[] = [
  { way: 'shared', name: 'Shared' },
  { way: 'per-tab', name: 'Per tab' },
];

interface Props {
  readonly user: string;
  readonly way: Way;
  readonly choose: (way: Way) => void;
}

/** The switch between one connection per browser and one per tab, for all tabs of a user in this browser. */
export function WaySwitch({ user, way, choose }: Props): ReactNode {
  return (
    <div className="switch" role="radiogroup" aria-label={`How the tabs of ${user} connect`}>
      {ways.map((option) => (
        <button key={option.way} role="radio" aria-checked={way === option.way} onClick={() => choose(option.way)}>
          {option.name}
        </button>
      ))}
    </div>
  );
}
