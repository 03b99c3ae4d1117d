// Bundles each entry point as an application would, prints its size (minified and gzipped), and fails above the budgets.
// A library build, because that keeps Vite's own preload helper out of the figures.
import { gzipSync } from 'node:zlib';
import { build, minifySync } from 'vite';

const dist = new URL('../dist/', import.meta.url).pathname;

async function size(code) {
  const entry = { name: 'entry', resolveId: (id) => (id.endsWith('/entry') ? '\0entry' : null), load: (id) => (id === '\0entry' ? code : null) };
  // The worker is measured on its own.
  const worker = { name: 'worker', enforce: 'pre', transform: (source) => source.replace('new URL(', 'String(') };
  const [{ output }] = await build({
    configFile: false,
    logLevel: 'silent',
    plugins: [entry, worker],
    build: { write: false, target: 'es2022', lib: { entry: 'entry', formats: ['es'] }, rollupOptions: { external: [/^react/] } },
  });
  const { code: minified } = minifySync('entry.js', output.find((chunk) => chunk.isEntry).code, { module: true });
  return gzipSync(minified, { level: 9 }).length;
}

/** Uses what it imports, as an application would; an export would add the names. */
const use = (names, from) => `import { ${names} } from '${dist}${from}'; self.used = [self.used, ${names}];`;
const core = use('createConnection', 'index.js');
const hooks = use('WebSocketProvider, useFrames, useOnFrame, useSharedWebSocket, useWebSocketHealth', 'react/index.js');
const coreSize = await size(core);
const rows = [
  ['page core', coreSize, 4_000],
  ['React, on top', (await size(core + hooks)) - coreSize, 1_000],
  ['circuit breaker', await size(use('circuitBreakerManager', 'index.js')), 800],
  ['worker', await size(`import '${dist}worker.js';`), 18_000],
];
for (const [name, bytes, budget] of rows) console.log(`${name.padEnd(16)} ${String(bytes).padStart(6)} B of ${budget}`);
if (rows.some(([, bytes, budget]) => bytes > budget)) process.exitCode = 1;
