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

export default defineConfig({
  testDir: 'specs',
  globalSetup: './harness/buildApp.ts',
  timeout: 60_000,
  expect: { timeout: 10_000 },
  forbidOnly: Boolean(process.env['CI']),
  reporter: [['list']],
  // The patient ones wait for most of their time, two beside one that works. Each worker has a gateway of its own.
  workers: 3,
  projects: [
    { name: 'patient', testMatch: 'line.spec.ts', fullyParallel: true, workers: 2, use },
    { name: 'chromium', testIgnore: ['line.spec.ts', 'engines.spec.ts', 'figures.spec.ts', 'react.spec.ts', 'pictures.spec.ts'], workers: 1, use },
    { name: 'engines', testMatch: 'engines.spec.ts', workers: 1, use },
    // Alone on the machine: what they assert are figures.
    { name: 'figures', testMatch: ['figures.spec.ts', 'react.spec.ts'], workers: 1, use },
    { name: 'pictures', testMatch: 'pictures.spec.ts', workers: 1, use },
  ],
});
