import { fileURLToPath } from 'node:url';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

const shared = {
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
    setupFiles: [fileURLToPath(new URL('./testing/property-seed.ts', import.meta.url))],
    // Generous: what they stop is a test that hangs, and the machine may be shared.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
} satisfies TestProjectInlineConfiguration;

/** Modules without state between calls: test files share a process, and load them once. */
const WITHOUT_STATE = ['lib/{contracts,engine,format,math}', 'pipeline', 'bench', 'scripts'];
/** Modules with state of the process, such as a store, caches, settings, or the globals of a browser or worker. */
const WITH_STATE = ['lib/{artifacts,hnsw,server,worker}', 'app', 'components', 'testing'];

const testsIn = (folders: readonly string[]) => folders.map((folder) => `${folder}/**/*.test.{ts,tsx}`);

export default defineConfig({
  ...shared,
  test: {
    globalSetup: ['testing/server/services.ts'],
    // As many as the smallest machine has cores: by default one is left idle.
    maxWorkers: 2,
    projects: [
      { ...shared, test: { ...shared.test, name: 'process', include: testsIn(WITH_STATE) } },
      {
        ...shared,
        test: {
          ...shared.test,
          name: 'pure',
          include: testsIn(WITHOUT_STATE),
          isolate: false,
          // What one file puts in the place of a global or of a function is gone before the next.
          unstubGlobals: true,
          restoreMocks: true,
        },
      },
    ],
  },
});
