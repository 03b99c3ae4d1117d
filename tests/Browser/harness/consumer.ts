import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import * as vite from 'vite';
import webpack from 'webpack';

const client = fileURLToPath(new URL('../../../clients/typescript/', import.meta.url));

const entry = `
import { createConnection } from 'connections-client';
const frames = [];
const connection = createConnection(JSON.parse(new URLSearchParams(location.search).get('connect')));
connection.onFrame((frame) => frames.push(frame));
window.plain = { connection, frames };
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

  dispose(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
