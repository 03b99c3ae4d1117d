import { defineConfig } from 'vite';

/** A running gateway (`dotnet run --project Standalone`), for `npm run dev`. */
const gateway = 'http://localhost:5000';

// Names without hashes: the front lets browsers ask each time, and no file of an older build stays beside the program.
const named = { entryFileNames: '[name].js', chunkFileNames: '[name].js', assetFileNames: '[name][extname]' };

export default defineConfig({
  base: './',
  // One React for the pages and the package, which has its own for its tests.
  resolve: { dedupe: ['react', 'react-dom'] },
  build: {
    outDir: '../../WebFront/wwwroot',
    emptyOutDir: true,
    target: 'es2022',
    // The pages' policy takes scripts and styles from files alone.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: { output: named },
  },
  worker: { format: 'es', rollupOptions: { output: named } },
  server: {
    proxy: {
      '/hubs': { target: gateway, ws: true, changeOrigin: true },
      '/sample-backend': gateway,
    },
  },
});
