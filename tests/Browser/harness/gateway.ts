import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually } from './eventually.js';

const project = fileURLToPath(new URL('../../../Standalone/', import.meta.url));

/** The real thing: silo, front and sample backend in one process. Build it first (`dotnet build Standalone`). */
export class Gateway {
  #process: ChildProcess | undefined;
  #backend = '';
  readonly #data = mkdtempSync(join(tmpdir(), 'connections-browser-'));
  readonly #output: string[] = [];

  private constructor(
    readonly port: number,
    readonly environment: Record<string, string>,
  ) {}

  /**
   * The cluster whose balancer and sample backend the environment names, for pictures of what is deployed: `GATEWAY=http://127.0.0.1:8080
   * BACKEND=http://10.201.0.2:8008`. It must take `?user=`. Without them one is started.
   */
  static async find(): Promise<Gateway> {
    const { GATEWAY: url, BACKEND: backend } = process.env;
    if (!url || !backend) return Gateway.start();
    const gateway = new Gateway(Number(new URL(url).port), {});
    gateway.#backend = backend;
    return gateway;
  }

  /** Whether it is a cluster that was there before. */
  get isCluster(): boolean {
    return Boolean(this.#backend) && !this.#process;
  }

  static async start(environment: Record<string, string> = {}): Promise<Gateway> {
    const gateway = new Gateway(await freePort(), environment);
    await gateway.start();
    return gateway;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Where the sample backend is. */
  get backend(): string {
    return this.#backend;
  }

  async start(): Promise<void> {
    const dll = ['Release', 'Debug'].map((kind) => join(project, 'bin', kind, 'net10.0', 'Connections.Standalone.dll')).find(existsSync);
    if (!dll) throw new Error('Build the gateway first: dotnet build Standalone.');
    const child = spawn('dotnet', [dll, '--urls', this.url], {
      cwd: project,
      env: {
        ...process.env,
        Standalone__BackendPort: '0',
        Standalone__DataPath: this.#data,
        Backend__TickInterval: '0',
        ...this.environment,
      },
    });
    this.#process = child;
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => this.#output.push(String(chunk)));
    await eventually('the gateway answers', async () => {
      if (child.exitCode !== null) throw new Error(`the gateway ended: ${this.#output.join('')}`);
      const { url } = (await (await fetch(`${this.url}/sample-backend`)).json()) as { url: string };
      this.#backend = url.replace(/\/$/, '');
    }, 60_000);
  }

  /** `kill -9`: nobody says good-bye. */
  async kill(): Promise<void> {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  async dispose(): Promise<void> {
    await this.kill();
    rmSync(this.#data, { recursive: true, force: true });
  }
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
