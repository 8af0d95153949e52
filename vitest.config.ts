import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: {
    alias: {
      '@': fileURLToPath(new URL('.', import.meta.url)),
      // Next refuses to bundle this marker into a client; outside Next it has nothing to guard.
      'server-only': fileURLToPath(new URL('./node_modules/server-only/empty.js', import.meta.url)),
    },
  },
  test: {
    // No test writes to the folder that `npm run up` keeps its store in.
    env: { INKPICK_DATA: 'memory' },
    globalSetup: ['lib/server/testing/services.ts'],
    include: ['{lib,app,components,pipeline,bench}/**/*.test.{ts,tsx}'],
    // As many as the smallest machine has cores: by default one is left idle.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
