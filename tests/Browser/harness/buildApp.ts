import { copyFileSync, existsSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'vite';

export const appRoot = fileURLToPath(new URL('../app/', import.meta.url));
export const appDist = fileURLToPath(new URL('../dist/', import.meta.url));

/** Builds the pages that the tests open, with the package as a consumer has it: from its `dist`. */
export default async function buildApp(): Promise<void> {
  const client = new URL('../../../clients/typescript/dist/index.js', import.meta.url);
  if (!existsSync(client)) throw new Error('Build the client first: npm run build in clients/typescript.');
  await buildPages('production', appDist);
  for (const worker of ['worker.bundle.js', 'worker.messagepack.bundle.js']) copyFileSync(new URL(worker, client), appDist + worker);
  writeFileSync(`${appDist}killable-worker.js`, killableWorker);
  writeFileSync(`${appDist}other-user.js`, impostor('name.replace(/\\/[^/]*@/, "/mallory@")', 'version'));
  writeFileSync(`${appDist}other-version.js`, impostor('name', 'version + 1'));
  await buildPages('development', `${appDist}dev/`);
  await buildPages('production', `${appDist}next/`, nextVersion);
}

/** No engine but Chromium lets a test end a shared worker from outside, or have it hang (for 25 s). */
const killableWorker = `import './worker.bundle.js';
new BroadcastChannel('kill').onmessage = () => self.close();
new BroadcastChannel('hang').onmessage = () => {
  for (const until = Date.now() + 25_000; Date.now() < until; );
};
`;

/** A worker that welcomes every page under a name or with a version that may not be the page's. */
const impostor = (relay: string, said: string): string => `
const life = 'life of ' + name;
navigator.locks.request(life, () => new Promise(() => {}));
onconnect = ({ ports: [port] }) => {
  port.onmessage = ({ data: { type, version } }) => {
    if (type === 'hello') port.postMessage({ type: 'welcome', version: ${said}, relay: ${relay}, life });
  };
};
`;

/** The package as a later deploy might have it: its pages and relays speak otherwise. */
const nextVersion = (): Plugin => ({
  name: 'next-version',
  enforce: 'pre',
  transform(code, id) {
    if (!id.endsWith('/relay/messages.js')) return undefined;
    const changed = code.replace(/(relayVersion = )\d+/, '$1999');
    if (changed === code) throw new Error('The version of the messages has moved: change this test along.');
    return changed;
  },
});

/** React's StrictMode mounts twice in its development build only. */
async function buildPages(mode: 'production' | 'development', outDir: string, plugin?: () => Plugin): Promise<void> {
  process.env['NODE_ENV'] = mode;
  await build({
    configFile: false,
    root: appRoot,
    mode,
    base: './',
    logLevel: 'error',
    plugins: plugin ? [plugin()] : [],
    worker: { plugins: () => (plugin ? [plugin()] : []) },
    resolve: { dedupe: ['react', 'react-dom'] },
    build: { outDir, emptyOutDir: true, target: 'es2022', rollupOptions: { input: ['plain', 'poll', 'react'].map((page) => `${appRoot}${page}.html`) } },
  });
}
