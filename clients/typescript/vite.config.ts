import { defineConfig } from 'vitest/config';

/** Builds the worker with everything in it, beside what tsc has written; with `--mode messagepack` the one that speaks MessagePack. */
export default defineConfig(({ mode }) => ({
  build: {
    target: 'es2022',
    outDir: 'dist',
    emptyOutDir: false,
    lib:
      mode === 'messagepack'
        ? { entry: 'src/workerMessagePack.ts', name: 'connectionsWorker', formats: ['iife'], fileName: () => 'worker.messagepack.bundle.js' }
        : { entry: 'src/worker.ts', name: 'connectionsWorker', formats: ['iife'], fileName: () => 'worker.bundle.js' },
  },
  test: { include: ['tests/**/*.test.{ts,tsx}'] },
}));
