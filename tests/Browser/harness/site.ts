import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, request as ask, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { extname, join, normalize } from 'node:path';
import type { Duplex } from 'node:stream';
import { appDist } from './buildApp.js';

const types: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

/** Serves the test pages, and passes WebSockets on to the gateway, so that pages and hub have one origin. Counts hub connections. */
export class Site {
  readonly #server: Server;
  #port = 0;
  readonly #hubs = new Set<Duplex>();
  /** Where each of all there ever were was dialled. */
  readonly urls: string[] = [];
  /** Whether hub connections are ended at once while pages are served: the gateway is down, the web server is not. */
  refuses = false;

  private constructor(
    readonly gatewayPort: () => number,
    readonly root: string,
  ) {
    this.#server = createServer((request, response) => {
      const path = normalize(new URL(request.url ?? '/', 'http://site').pathname);
      if (path.startsWith('/hubs/') || path.startsWith('/api/') || path === '/breakers') return this.#ask(request, response);
      return void readFile(join(this.root, path)).then(
        (body) => response.writeHead(200, { 'content-type': types[extname(path)] ?? 'text/plain' }).end(body),
        () => response.writeHead(404).end(),
      );
    });
    this.#server.on('upgrade', (request, socket, head) => this.#pass(request, socket, head));
  }

  static async start(gatewayPort: () => number, root = appDist): Promise<Site> {
    const site = new Site(gatewayPort, root);
    site.#server.listen(0, '127.0.0.1');
    await once(site.#server, 'listening');
    site.#port = (site.#server.address() as AddressInfo).port;
    return site;
  }

  get port(): number {
    return this.#port;
  }

  /** Hub connections that are open now, as the gateway sees them. */
  get hubs(): number {
    return this.#hubs.size;
  }

  /** How many there ever were. */
  get dials(): number {
    return this.urls.length;
  }

  async dispose(): Promise<void> {
    for (const hub of this.#hubs) hub.destroy();
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #ask(request: IncomingMessage, response: ServerResponse): void {
    if (this.refuses) return void response.destroy();
    const { method, url, headers } = request;
    const passed = ask({ port: this.gatewayPort(), host: '127.0.0.1', method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    passed.on('error', () => response.destroy()).end();
  }

  #pass(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.urls.push(request.url ?? '');
    if (this.refuses) return void socket.destroy();
    const gateway: Socket = connect(this.gatewayPort(), '127.0.0.1', () => {
      this.#hubs.add(socket);
      const lines = [`${request.method} ${request.url} HTTP/1.1`];
      for (let i = 0; i < request.rawHeaders.length; i += 2) lines.push(`${request.rawHeaders[i]}: ${request.rawHeaders[i + 1]}`);
      gateway.write(`${lines.join('\r\n')}\r\n\r\n`);
      gateway.write(head);
      gateway.pipe(socket).pipe(gateway);
    });
    const end = (): void => {
      this.#hubs.delete(socket);
      socket.destroy();
      gateway.destroy();
    };
    for (const side of [socket, gateway]) side.on('error', end).on('close', end);
  }
}
