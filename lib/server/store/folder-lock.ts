import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, readlinkSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const NAME = 'inkpick.lock';

/** Another running process has locked the folder. */
export class FolderInUseError extends Error {}

interface Options {
  /** Identifies the machine and its namespace of process ids: the same id is another process elsewhere. */
  place?: string;
  /** Interval at which the owner touches the lock file. */
  heartbeatMs?: number;
  /** A lock of another place that is not touched for this long is stale. */
  staleTimeoutMs?: number;
  /** Called when another process has taken the folder because this one's heartbeat stopped. */
  onLost?: () => void;
}

const HEARTBEAT_MS = 2_000;
/** Five heartbeats, since the machine may be busy. */
const STALE_TIMEOUT_MS = 10_000;
/** How often the lock is read during the timeout. */
const STALE_CHECKS = 40;
const MAX_ATTEMPTS = 3;

/** A text from Linux' `/proc`; empty on other systems. */
function readProc(read: () => string): string {
  try {
    return read().trim();
  } catch {
    return '';
  }
}

/**
 * Identifies this boot of this machine and, on Linux, the PID namespace of this process: two containers may have the
 * same host name, and each has a process 1.
 */
const placeHere = (): string =>
  [
    hostname(),
    readProc(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')),
    readProc(() => readlinkSync('/proc/self/ns/pid')),
  ].join(' ');

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: the process exists, and belongs to another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** The state of a lock file. */
interface Lock {
  /** Process id and place of the owner, and a random text that is new each time the lock is taken. */
  text: string;
  /** When it was last touched, in milliseconds by the owner's clock. */
  touchedAt: number;
}

/** Reads a lock file; undefined where there is none. */
function readLock(file: string): Lock | undefined {
  try {
    return { text: readFileSync(file, 'utf8'), touchedAt: statSync(file).mtimeMs };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

const ownerOf = (text: string) => {
  const [pid, place = ''] = text.split('\n');
  return { pid: Number(pid), place };
};

/** Creates the lock file atomically. Returns false where one exists. */
function create(file: string, text: string): boolean {
  const draft = `${file}.${randomUUID()}`;
  writeFileSync(draft, text);
  try {
    // A link is atomic and fails where the file exists. A rename would replace it, and writing a new file is not
    // atomic.
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(draft, { force: true });
  }
}

/**
 * Whether a lock of another place is touched within the timeout. Its age says nothing, since the clocks of two machines
 * may differ by any amount.
 */
async function isTouched(file: string, found: Lock, timeoutMs: number): Promise<boolean> {
  for (let i = 0; i < STALE_CHECKS; i++) {
    await sleep(timeoutMs / STALE_CHECKS);
    const now = readLock(file);
    if (now?.text !== found.text) return false;
    if (now.touchedAt !== found.touchedAt) return true;
  }
  return false;
}

/** Removes a stale lock, unless another process has taken the folder since. */
function removeStale(file: string, { text }: Lock): void {
  const aside = `${file}.${randomUUID()}`;
  try {
    // Of several processes that try, one succeeds.
    renameSync(file, aside);
    if (readLock(aside)?.text !== text) linkSync(aside, file);
  } catch (error) {
    if (!['ENOENT', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
  rmSync(aside, { force: true });
}

/** Ends the process: writing to a folder that another process has locked would corrupt it. */
function endProcess(): void {
  process.stderr.write(
    'Another process has taken the folder of the store, since the heartbeat of this one stopped. This process ends.\n',
  );
  process.exit(1);
}

/** Touches the lock until another process owns it. Returns a function that stops this. */
function keepTouching(file: string, text: string, milliseconds: number, onLost: () => void): () => void {
  const timer = setInterval(() => {
    try {
      const now = readLock(file);
      if (now?.text === text) return utimesSync(file, new Date(), new Date());
      if (!now) return;
      clearInterval(timer);
      const [owner, self] = [ownerOf(now.text), ownerOf(text)];
      // A newer lock of this same process is no loss.
      if (owner.pid !== self.pid || owner.place !== self.place) onLost();
    } catch {
      // The disk is unreachable: the next heartbeat may succeed.
    }
  }, milliseconds);
  timer.unref();
  return () => clearInterval(timer);
}

/**
 * Locks a folder for this process. A stale lock of this machine is recognised by its process id and replaced at once;
 * one of another machine, or container, after 10 seconds without a heartbeat. So a process that is killed leaves no
 * lock that has to be removed by hand.
 *
 * @returns a function that releases the lock
 * @throws FolderInUseError where another process has locked it
 */
export async function lockFolder(
  folder: string,
  {
    place = placeHere(),
    heartbeatMs = HEARTBEAT_MS,
    staleTimeoutMs = STALE_TIMEOUT_MS,
    onLost = endProcess,
  }: Options = {},
): Promise<() => void> {
  const file = join(folder, NAME);
  const text = `${process.pid}\n${place}\n${randomUUID()}`;
  const inUse = (by: string) =>
    new FolderInUseError(
      `The folder ${folder} is in use by ${by}. End that process, or set another folder for this one: INKPICK_DATA=…`,
    );
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    if (create(file, text)) {
      const stop = keepTouching(file, text, heartbeatMs, onLost);
      return () => {
        stop();
        if (readLock(file)?.text === text) rmSync(file, { force: true });
      };
    }
    const found = readLock(file);
    if (!found) continue;
    const owner = ownerOf(found.text);
    if (owner.place === place) {
      // Containers reuse the same few process ids: a lock with our own id is stale, from the process before us.
      if (owner.pid !== process.pid && isAlive(owner.pid)) throw inUse(`process ${owner.pid}`);
    } else if (await isTouched(file, found, staleTimeoutMs)) {
      throw inUse(`process ${owner.pid} of another machine, or container, ${owner.place.split(' ')[0]}`);
    }
    if (readLock(file)?.text === found.text) removeStale(file, found);
  }
  throw new FolderInUseError(`The folder ${folder} is being taken by several processes at once.`);
}
