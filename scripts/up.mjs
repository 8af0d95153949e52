// `npm run up`: from a fresh clone to a running page. Installs and builds what is missing, then serves.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { buildIfNeeded, install, StepFailed, start } from './steps.mjs';

const DEFAULT_PORT = 3000;

function readPort() {
  const given = process.env.PORT || String(DEFAULT_PORT);
  const port = Number(given);
  if (/^\d+$/.test(given) && port >= 1 && port <= 65535) return port;
  throw new StepFailed(`PORT must be a number from 1 to 65535, not "${given}".`);
}

/** Throws unless the port can be listened on. */
function requireFree(port) {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error) => {
      const reason = {
        EADDRINUSE: `Port ${port} is taken by another program. End that one, or choose another port: PORT=${port === 65535 ? port - 1 : port + 1} npm run up`,
        EACCES: `Port ${port} needs more rights than this user has. Choose one above 1023: PORT=${DEFAULT_PORT} npm run up`,
      };
      reject(new StepFailed(reason[error.code] ?? `Port ${port} cannot be used (${error.message}).`));
    });
    probe.listen(port, () => probe.close(() => resolve()));
  });
}

/** Waits for the server and has it load every catalog, so that the first visitor finds it warm. */
async function announce(port, server) {
  const address = `http://localhost:${port}`;
  while (server.exitCode === null) {
    const response = await fetch(`http://127.0.0.1:${port}/api/health/ready`).catch(() => undefined);
    if (response) {
      const { domains = {}, error } = await response.json();
      if (error) console.log(`  ${error.message} (${error.code})`);
      for (const [name, { state, items, error: reason }] of Object.entries(domains)) {
        console.log(
          `  ${name}: ${reason ? `${state} (${reason})` : `${state}, ${items.toLocaleString('en-GB')} items`}`,
        );
      }
      console.log(`\nInkpick is at ${address}  (Ctrl+C ends it)`);
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

await start(async () => {
  const port = readPort();
  await requireFree(port);
  await install();
  await buildIfNeeded();
  console.log('\n▸ Starting');
  const next = join('node_modules', 'next', 'dist', 'bin', 'next');
  const server = spawn(process.execPath, [next, 'start', '--port', String(port)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => server.kill(signal));
  server.on('exit', (code, signal) => {
    process.exitCode = signal ? 0 : (code ?? 0);
  });
  await announce(port, server);
});
