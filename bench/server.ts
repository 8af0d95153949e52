import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface RunningServer {
  /** Such as `http://localhost:3221`. */
  base: string;
  process: ChildProcess;
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 60_000;
const POLL_MS = 200;

/**
 * Starts the production server on the build in `folder`, without a rate limit, and waits until every catalog is loaded.
 *
 * @throws Error if it ends or does not respond in time
 */
export async function startServer(folder: string, port: number): Promise<RunningServer> {
  // On disk like the default store, but in a temporary folder.
  const data = mkdtempSync(join(tmpdir(), 'inkpick-bench-'));
  const script = fileURLToPath(new URL('serve-here.mjs', import.meta.url));
  // With the flag of `npm start`.
  const server = spawn(process.execPath, ['--max-semi-space-size=64', script], {
    cwd: folder,
    env: { ...process.env, PORT: String(port), INKPICK_RATE_LIMIT: '0', INKPICK_DATA: data },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const base = `http://localhost:${port}`;
  const stop = async () => {
    if (server.exitCode === null) {
      server.kill();
      await once(server, 'exit');
    }
    rmSync(data, { recursive: true, force: true });
  };
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (performance.now() < deadline) {
    if (server.exitCode !== null)
      throw new Error(`the server in ${folder} ended; is there a build (\`npm run build\`), and is port ${port} free?`);
    const ready = await fetch(`${base}/api/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) return { base, process: server, stop };
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  await stop();
  throw new Error(`no response from ${base} in ${START_TIMEOUT_MS / 1000} s`);
}
