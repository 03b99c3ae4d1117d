import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Program } from './program.js';

/** The real thing: silo, front and sample backend in one process. Build it first (`dotnet build Standalone`). */
export class Gateway {
  #program: Program | undefined;
  #url = '';
  #backend = '';
  readonly #data = mkdtempSync(join(tmpdir(), 'connections-browser-'));

  private constructor(readonly settings: Record<string, string>) {}

  /**
   * The cluster whose balancer and sample backend the environment names, for pictures of what is deployed: `GATEWAY=http://127.0.0.1:8080
   * BACKEND=http://10.201.0.2:8008`. It must take `?user=`. Without them one is started.
   */
  static async find(): Promise<Gateway> {
    const { GATEWAY: url, BACKEND: backend } = process.env;
    if (!url || !backend) return Gateway.start();
    const gateway = new Gateway({});
    gateway.#url = url;
    gateway.#backend = backend;
    return gateway;
  }

  /** Whether it is a cluster that was there before. */
  get isCluster(): boolean {
    return Boolean(this.#backend) && !this.#program;
  }

  static async start(settings: Record<string, string> = {}): Promise<Gateway> {
    const gateway = new Gateway(settings);
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
    // Port 0: the gateway takes one that is free, and says which. What a test had found free might be gone before it is bound.
    const program = Program.startProject('Standalone', ['--urls', 'http://127.0.0.1:0'], {
      Standalone__BackendPort: '0',
      Standalone__DataPath: this.#data,
      Backend__TickInterval: '0',
      ...this.settings,
    });
    this.#program = program;
    this.#url = await program.until('says where it is', () => {
      const url = /A user's page +(http:\S+)\/\?user=/.exec(program.output)?.[1];
      if (!url) throw new Error(program.output);
      return url;
    });
    const { url } = (await (await fetch(`${this.#url}/sample-backend`)).json()) as { url: string };
    this.#backend = url.replace(/\/$/, '');
  }

  /** `kill -9`: nobody says good-bye. */
  async kill(): Promise<void> {
    await this.#program?.kill();
  }

  async dispose(): Promise<void> {
    await this.kill();
    rmSync(this.#data, { recursive: true, force: true });
  }
}
