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
const over = rows.filter(([, bytes, budget]) => bytes > budget);
for (const row of rows) console.log(`${row[0].padEnd(16)} ${String(row[1]).padStart(6)} B of ${row[2]}${over.includes(row) ? '  too large' : ''}`);
console.log(`Sizes ${rows.length - over.length} passed`);
if (over.length) console.log(`Sizes ${over.length} failed`);
process.exitCode = over.length && 1;
