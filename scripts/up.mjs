// `npm run up` installs and builds what is missing, then serves: from a fresh clone to a running page.
import { createServer } from 'node:net';
import { buildIfNeeded, install, main, readPort, StepFailed } from './steps.mjs';

/** Rejects with `StepFailed` if the port cannot be used. Checked before a build, which takes minutes. */
function requireFreePort(port) {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error) => {
      const another = port === 3001 ? 3002 : 3001;
      const reason = {
        EADDRINUSE: `Port ${port} is used by another program. Stop it, or choose another port: PORT=${another} npm run up`,
        EACCES: `Port ${port} needs root. Choose a port above 1023: PORT=${another} npm run up`,
      };
      reject(new StepFailed(reason[error.code] ?? `Port ${port} cannot be used (${error.message}).`));
    });
    probe.listen(port, () => probe.close(() => resolve()));
  });
}

/** Prints which catalogs are loaded. */
function reportDomains({ domains = {}, error }) {
  if (error) console.log(`  ${error.message} (${error.code})`);
  for (const [name, { state, items, error: reason }] of Object.entries(domains)) {
    console.log(`  ${name}: ${reason ? `${state} (${reason})` : `${state}, ${items.toLocaleString('en-GB')} items`}`);
  }
}

await main(async () => {
  const port = readPort();
  await requireFreePort(port);
  await install();
  await buildIfNeeded();
  console.log('\n▸ Starting');
  // Imported late, since Next may have been installed just now.
  const { serve } = await import('./serve.mjs');
  reportDomains(await serve(port));
  console.log(`\nInkpick is at http://localhost:${port}  (Ctrl+C ends it)`);
});
