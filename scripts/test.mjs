// `npm test`: every check there is, in order of cost; the first that fails ends the run.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, install, main, run, runInstalled } from './steps.mjs';

/** The first takes about as long as the others together, and the linter. */
const [LARGEST_TSCONFIG, ...TSCONFIGS] = [
  'tsconfig.json',
  'lib/engine/tsconfig.json',
  'lib/worker/tsconfig.json',
  'pipeline/tsconfig.json',
];
const SYSTEM_CHROMIUM = '/usr/bin/chromium';

/** What tests run against, as Debian packages it: the package, and what is there where it is installed. */
const SYSTEM_PACKAGES = [
  { name: 'chromium', installed: () => existsSync(SYSTEM_CHROMIUM) },
  { name: 'postgresql', installed: () => existsSync('/usr/lib/postgresql') },
  { name: 'redis-server', installed: () => existsSync('/usr/bin/redis-server') },
];

/**
 * Sees to it that there are a browser and real stores: the system's, else their packages. Where those cannot be had, the browser is
 * Playwright's own download, and the tests that need a real Postgres or Redis say that they are skipped.
 */
async function systemPackages() {
  const missing = SYSTEM_PACKAGES.filter(({ installed }) => !installed()).map(({ name }) => name);
  if (missing.length > 0 && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    try {
      await run('Listing system packages (apt-get update)', 'apt-get', ['update', '-q']);
      await run(`Installing ${missing.join(', ')} (apt-get install)`, 'apt-get', ['install', '-y', '-q', ...missing], {
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      });
    } catch (error) {
      console.error(`${error.message} Going on without.`);
    }
  }
  if (existsSync(SYSTEM_CHROMIUM)) return;
  await runInstalled('Installing Chromium (playwright install)', 'playwright/cli.js', ['install', 'chromium']);
}

const types = (config) => runInstalled(`Types (tsc, ${config})`, 'typescript/bin/tsc', ['--noEmit', '-p', config]);

/** Checks what can be checked without running anything, on two cores: the compiler uses one. All of it, whatever fails first. */
async function checkSources() {
  const others = async () => {
    for (const config of TSCONFIGS) await types(config);
    await runInstalled('Lint and format (biome)', '@biomejs/biome/bin/biome', ['check']);
    await runInstalled('Import boundaries (depcruise)', 'dependency-cruiser/bin/dependency-cruise.mjs', ['.']);
  };
  const failure = (await Promise.allSettled([types(LARGEST_TSCONFIG), others()])).find(({ reason }) => reason);
  if (failure) throw failure.reason;
}

/** Counts of both test runners, read from their JSON reports; what never ran counts nothing. */
function counts(unitReport, browserReport) {
  const read = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined);
  const unit = read(unitReport);
  const inBrowser = read(browserReport)?.stats;
  return {
    passed: (unit?.numPassedTests ?? 0) + (inBrowser?.expected ?? 0),
    // A test that passes only when tried again is a failing one.
    failed: (unit?.numFailedTests ?? 0) + (inBrowser?.unexpected ?? 0) + (inBrowser?.flaky ?? 0),
  };
}

await main(async () => {
  const reports = mkdtempSync(join(tmpdir(), 'inkpick-test-'));
  const unitReport = join(reports, 'vitest.json');
  const browserReport = join(reports, 'playwright.json');
  try {
    await install();
    await systemPackages();
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
    const { passed, failed } = counts(unitReport, browserReport);
    // After the reason for a failure, which `main` prints once this function has ended.
    process.on('exit', () => console.log(`\n${passed} passed, ${failed} failed`));
    rmSync(reports, { recursive: true });
  }
});
