import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './freePort.js';
import { Program } from './program.js';

/** A front in a process of its own. */
export interface Front {
  readonly program: Program;
  readonly port: number;
}

/** Redis, a silo, the sample backend and fronts as processes of their own, as in a deployment. Build the solution first. */
export class Cluster {
  readonly #programs: Program[] = [];
  readonly #folder = mkdtempSync(join(tmpdir(), 'connections-browser-'));
  readonly fronts: Front[] = [];
  /** Where the backend is. */
  backend = '';

  private constructor(readonly redis: number) {}

  static async start(fronts: number): Promise<Cluster> {
    const cluster = new Cluster(await freePort());
    try {
      const redis = cluster.#keep(Program.start('redis-server', ['--port', `${cluster.redis}`, '--bind', '127.0.0.1', '--save', ''], cluster.#folder));
      await redis.until('is ready', () => {
        if (!redis.output.includes('Ready to accept connections')) throw new Error(redis.output);
      });
      await cluster.#startBackend();
      await cluster.#startSilo();
      for (let i = 0; i < fronts; i++) cluster.fronts.push(await cluster.#startFront());
      return cluster;
    } catch (error) {
      await cluster.dispose();
      throw error;
    }
  }

  async dispose(): Promise<void> {
    for (const program of this.#programs.reverse()) await program.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #startBackend(): Promise<void> {
    const [port, http2] = [await freePort(), await freePort()];
    this.backend = `http://127.0.0.1:${port}`;
    const program = Program.startProject('samples/Backend', ['--urls', this.backend, `--Backend:Http2Port=${http2}`, '--Backend:TickInterval=0']);
    await this.#keep(program).answers(`${this.backend}/health`);
  }

  async #startSilo(): Promise<void> {
    const management = `http://127.0.0.1:${await freePort()}`;
    const program = Program.startProject('Silo', [
      '--urls', management,
      `--ConnectionStrings:redis=127.0.0.1:${this.redis}`,
      '--Silo:AdvertisedAddress=127.0.0.1',
      `--Silo:SiloPort=${await freePort()}`,
      `--Silo:GatewayPort=${await freePort()}`,
      `--Upstream:Url=${this.backend.replace('http', 'ws')}/ws/{userId}`,
    ]);
    await this.#keep(program).answers(`${management}/health/ready`);
  }

  async #startFront(): Promise<Front> {
    const port = await freePort();
    const program = Program.startProject('WebFront', ['--urls', `http://127.0.0.1:${port}`, `--ConnectionStrings:redis=127.0.0.1:${this.redis}`]);
    await this.#keep(program).answers(`http://127.0.0.1:${port}/health/ready`);
    return { program, port };
  }

  #keep(program: Program): Program {
    this.#programs.push(program);
    return program;
  }
}
