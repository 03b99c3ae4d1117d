import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually } from './eventually.js';

const project = fileURLToPath(new URL('../../../Standalone/', import.meta.url));

/** The real thing: silo, front and sample backend in one process. Build it first (`dotnet build Standalone`). */
export class Gateway {
  #process: ChildProcess | undefined;
  #url = '';
  #backend = '';
  readonly #data = mkdtempSync(join(tmpdir(), 'connections-browser-'));

  private constructor(readonly environment: Record<string, string>) {}

  static async start(environment: Record<string, string> = {}): Promise<Gateway> {
    const gateway = new Gateway(environment);
    await gateway.start();
    return gateway;
  }

  /** Where it is: another port after each start. */
  get url(): string {
    return this.#url;
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  /** Where the sample backend is. */
  get backend(): string {
    return this.#backend;
  }

  async start(): Promise<void> {
    const dll = ['Release', 'Debug'].map((kind) => join(project, 'bin', kind, 'net10.0', 'Connections.Standalone.dll')).find(existsSync);
    if (!dll) throw new Error('Build the gateway first: dotnet build Standalone.');
    // Port 0: the gateway takes one that is free, and says which. What a test had found free might be gone before it is bound.
    const child = spawn('dotnet', [dll, '--urls', 'http://127.0.0.1:0'], {
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
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += String(chunk)));
    const ended = once(child, 'exit').then(() => Promise.reject(new Error(`the gateway ended: ${output}`)));
    const answers = eventually('the gateway answers', async () => {
      const url = /A user's page +(http:\S+)\/\?user=/.exec(output)?.[1];
      if (!url) throw new Error(`the gateway has not said where it is: ${output}`);
      this.#url = url;
      const { url: backend } = (await (await fetch(`${url}/sample-backend`)).json()) as { url: string };
      this.#backend = backend.replace(/\/$/, '');
    }, 60_000);
    await Promise.race([answers, ended]);
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
