import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import ts from 'typescript';
import * as vite from 'vite';
import webpack from 'webpack';

const client = fileURLToPath(new URL('../../../clients/typescript/', import.meta.url));
const here = fileURLToPath(new URL('../node_modules/', import.meta.url));

const entry = `
import { createConnection } from 'connections-client';
const frames = [];
const connection = createConnection(JSON.parse(new URLSearchParams(location.search).get('connect')));
connection.onFrame((frame) => frames.push(frame));
window.plain = { connection, frames };
`;

/** Uses every entry of the package, and the types that an application names. */
const typed = `
import { ApiError, circuitBreakerManager, createApi, createConnection } from 'connections-client';
import type { CircuitStats, Connection, ConnectionOptions, ConnectionState, Frame, Gap, Receipt } from 'connections-client';
import { useFrames, useOnFrame, useSharedWebSocket, useWebSocketHealth, WebSocketProvider } from 'connections-client/react';
import 'connections-client/worker';

const options: ConnectionOptions = { userId: 'alice', transport: 'auto' };
export const connection: Connection = createConnection(options);
export const stop: () => void = connection.onFrame((frame: Frame) => console.log(frame.offset, frame.text));
connection.onGap((gap: Gap) => console.log(gap.reason));
connection.onState((state: ConnectionState) => console.log(state.status, state.upstream?.breaker?.state));
export const receipt: Promise<Receipt> = connection.send('hello', { delivery: 'at-least-once' });
export const stats: Record<string, CircuitStats> = circuitBreakerManager.getStats();
export const answer: Promise<Response> = circuitBreakerManager.execute('search', (signal) => fetch('/search', { signal }));
export const orders: Promise<number[]> = createApi({ baseUrl: '/api' }).request<number[]>('/orders').catch((error: ApiError) => [error.status ?? 0]);
export const provider = WebSocketProvider({ userId: 'alice', useSharedWorker: true, accessToken: async () => 'token' });
export const hooks = [useFrames, useOnFrame, useSharedWebSocket, useWebSocketHealth];
// @ts-expect-error: a user is needed.
createConnection({});
`;

/** An application that has installed the packed tarball, and is built by one of the bundlers. */
export class Consumer {
  readonly root = mkdtempSync(join(tmpdir(), 'connections-consumer-'));
  readonly out = join(this.root, 'out');

  constructor() {
    const modules = join(this.root, 'node_modules');
    mkdirSync(join(modules, '@microsoft'), { recursive: true });
    execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', this.root], { cwd: client, stdio: 'pipe' });
    const tarball = readdirSync(this.root).find((name) => name.endsWith('.tgz'))!;
    execFileSync('tar', ['-xzf', tarball], { cwd: this.root });
    cpSync(join(this.root, 'package'), join(modules, 'connections-client'), { recursive: true });
    symlinkSync(join(client, 'node_modules/@microsoft/signalr'), join(modules, '@microsoft/signalr'));
    mkdirSync(join(modules, '@types'));
    for (const name of ['react', 'react-dom', '@types/react']) symlinkSync(join(here, name), join(modules, name));
    mkdirSync(this.out);
    writeFileSync(join(this.root, 'package.json'), '{ "type": "module" }');
    writeFileSync(join(this.root, 'main.js'), entry);
    writeFileSync(join(this.root, 'plain.html'), '<!doctype html><script type="module" src="./main.js"></script>');
  }

  async vite(): Promise<void> {
    await vite.build({
      configFile: false,
      root: this.root,
      base: './',
      logLevel: 'error',
      build: { outDir: this.out, rollupOptions: { input: join(this.root, 'plain.html') } },
    });
  }

  async webpack(): Promise<void> {
    const compiler = webpack({
      mode: 'production',
      context: this.root,
      entry: './main.js',
      output: { path: this.out, filename: 'main.js', publicPath: 'auto' },
    })!;
    const stats = await new Promise<webpack.Stats>((resolve, reject) => {
      compiler.run((error, result) => (result ? resolve(result) : reject(error)));
    });
    if (stats.hasErrors()) throw new Error(stats.toString('errors-only'));
    cpSync(join(this.root, 'plain.html'), join(this.out, 'plain.html'));
  }

  /** As the package's README says: esbuild leaves the worker alone, so its bundle is copied beside the output. */
  async esbuild(): Promise<void> {
    await esbuild.build({
      entryPoints: [join(this.root, 'main.js')],
      bundle: true,
      splitting: true,
      format: 'esm',
      outdir: this.out,
      logLevel: 'error',
    });
    cpSync(join(this.root, 'node_modules/connections-client/dist/worker.bundle.js'), join(this.out, 'worker.js'));
    cpSync(join(this.root, 'plain.html'), join(this.out, 'plain.html'));
  }

  /** What the compiler says about an application in TypeScript, the package's own declarations included. */
  complaints(resolution: 'bundler' | 'nodenext'): string[] {
    const file = join(this.root, 'typed.ts');
    writeFileSync(file, typed);
    const program = ts.createProgram([file], {
      strict: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
      types: [],
      target: ts.ScriptTarget.ES2022,
      lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
      module: resolution === 'bundler' ? ts.ModuleKind.ESNext : ts.ModuleKind.NodeNext,
      moduleResolution: resolution === 'bundler' ? ts.ModuleResolutionKind.Bundler : ts.ModuleResolutionKind.NodeNext,
    });
    return ts.getPreEmitDiagnostics(program).map((complaint) => ts.formatDiagnostic(complaint, ts.createCompilerHost({})));
  }

  /** What a script prints that Node runs without any bundler, as a server does that renders. */
  node(script: string): string {
    return execFileSync('node', ['--input-type=module', '--eval', script], { cwd: this.root, encoding: 'utf8' });
  }

  /** The files that the package's exports lead to, where there are such. */
  resolve(...entries: readonly string[]): string[] {
    const { resolve } = createRequire(join(this.root, 'main.js'));
    return entries.map((entry) => resolve(`connections-client/${entry}`));
  }

  dispose(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
