import { useCallback, useEffect, useState } from 'react';
import { SampleBackend, type BackendCounts, type UserCounts } from './sampleBackend.js';

const everyMs = 1_000;

/** What the page knows of the sample backend. */
export interface BackendView {
  readonly backend: SampleBackend;
  /** Undefined before the first answer, and while it does not answer. */
  readonly counts: BackendCounts | undefined;
  readonly users: Readonly<Record<string, UserCounts>>;
  readonly problem: string;
  /** Does something to the backend, and looks at once what became of it. */
  order(action: (backend: SampleBackend) => Promise<void>): void;
}

type Answer = Pick<BackendView, 'counts' | 'users' | 'problem'>;
const unanswered: Answer = { counts: undefined, users: {}, problem: '' };

/** Watches the sample backend, each second while somebody looks. Undefined where there is none. */
export function useSampleBackend(users: readonly string[]): BackendView | undefined {
  const [backend, found] = useState<SampleBackend>();
  const [answer, answered] = useState(unanswered);
  const names = users.join('/');
  useEffect(() => void SampleBackend.find().then(found), []);
  const ask = useCallback(async () => {
    if (!backend) return;
    const asked = names === '' ? [] : names.split('/');
    try {
      const [counts, ...each] = await Promise.all([backend.counts(), ...asked.map((user) => backend.user(user))]);
      answered({ counts, users: Object.fromEntries(asked.map((user, i) => [user, each[i]!])), problem: '' });
    } catch {
      answered({ ...unanswered, problem: `The sample backend does not answer at ${backend.url}.` });
    }
  }, [backend, names]);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    let stopped = false;
    const watch = async (): Promise<void> => {
      if (!document.hidden) await ask();
      if (!stopped) timer = setTimeout(() => void watch(), everyMs);
    };
    void watch();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [ask]);
  if (!backend) return undefined;
  return { ...answer, backend, order: (action) => void action(backend).catch(() => undefined).then(ask) };
}
