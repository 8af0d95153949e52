import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { readArtifactIndex } from '../lib/artifacts/node';
import { benchBrowser, launch } from './browser';
import { benchNode } from './node';
import { benchPage } from './page';
import { benchRecall } from './recall';

/**
 * `npm run bench [-- <domain> …]`: recommendations and search, in Node and in headless Chromium, for every domain or those
 * named. Seeded, warmed up; milliseconds of this machine, and ratios against a baseline of the same run. Wants a build.
 */
const PORT = 3107;
const project = fileURLToPath(new URL('..', import.meta.url));
const artifacts = `${project}/public/artifacts`;

const all = await readArtifactIndex(artifacts);
const domains = process.argv.length > 2 ? process.argv.slice(2) : all;
for (const domain of domains) {
  process.stdout.write(`${await benchNode(artifacts, domain)}\n`);
  process.stdout.write(`${await benchRecall(artifacts, domain)}\n`);
}

const base = `http://localhost:${PORT}`;
const server = spawn(process.execPath, ['scripts/start.mjs'], {
  cwd: project,
  env: { ...process.env, PORT: String(PORT), INKPICK_RATE_LIMIT: '0' },
  stdio: 'ignore',
});
try {
  await answering(base);
  const browser = await launch();
  for (const domain of domains) process.stdout.write(await benchPage(browser, base, domain));
  for (const domain of domains) process.stdout.write(`\n${await benchBrowser(browser, base, domain)}`);
  await browser.close();
} finally {
  server.kill();
  await once(server, 'exit');
}

/** Waits until the server answers. */
async function answering(address: string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    if (server.exitCode !== null) throw new Error('the server stopped; run `npm run build` first');
    const up = await fetch(`${address}/api/health/live`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (up) return;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  throw new Error(`no answer from ${address}`);
}
