import { eventually } from './eventually.js';

/** What the sample backend counts of one user. */
export interface BackendUser {
  readonly connections: number;
  readonly peakConnections: number;
  readonly dials: number;
  readonly received: number;
  readonly sent: number;
}

/** The sample backend's remote control. */
export class Backend {
  constructor(readonly url: () => string) {}

  async user(user: string): Promise<BackendUser> {
    return (await (await fetch(`${this.url()}/users/${user}`)).json()) as BackendUser;
  }

  /** Sends one message to the user's upstream connection. */
  async push(user: string, text: string | Uint8Array<ArrayBuffer>): Promise<void> {
    const type = typeof text === 'string' ? 'text/plain' : 'application/octet-stream';
    const answer = await fetch(`${this.url()}/push/${user}`, { method: 'POST', headers: { 'content-type': type }, body: text });
    if (!answer.ok) throw new Error(`push: ${answer.status} ${await answer.text()}`);
  }

  /** Numbered ticks to these users, so many per second and user, until {@link calm}. */
  async flood(users: readonly string[], perSecond: number): Promise<void> {
    await this.fault({ mode: 'flood', users, perSecond });
  }

  async fault(fault: Record<string, unknown>): Promise<void> {
    const answer = await fetch(`${this.url()}/faults`, { method: 'PUT', body: JSON.stringify(fault) });
    if (!answer.ok) throw new Error(`fault: ${answer.status} ${await answer.text()}`);
  }

  async calm(): Promise<void> {
    await fetch(`${this.url()}/faults`, { method: 'DELETE' });
  }

  /** What the user's upstream connection has brought; empty for what is not text. */
  async received(user: string): Promise<string[]> {
    return (await this.#messages(user)).map(({ text }) => text ?? '');
  }

  /** How many bytes each of those messages had. */
  async receivedSizes(user: string): Promise<number[]> {
    return (await this.#messages(user)).map(({ bytes }) => bytes);
  }

  async untilConnected(user: string): Promise<void> {
    await eventually(`${user} has an upstream`, async () => {
      if ((await this.user(user)).connections !== 1) throw new Error('no upstream');
    });
  }

  async #messages(user: string): Promise<readonly { readonly text?: string; readonly bytes: number }[]> {
    return (await (await fetch(`${this.url()}/received/${user}`)).json()) as readonly { readonly text?: string; readonly bytes: number }[];
  }
}
