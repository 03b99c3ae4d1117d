import type { ReactNode } from 'react';
import { faults, type FaultName } from './sampleBackend.js';
import type { BackendView } from './useSampleBackend.js';

/** Breaks the sample backend, and heals it. */
export function FaultButtons({ view }: { readonly view: BackendView }): ReactNode {
  const mode = view.counts?.fault.mode ?? 'none';
  const hint = mode === 'none' ? 'Refuse, then drop all: soon the breaker opens.' : (faults[mode as FaultName]?.hint ?? `The fault ${mode} is on.`);
  return (
    <>
      <div className="faults" role="group" aria-labelledby="fault-title" aria-describedby="fault-hint">
        <h3 id="fault-title">Break it</h3>
        {(Object.keys(faults) as FaultName[]).map((name) => (
          <button key={name} className="small" aria-pressed={mode === name} onClick={() => view.order((backend) => backend.break(name))}>
            {faults[name].name}
          </button>
        ))}
        <button className="small" onClick={() => view.order((backend) => backend.drop())}>Drop all</button>
        <button className="small primary" onClick={() => view.order((backend) => backend.heal())}>Heal</button>
      </div>
      <p className="hint" id="fault-hint">{hint}</p>
    </>
  );
}
