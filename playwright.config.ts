import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';
import { OWN_CATALOG } from './e2e/own-catalog';

/** Not 3000: a developer's own server may be there. */
const PORT = 3105;
/** Debian's browser where it is installed (`npm test` sees to that); elsewhere Playwright's own. */
const SYSTEM_CHROMIUM = '/usr/bin/chromium';
/** Of both servers, whatever the environment of the tests says: nothing limited, and nothing left of what visitors share when they end. */
const SHARED = {
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
  // Two cores: more browsers than this would only wait for each other.
  workers: 2,
  // A test that fails is run once more for its trace, and has failed even if it passes then: a trace of every test would cost a third of
  // the time of all.
  retries: 1,
  failOnFlakyTests: true,
  // Generous, since CI may share its cores: these tests assert what happens, not how fast.
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
      env: { PORT: String(PORT), ...SHARED },
      reuseExistingServer: false,
      timeout: 120_000,
    },
    {
      // The same build, with another artifacts folder.
      command: 'node --import tsx e2e/serve-own-catalog.ts',
      url: `${OWN_CATALOG.url}/api/health/ready`,
      env: {
        PORT: String(OWN_CATALOG.port),
        INKPICK_ARTIFACTS: OWN_CATALOG.artifacts,
        ...SHARED,
        INKPICK_DATA: OWN_CATALOG.store,
        INKPICK_ADMIN_TOKEN: OWN_CATALOG.adminToken,
      },
      reuseExistingServer: false,
      timeout: 120_000,
      gracefulShutdown: { signal: 'SIGTERM', timeout: 10_000 },
    },
  ],
});
