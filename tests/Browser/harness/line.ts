import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { freePort } from './freePort.js';

/**
 * What the line does: passes bytes on, ends every connection at once, has nobody at its near end any more, or swallows everything and says
 * nothing.
 */
export type LineMode = 'through' | 'cut' | 'refuse' | 'black-hole';

/** A TCP proxy between the browser and the site: the network, as far as a test can break it. */
export class Line {
  #server: Server;
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  #mode: LineMode = 'through';
  /** Half a round trip, in milliseconds. */
  delayMs = 0;

  private constructor(
    readonly target: () => number,
    readonly port: number,
  ) {
    this.#server = this.#listen();
  }

  static async start(target: () => number): Promise<Line> {
    const line = new Line(target, await freePort());
    await once(line.#server, 'listening');
    return line;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Breaks or mends the line. What was swallowed is lost: mending resets the connections of a black hole, as a new route does. */
  set mode(mode: LineMode) {
    const before = this.#mode;
    this.#mode = mode;
    if (mode === 'refuse') this.#server.close();
    else if (before === 'refuse') this.#server = this.#listen();
    if (mode === 'cut' || mode === 'refuse' || before === 'black-hole') for (const pair of this.#pairs) pair.forEach((side) => side.destroy());
  }

  async dispose(): Promise<void> {
    this.mode = 'cut';
    this.#server.close();
    await once(this.#server, 'close');
  }

  #listen(): Server {
    return createServer((near) => this.#accept(near)).listen(this.port, '127.0.0.1');
  }

  #accept(near: Socket): void {
    near.on('error', () => near.destroy());
    if (this.#mode === 'cut') return void near.destroy();
    const far = connect(this.target(), '127.0.0.1');
    const pair = [near, far] as const;
    this.#pairs.add(pair);
    this.#forward(near, far);
    this.#forward(far, near);
    for (const side of pair) {
      side.setNoDelay(true);
      side.on('error', () => side.destroy());
      side.on('close', () => {
        if (this.#mode !== 'black-hole') pair.forEach((other) => other.destroy());
        if (pair.every(({ destroyed }) => destroyed)) this.#pairs.delete(pair);
      });
    }
  }

  #forward(from: Socket, to: Socket): void {
    from.on('data', (chunk) => {
      if (this.#mode === 'black-hole') return;
      if (this.delayMs === 0) to.write(chunk);
      else setTimeout(() => to.writable && to.write(chunk), this.delayMs);
    });
    from.on('end', () => this.#mode !== 'black-hole' && to.end());
  }
}
