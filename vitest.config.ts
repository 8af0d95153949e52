import { fileURLToPath } from 'node:url';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

const shared = {
  resolve: {
    alias: {
      '@': fileURLToPath(new URL('.', import.meta.url)),
      // Next refuses to bundle this marker into a client; outside Next it is not needed.
      'server-only': fileURLToPath(new URL('./node_modules/server-only/empty.js', import.meta.url)),
    },
  },
  test: {
    // No test writes to the folder that `npm run up` keeps its store in.
    env: { INKPICK_DATA: 'memory' },
    // Generous, because they are for tests that hang, and the machine may be shared.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
} satisfies TestProjectInlineConfiguration;

/** Modules without state between calls: files of tests can share them, which saves loading them again. */
const WITHOUT_STATE = ['lib/{contracts,engine,format,math}', 'pipeline', 'bench', 'scripts'];
/** Modules with state of the process: a store, caches, settings, globals of a browser or a worker. */
const WITH_STATE = ['lib/{artifacts,hnsw,server,worker}', 'app', 'components', 'testing'];

const testsIn = (folders: readonly string[]) => folders.map((folder) => `${folder}/**/*.test.{ts,tsx}`);

export default defineConfig({
  ...shared,
  test: {
    globalSetup: ['testing/server/services.ts'],
    // The cores of the smallest machine; the default leaves one idle.
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
          // Stubs and mocks of one file must not affect the next.
          unstubGlobals: true,
          restoreMocks: true,
        },
      },
    ],
  },
});
