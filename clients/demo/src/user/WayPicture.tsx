import { memo, type ReactNode } from 'react';
import type { Way } from '../tabs/useWay.js';

const mostTabs = 8;
const middle = 56;
const spread = (index: number, of: number, step: number): number => middle + (index - (of - 1) / 2) * step;

const toWorker = (y: number): string => `M38 ${y} C80 ${y} 84 ${middle} 122 ${middle}`;
const toFront = (y: number): string => `M38 ${y} C130 ${y} 140 ${middle + (y - middle) / 3} 226 ${middle + (y - middle) / 3}`;

interface Props {
  readonly tabs: number;
  readonly way: Way;
  readonly fronts: number;
  readonly connections: number;
  readonly upstream: string;
}

/** The picture of the point: many tabs on the left, one line to the backend on the right. */
export const WayPicture = memo(function WayPicture({ tabs, way, fronts, connections, upstream }: Props): ReactNode {
  const drawn = Math.min(tabs, mostTabs);
  const step = Math.min(24, 84 / Math.max(1, drawn));
  const lines = Math.max(1, Math.min(connections, 4));
  return (
    <svg className="way" viewBox="10 8 500 112" aria-hidden="true">
      {Array.from({ length: drawn }, (_, i) => spread(i, drawn, step)).map((y) => (
        <g key={y}>
          <path className="thread" d={way === 'shared' ? toWorker(y) : toFront(y)} />
          <rect className="tab" x={18} y={y - 6} width={20} height={12} rx={3} />
        </g>
      ))}
      {way === 'shared' && (
        <>
          <path className="thread" d={`M134 ${middle} L226 ${middle}`} />
          <circle className="hub" cx={128} cy={middle} r={7} />
        </>
      )}
      {Array.from({ length: lines }, (_, i) => spread(i, lines, 12)).map((y) => (
        <path key={y} className="upstream" data-upstream={upstream} d={`M290 ${y} L440 ${y}`} />
      ))}
      <rect className="node" x={226} y={middle - 24} width={64} height={48} rx={10} />
      <rect className="node" x={440} y={middle - 24} width={64} height={48} rx={10} />
      <text className="number" x={258} y={middle + 6} textAnchor="middle">{fronts}</text>
      <text className="number" x={472} y={middle + 6} textAnchor="middle">{connections}</text>
      <text className="name" x={28} y={114} textAnchor="middle">{tabs > mostTabs ? `${tabs} tabs` : tabs === 1 ? 'tab' : 'tabs'}</text>
      {way === 'shared' && <text className="name" x={128} y={middle + 26} textAnchor="middle">worker</text>}
      <text className="name" x={258} y={114} textAnchor="middle">{fronts === 1 ? 'front' : 'fronts'}</text>
      <text className="name" x={365} y={middle - 13 - (connections > 1 ? 10 : 0)} textAnchor="middle">upstream</text>
      <text className="name" x={472} y={114} textAnchor="middle">backend</text>
    </svg>
  );
});
