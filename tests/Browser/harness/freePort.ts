import { once } from 'node:events';
import { createServer } from 'node:net';

/** Linux gives ports from 32768 on to outgoing connections: one of those may be gone before it is bound, or bound again. */
const first = 20_000;
const end = 32_768;

/** A port of 127.0.0.1 that nobody has, for what cannot take port 0. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = first + Math.floor(Math.random() * (end - first));
    const server = createServer().listen(port, '127.0.0.1');
    const free = await once(server, 'listening').then(() => true, () => false);
    server.close();
    if (free) return port;
  }
}
