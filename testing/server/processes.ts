import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A real server, run for tests in a folder of its own and on a port that nobody else listens on. */
export interface Service {
  /** Stays the same when it is stopped and started again. */
  readonly url: string;
  /**
   * Ends it and waits for that; its data stay. `SIGKILL` is how it would crash.
   *
   * @param signal by default the one that ends it in good order, at once
   */
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Starts it again, with the data it had, and waits until it takes connections. */
  start(): Promise<void>;
  /** Has it hear and say nothing, as when the network is cut, until it is resumed. */
  pause(): void;
  resume(): void;
  /** Stops it and removes its data. */
  remove(): Promise<void>;
}

/** Where Debian and its kin have the programs of each version of Postgres. */
const POSTGRES_VERSIONS = '/usr/lib/postgresql';
const REDIS_SERVER = '/usr/bin/redis-server';
/** Of util-linux: has a program killed when whoever started it is gone, however that came. */
const SETPRIV = '/usr/bin/setpriv';
/** How often a start is tried: after a crash, what is left of the process before may still be on its way out. */
const ATTEMPTS = 20;
const PAUSE_MILLISECONDS = 100;
const MOST_OUTPUT = 4000;

/** The folder with `initdb` and `postgres` of the newest version there is; undefined where there is none. */
export function postgresPrograms(): string | undefined {
  if (!existsSync(POSTGRES_VERSIONS)) return undefined;
  return readdirSync(POSTGRES_VERSIONS)
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(POSTGRES_VERSIONS, version, 'bin'))
    .find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')));
}

/** The program of Redis; undefined where there is none. */
export const redisProgram = (): string | undefined => (existsSync(REDIS_SERVER) ? REDIS_SERVER : undefined);

const pause = () => new Promise((resolve) => setTimeout(resolve, PAUSE_MILLISECONDS));

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
  /** Whose rights it runs with, where not ours. */
  user?: { uid: number; gid: number };
  /** What it says once it takes connections. */
  ready: RegExp;
  /** Ends it at once and in good order. */
  end: NodeJS.Signals;
  folder: string;
  url: string;
}

/** Resolves once the program says that it is ready; rejects with its last words where it ends before. */
function launch({ command, args, user, ready, folder }: Program): Promise<ChildProcess> {
  return new Promise((resolve, reject) => {
    const leash = existsSync(SETPRIV) ? [SETPRIV, '--pdeathsig', 'KILL'] : [];
    const [program, ...words] = [...leash, command, ...args];
    const child = spawn(program, words, {
      cwd: folder,
      ...user,
      env: { ...process.env, LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const hear = (chunk: Buffer) => {
      output = (output + chunk).slice(-MOST_OUTPUT);
      if (ready.test(output)) resolve(child);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.on('error', reject);
    child.on('exit', () => reject(new Error(`${command} did not start:\n${output}`)));
    // A test run that is ended from outside has no time to wait, and must leave nothing running.
    const end = () => child.kill('SIGKILL');
    process.on('exit', end);
    child.on('exit', () => process.off('exit', end));
  });
}

async function serve(program: Program): Promise<Service> {
  const { url, folder, end } = program;
  let child: ChildProcess | undefined;
  const start = async () => {
    for (let attempt = 1; !child; attempt++) {
      try {
        child = await launch(program);
      } catch (error) {
        if (attempt === ATTEMPTS) throw error;
        await pause();
      }
    }
  };
  const stop = async (signal: NodeJS.Signals = end) => {
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
      // What a killed server leaves behind may be writing still.
      await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: PAUSE_MILLISECONDS });
      process.off('exit', sweep);
    },
  };
}

/** Postgres refuses to run as root; its package makes a user for it. */
function postgresUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (kind: string) => Number(execFileSync('id', [kind, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/**
 * Starts an empty Postgres.
 *
 * @param options.durable whether it writes to the disk what it says is written: slow, and of use only where it is to crash
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
    end: 'SIGINT',
    folder,
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
  });
}

/**
 * Starts an empty Redis, which keeps nothing when it ends.
 *
 * @param options.cluster makes it one of a cluster; it serves once it was given slots
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
    // The port by which its nodes talk is 10,000 higher, which may be beyond the last one.
    ...(cluster && { 'cluster-enabled': 'yes', 'cluster-port': String(await freePort()) }),
  };
  return serve({
    command,
    args: Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
    ready: /Ready to accept connections/,
    end: 'SIGTERM',
    folder,
    url: `redis://127.0.0.1:${port}`,
  });
}
