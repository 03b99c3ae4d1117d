import { memo, type ReactNode } from 'react';
import { count } from '../words/format.js';
import { lastMinute, type BackendCounts } from './sampleBackend.js';

const width = 360;
const height = 30;

/** The dials of the last minute as bars: accepted below, refused on top. */
export const DialChart = memo(function DialChart({ counts }: { readonly counts: BackendCounts }): ReactNode {
  const dials = lastMinute(counts);
  const step = width / dials.length;
  const scale = (height - 2) / Math.max(4, ...dials.map(({ accepted, refused }) => accepted + refused));
  const sum = (of: 'accepted' | 'refused'): number => dials.reduce((total, second) => total + second[of], 0);
  return (
    <figure className="dials">
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
        <rect className="ground" x={0} y={height - 1} width={width} height={1} />
        {dials.map(({ accepted, refused }, i) => (
          <g key={i} transform={`translate(${i * step} 0)`}>
            {accepted > 0 && <rect className="accepted" y={height - accepted * scale} width={step - 1.5} height={accepted * scale} />}
            {refused > 0 && <rect className="refused" y={height - (accepted + refused) * scale} width={step - 1.5} height={refused * scale} />}
          </g>
        ))}
      </svg>
      <figcaption>
        Dials in the last minute: {count(sum('accepted'))} accepted, {count(sum('refused'))} refused
      </figcaption>
    </figure>
  );
});
