import { defineConfig } from 'vitest/config';

/** Builds `dist/worker.bundle.js`, the worker with everything in it, beside what tsc has written. */
export default defineConfig({
  build: {
    target: 'es2022',
    outDir: 'dist',
    emptyOutDir: false,
    lib: { entry: 'src/worker.ts', name: 'connectionsWorker', formats: ['iife'], fileName: () => 'worker.bundle.js' },
  },
  test: { include: ['tests/**/*.test.{ts,tsx}'] },
});
