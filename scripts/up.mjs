// `npm run up`: from a fresh clone to a running page. Installs and builds what is missing, then serves.
import { createServer } from 'node:net';
import { buildIfNeeded, install, main, readPort, StepFailed } from './steps.mjs';

/** Throws unless the port can be listened on: better said now than after minutes of building. */
function requireFree(port) {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error) => {
      const another = port === 3001 ? 3002 : 3001;
      const reason = {
        EADDRINUSE: `Port ${port} is taken by another program. End that one, or choose another port: PORT=${another} npm run up`,
        EACCES: `Port ${port} needs more rights than this user has. Choose one above 1023: PORT=${another} npm run up`,
      };
      reject(new StepFailed(reason[error.code] ?? `Port ${port} cannot be used (${error.message}).`));
    });
    probe.listen(port, () => probe.close(() => resolve()));
  });
}

/** Says how loading the catalogs went. */
function tell({ domains = {}, error }) {
  if (error) console.log(`  ${error.message} (${error.code})`);
  for (const [name, { state, items, error: reason }] of Object.entries(domains)) {
    console.log(`  ${name}: ${reason ? `${state} (${reason})` : `${state}, ${items.toLocaleString('en-GB')} items`}`);
  }
}

await main(async () => {
  const port = readPort();
  await requireFree(port);
  await install();
  await buildIfNeeded();
  console.log('\n▸ Starting');
  // Not before: Next may only just have been installed.
  const { serve } = await import('./serve.mjs');
  tell(await serve(port));
  console.log(`\nInkpick is at http://localhost:${port}  (Ctrl+C ends it)`);
});
