import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually } from './eventually.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** A process of a test, with what it has printed. */
export class Program {
  readonly #process: ChildProcess;
  output = '';

  private constructor(
    readonly name: string,
    command: string,
    args: readonly string[],
    settings: Record<string, string>,
    cwd: string,
  ) {
    const child = spawn(command, args, { cwd, env: { ...process.env, ...settings } });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (this.output += String(chunk)));
    this.#process = child;
  }

  static start(command: string, args: readonly string[], cwd: string): Program {
    return new Program(command, command, args, {}, cwd);
  }

  /** Starts a .NET program of this repository, as built last. */
  static startProject(project: string, args: readonly string[], settings: Record<string, string> = {}): Program {
    const folder = join(root, project);
    const name = `Connections.${project.split('/').at(-1)}.dll`;
    const dll = ['Release', 'Debug'].map((kind) => join(folder, 'bin', kind, 'net10.0', name)).find(existsSync);
    if (!dll) throw new Error(`Build it first: dotnet build ${project}.`);
    return new Program(project, 'dotnet', [dll, ...args], { ASPNETCORE_ENVIRONMENT: 'Development', ...settings }, folder);
  }

  /** Waits until `attempt` does not throw, or the process has ended. */
  async until<T>(what: string, attempt: () => Promise<T> | T): Promise<T> {
    const ended = once(this.#process, 'exit').then(() => Promise.reject(new Error(`${this.name} ended: ${this.output}`)));
    return Promise.race([eventually(`${this.name} ${what}`, attempt, 60_000), ended]);
  }

  /** Waits until an address of it answers with a success. */
  async answers(url: string): Promise<void> {
    await this.until('answers', async () => {
      const { ok, status } = await fetch(url);
      if (!ok) throw new Error(`${url}: ${status} ${this.output}`);
    });
  }

  /** `kill -9`: nobody says good-bye. */
  async kill(): Promise<void> {
    const child = this.#process;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }
}
