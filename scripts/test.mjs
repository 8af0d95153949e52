// `npm test` runs every check in order of cost; the first failure ends the run.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, install, main, run, runInstalled } from './steps.mjs';

/** The first takes about as long as the others and the linter together. */
const [LARGEST_TSCONFIG, ...TSCONFIGS] = [
  'tsconfig.json',
  'lib/engine/tsconfig.json',
  'lib/worker/tsconfig.json',
  'pipeline/tsconfig.json',
];
const SYSTEM_CHROMIUM = '/usr/bin/chromium';

/** Debian packages that tests use, each with a path that exists once it is installed. */
const SYSTEM_PACKAGES = [
  { name: 'chromium', path: SYSTEM_CHROMIUM },
  { name: 'postgresql', path: '/usr/lib/postgresql' },
  { name: 'redis-server', path: '/usr/bin/redis-server' },
];

/**
 * Installs missing system packages where it can (root on Debian). Without Chromium it installs Playwright's browser;
 * without Postgres or Redis the tests that need them are skipped, and say so.
 */
async function installSystemPackages() {
  const missing = SYSTEM_PACKAGES.filter(({ path }) => !existsSync(path)).map(({ name }) => name);
  if (missing.length > 0 && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    try {
      await run('Listing system packages (apt-get update)', 'apt-get', ['update', '-q']);
      await run(`Installing ${missing.join(', ')} (apt-get install)`, 'apt-get', ['install', '-y', '-q', ...missing], {
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      });
    } catch (error) {
      console.error(`${error.message} Continuing without.`);
    }
  }
  if (existsSync(SYSTEM_CHROMIUM)) return;
  await runInstalled('Installing Chromium (playwright install)', 'playwright/cli.js', ['install', 'chromium']);
}

const checkTypes = (config) => runInstalled(`Types (tsc, ${config})`, 'typescript/bin/tsc', ['--noEmit', '-p', config]);

/** Runs the static checks on two cores, since the compiler uses one. All of them run, even if one fails. */
async function checkSources() {
  const others = async () => {
    for (const config of TSCONFIGS) await checkTypes(config);
    await runInstalled('Lint and format (biome)', '@biomejs/biome/bin/biome', ['check']);
    await runInstalled('Import boundaries (depcruise)', 'dependency-cruiser/bin/dependency-cruise.mjs', ['.']);
  };
  const failure = (await Promise.allSettled([checkTypes(LARGEST_TSCONFIG), others()])).find(({ reason }) => reason);
  if (failure) throw failure.reason;
}

/** Adds up the results of both test runners from their JSON reports; a runner without a report adds 0. */
function countResults(unitReport, browserReport) {
  const read = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined);
  const unit = read(unitReport);
  const inBrowser = read(browserReport)?.stats;
  return {
    passed: (unit?.numPassedTests ?? 0) + (inBrowser?.expected ?? 0),
    // A test that passes only on a retry counts as failed.
    failed: (unit?.numFailedTests ?? 0) + (inBrowser?.unexpected ?? 0) + (inBrowser?.flaky ?? 0),
  };
}

await main(async () => {
  const reports = mkdtempSync(join(tmpdir(), 'inkpick-test-'));
  const unitReport = join(reports, 'vitest.json');
  const browserReport = join(reports, 'playwright.json');
  try {
    await install();
    await installSystemPackages();
    await runInstalled('Types of routes (next typegen)', 'next/dist/bin/next', ['typegen']);
    await checkSources();
    await runInstalled('Unit tests (vitest)', 'vitest/vitest.mjs', [
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${unitReport}`,
    ]);
    process.env.INKPICK_TYPES_CHECKED = '1';
    await build();
    await run('Function bundles', process.execPath, ['--import', 'tsx', 'scripts/check-bundles.ts']);
    await runInstalled('Browser tests (playwright)', '@playwright/test/cli.js', ['test', '--reporter=list,json'], {
      env: { ...process.env, PLAYWRIGHT_JSON_OUTPUT_FILE: browserReport },
    });
  } finally {
    const { passed, failed } = countResults(unitReport, browserReport);
    // Printed last, after the reason of a failure, which `main` prints once this function has ended.
    process.on('exit', () => console.log(`\n${passed} passed, ${failed} failed`));
    rmSync(reports, { recursive: true });
  }
});
