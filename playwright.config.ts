import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';
import { OWN_CATALOG } from './e2e/own-catalog';

/** Not 3000, where a developer's own server may run. */
const PORT = 3105;
/** Debian's browser where it is installed (`npm test` installs it); elsewhere Playwright's own. */
const SYSTEM_CHROMIUM = '/usr/bin/chromium';
/** For both servers, whatever the environment of the tests: no rate limits, and no data left when they end. */
const SERVER_ENVIRONMENT = {
  INKPICK_RATE_LIMIT: '0',
  INKPICK_DATA: 'memory',
  INKPICK_ADMIN_TOKEN: '',
  DATABASE_URL: '',
  REDIS_URL: '',
};

export default defineConfig({
  testDir: 'e2e',
  forbidOnly: true,
  fullyParallel: true,
  // For two cores: more browsers would only wait for each other.
  workers: 2,
  // A failed test runs once more for its trace, and counts as failed even if it then passes. Tracing every test would
  // take a third longer.
  retries: 1,
  failOnFlakyTests: true,
  // Generous, because CI may share its cores: these tests assert what happens, not how fast.
  timeout: 180_000,
  expect: { timeout: 20_000 },
  use: {
    baseURL: `http://localhost:${PORT}`,
    viewport: { width: 1280, height: 900 },
    trace: 'on-first-retry',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: existsSync(SYSTEM_CHROMIUM) ? SYSTEM_CHROMIUM : undefined,
      args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    },
  },
  webServer: [
    {
      command: 'node scripts/start.mjs',
      url: `http://localhost:${PORT}/api/health/live`,
      env: { PORT: String(PORT), ...SERVER_ENVIRONMENT },
      reuseExistingServer: false,
      timeout: 120_000,
    },
    {
      // The same build with another artifacts folder.
      command: 'node --import tsx e2e/serve-own-catalog.ts',
      url: `${OWN_CATALOG.url}/api/health/ready`,
      env: {
        PORT: String(OWN_CATALOG.port),
        INKPICK_ARTIFACTS: OWN_CATALOG.artifacts,
        ...SERVER_ENVIRONMENT,
        INKPICK_DATA: OWN_CATALOG.store,
        INKPICK_ADMIN_TOKEN: OWN_CATALOG.adminToken,
      },
      reuseExistingServer: false,
      timeout: 120_000,
      gracefulShutdown: { signal: 'SIGTERM', timeout: 10_000 },
    },
  ],
});
