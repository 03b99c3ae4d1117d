import { defineConfig } from '@playwright/test';

const use = {
  browserName: 'chromium' as const,
  launchOptions: {
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  },
};

/** Wait for most of their time: three run beside one that works. */
const patient = ['line.spec.ts', 'gateway.spec.ts', 'cluster.spec.ts'];
/** Firefox and WebKit. */
const engines = ['engines.spec.ts'];
/** Alone on the machine: what they assert are figures. */
const figures = ['figures.spec.ts', 'react.spec.ts'];
/** Not tests. */
const pictures = ['pictures.spec.ts'];

export default defineConfig({
  testDir: 'specs',
  globalSetup: './harness/buildApp.ts',
  timeout: 60_000,
  expect: { timeout: 10_000 },
  forbidOnly: Boolean(process.env['CI']),
  // With SECOND_LOOK, as in .ci/run, what fails is tried once more, and test.sh lists what passes only then as flaky.
  retries: process.env['SECOND_LOOK'] ? 1 : 0,
  reporter: [['list']],
  // Each worker has a gateway of its own.
  workers: 4,
  projects: [
    { name: 'patient', testMatch: patient, fullyParallel: true, workers: 3, use },
    { name: 'chromium', testIgnore: [...patient, ...engines, ...figures, ...pictures], workers: 1, use },
    { name: 'engines', testMatch: engines, workers: 1, use },
    { name: 'figures', testMatch: figures, workers: 1, use },
    { name: 'pictures', testMatch: pictures, workers: 1, use },
  ],
});
