/** What the sample backend counts of one user. */
export interface UserCounts {
  readonly connections: number;
  readonly peakConnections: number;
  readonly dials: number;
}

/** The dials of one second. */
export interface Dials {
  readonly accepted: number;
  readonly refused: number;
}

/** What the sample backend counts of everybody. */
export interface BackendCounts {
  readonly connections: number;
  readonly peakConnections: number;
  readonly accepted: number;
  readonly refused: number;
  readonly dialsPerSecond: readonly (Dials & { readonly second: number })[];
  readonly fault: { readonly mode: string };
}

/** The faults this page can switch on: what they are called, what the backend is told, and what to look at. */
export const faults = {
  refuse: { name: 'Refuse 503', body: { mode: 'refuse', status: 503 }, hint: 'Dials get 503; open connections live until dropped.' },
  stall: { name: 'Stall', body: { mode: 'stall' }, hint: 'Sockets are mute; those the gateway gives up stay counted until healed.' },
  flap: { name: 'Flap', body: { mode: 'flap', upSeconds: 3, downSeconds: 3 }, hint: '3 s up, then 3 s of drops and refusals, over and over.' },
  flood: { name: 'Flood', body: { mode: 'flood', perSecond: 200 }, hint: '200 frames a second for each user: the page stays fluent.' },
} as const;

export type FaultName = keyof typeof faults;

const patienceMs = 3_000;
const shownSeconds = 60;

/** The sample backend's own word: what it counts, and the faults it can be given. It is there in the stand-alone process only. */
export class SampleBackend {
  private constructor(readonly url: string) {}

  /** Asks the gateway for the sample backend; undefined when there is none. */
  static async find(): Promise<SampleBackend | undefined> {
    const response = await fetch('sample-backend').catch(() => undefined);
    if (!response?.ok) return undefined;
    const { url } = (await response.json()) as { readonly url: string };
    return new SampleBackend(url.replace(/\/$/, ''));
  }

  counts(): Promise<BackendCounts> {
    return this.#get('stats?users=false');
  }

  user(user: string): Promise<UserCounts> {
    return this.#get(`users/${encodeURIComponent(user)}`);
  }

  async break(fault: FaultName): Promise<void> {
    await this.#fetch('faults', { method: 'PUT', body: JSON.stringify(faults[fault].body), headers: { 'content-type': 'application/json' } });
  }

  async heal(): Promise<void> {
    await this.#fetch('faults', { method: 'DELETE' });
  }

  async drop(): Promise<void> {
    await this.#fetch('drop', { method: 'POST' });
  }

  async #get<T>(path: string): Promise<T> {
    return (await (await this.#fetch(path)).json()) as T;
  }

  async #fetch(path: string, init?: RequestInit): Promise<Response> {
    const response = await fetch(`${this.url}/${path}`, { ...init, signal: AbortSignal.timeout(patienceMs) });
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
    return response;
  }
}

/** The dials of the last minute, oldest first, seconds without any included. */
export function lastMinute({ dialsPerSecond }: BackendCounts): readonly Dials[] {
  const bySecond = new Map(dialsPerSecond.map((dials) => [dials.second, dials]));
  const now = Math.floor(Date.now() / 1_000);
  return Array.from({ length: shownSeconds }, (_, i) => bySecond.get(now - shownSeconds + 1 + i) ?? { accepted: 0, refused: 0 });
}
