import type { RelayPort } from './messages.js';

/** How long a page has to come up with a token, in milliseconds. */
const answerTimeoutMs = 5_000;

/** Asks pages for an access token: the relay itself never has one. */
export class Tokens {
  readonly #waiting = new Map<number, (token: string | undefined) => void>();
  #requests = 0;

  /** The first token that one of the pages provides. The newest page is asked first: it is the least likely to be stale. */
  async from(ports: readonly RelayPort[]): Promise<string> {
    for (const port of [...ports].reverse()) {
      const token = await this.#ask(port);
      if (token) return token;
    }
    throw new Error('no page could provide an access token');
  }

  answer(request: number, token: string | undefined): void {
    this.#waiting.get(request)?.(token);
  }

  #ask(port: RelayPort): Promise<string | undefined> {
    const request = ++this.#requests;
    return new Promise((resolve) => {
      const answer = (token?: string): void => {
        clearTimeout(timer);
        this.#waiting.delete(request);
        resolve(token);
      };
      const timer = setTimeout(answer, answerTimeoutMs);
      this.#waiting.set(request, answer);
      port.post({ type: 'token-wanted', request });
    });
  }
}
