import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A real server for tests, with its own folder and a free port. */
export interface Service {
  /** Stays the same over stop and start. */
  readonly url: string;
  /**
   * Ends the server and waits; its data stay. `SIGKILL` simulates a crash.
   *
   * @param signal by default the one for a fast and clean shutdown
   */
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Starts the server again with its data, and waits until it accepts connections. */
  start(): Promise<void>;
  /** Suspends the process, as if the network were cut, until it is resumed. */
  pause(): void;
  resume(): void;
  /** Stops the server and removes its data. */
  remove(): Promise<void>;
}

/** Where Debian and its derivatives install each version of Postgres. */
const POSTGRES_VERSIONS = '/usr/lib/postgresql';
const REDIS_SERVER = '/usr/bin/redis-server';
/** Part of util-linux: kills a program when its parent process ends, for whatever reason. */
const SETPRIV = '/usr/bin/setpriv';
/** Attempts to start: after a crash, remains of the old process may still be shutting down. */
const MAX_ATTEMPTS = 20;
const RETRY_DELAY_MS = 100;
const MAX_OUTPUT_LENGTH = 4000;

/** The folder with `initdb` and `postgres` of the newest installed version; undefined without one. */
export function postgresPrograms(): string | undefined {
  if (!existsSync(POSTGRES_VERSIONS)) return undefined;
  return readdirSync(POSTGRES_VERSIONS)
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(POSTGRES_VERSIONS, version, 'bin'))
    .find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')));
}

/** The path of the Redis server; undefined where it is not installed. */
export const redisProgram = (): string | undefined => (existsSync(REDIS_SERVER) ? REDIS_SERVER : undefined);

const pause = () => new Promise((resolve) => setTimeout(resolve, RETRY_DELAY_MS));

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

interface Program {
  command: string;
  args: string[];
  /** The user to run as, where it is another one. */
  user?: { uid: number; gid: number };
  /** Matches the output once it accepts connections. */
  ready: RegExp;
  /** The signal for a fast and clean shutdown. */
  shutdownSignal: NodeJS.Signals;
  folder: string;
  url: string;
}

/** Resolves once the program reports that it is ready; rejects with its last output if it ends before. */
function launch({ command, args, user, ready, folder }: Program): Promise<ChildProcess> {
  return new Promise((resolve, reject) => {
    const wrapper = existsSync(SETPRIV) ? [SETPRIV, '--pdeathsig', 'KILL'] : [];
    const [program, ...allArgs] = [...wrapper, command, ...args];
    const child = spawn(program, allArgs, {
      cwd: folder,
      ...user,
      env: { ...process.env, LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const onOutput = (chunk: Buffer) => {
      output = (output + chunk).slice(-MAX_OUTPUT_LENGTH);
      if (ready.test(output)) resolve(child);
    };
    child.stdout.on('data', onOutput);
    child.stderr.on('data', onOutput);
    child.on('error', reject);
    child.on('exit', () => reject(new Error(`${command} did not start:\n${output}`)));
    // A test run that is killed has no time for a clean shutdown, and must leave nothing running.
    const end = () => child.kill('SIGKILL');
    process.on('exit', end);
    child.on('exit', () => process.off('exit', end));
  });
}

async function serve(program: Program): Promise<Service> {
  const { url, folder, shutdownSignal } = program;
  let child: ChildProcess | undefined;
  const start = async () => {
    for (let attempt = 1; !child; attempt++) {
      try {
        child = await launch(program);
      } catch (error) {
        if (attempt === MAX_ATTEMPTS) throw error;
        await pause();
      }
    }
  };
  const stop = async (signal: NodeJS.Signals = shutdownSignal) => {
    if (!child) return;
    const ending = child;
    child = undefined;
    const ended = new Promise((resolve) => ending.once('exit', resolve));
    if (ending.exitCode === null && ending.signalCode === null) {
      ending.kill(signal);
      await ended;
    }
  };
  const sweep = () => rmSync(folder, { recursive: true, force: true });
  process.on('exit', sweep);
  await start();
  return {
    url,
    start,
    stop,
    pause: () => void child?.kill('SIGSTOP'),
    resume: () => void child?.kill('SIGCONT'),
    remove: async () => {
      await stop();
      // Child processes of a killed server may still be writing.
      await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: RETRY_DELAY_MS });
      process.off('exit', sweep);
    },
  };
}

/** Postgres refuses to run as root; its package creates a user for it. */
function postgresUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (kind: string) => Number(execFileSync('id', [kind, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/**
 * Starts an empty Postgres.
 *
 * @param options.durable whether commits reach the disk: slow, and needed only by tests that crash it
 */
export async function startPostgres({ durable = false } = {}): Promise<Service> {
  const programs = postgresPrograms();
  if (!programs) throw new Error(`Postgres is not installed: no initdb below ${POSTGRES_VERSIONS}.`);
  const user = postgresUser();
  const folder = await mkdtemp(join(tmpdir(), 'inkpick-postgres-'));
  if (user) await chown(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  await promisify(execFile)(
    join(programs, 'initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync', '--no-instructions'],
    { cwd: folder, ...user },
  );
  const port = await freePort();
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: folder,
    ...(!durable && { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  return serve({
    command: join(programs, 'postgres'),
    args: [
      '-D',
      data,
      '-p',
      String(port),
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    user,
    ready: /database system is ready to accept connections/,
    shutdownSignal: 'SIGINT',
    folder,
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
  });
}

/**
 * Starts an empty Redis without persistence.
 *
 * @param options.cluster makes it a node of a cluster, which serves once it has slots
 */
export async function startRedis({ cluster = false } = {}): Promise<Service> {
  const command = redisProgram();
  if (!command) throw new Error(`Redis is not installed: there is no ${REDIS_SERVER}.`);
  const folder = await mkdtemp(join(tmpdir(), 'inkpick-redis-'));
  const port = await freePort();
  const settings = {
    port: String(port),
    bind: '127.0.0.1',
    save: '',
    appendonly: 'no',
    dir: folder,
    // By default the cluster port is 10,000 higher, which may exceed the highest port.
    ...(cluster && { 'cluster-enabled': 'yes', 'cluster-port': String(await freePort()) }),
  };
  return serve({
    command,
    args: Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
    ready: /Ready to accept connections/,
    shutdownSignal: 'SIGTERM',
    folder,
    url: `redis://127.0.0.1:${port}`,
  });
}
