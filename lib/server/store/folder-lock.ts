import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, readlinkSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const NAME = 'inkpick.lock';

/** A folder that another living process holds. */
export class FolderInUseError extends Error {}

interface Options {
  /** Where process numbers mean what they mean here. */
  place?: string;
  /** A holder touches its lock this often, … */
  beatMilliseconds?: number;
  /** … and one from elsewhere that has not been touched for so long is a leftover. */
  patienceMilliseconds?: number;
  /** Told that another process has taken the folder while this one was not heard of. */
  onLost?: () => void;
}

const BEAT_MILLISECONDS = 2_000;
/** Five beats: a machine may be busy. */
const PATIENCE_MILLISECONDS = 10_000;
/** In this many looks. */
const LOOKS = 40;
const ATTEMPTS = 3;

/** What Linux says of itself; nothing elsewhere. */
function ofLinux(read: () => string): string {
  try {
    return read().trim();
  } catch {
    return '';
  }
}

/**
 * Names this start of this machine and, of Linux, the namespace of process numbers that this process is in: two containers may have the
 * same host name, and each has a process 1.
 */
const placeHere = (): string =>
  [
    hostname(),
    ofLinux(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')),
    ofLinux(() => readlinkSync('/proc/self/ns/pid')),
  ].join(' ');

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is one, too.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** A lock as it was found. */
interface Lock {
  /** Of the process that took it, its place, and a text of its own for each time it is taken. */
  text: string;
  /** When it was last touched, by the clock of whoever did. */
  touchedAt: number;
}

/** The lock that is there; undefined where there is none. */
function look(file: string): Lock | undefined {
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

/** Makes the lock, whole and at once; false where one is there. */
function create(file: string, text: string): boolean {
  const draft = `${file}.${randomUUID()}`;
  writeFileSync(draft, text);
  try {
    // Atomic, and fails where the lock is there: unlike a rename, and unlike creating the file and then writing it.
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
 * Whether a lock of another place is touched while one looks on. Clocks of two machines may differ by any amount, and so it is not asked
 * how old the lock is.
 */
async function isTouched(file: string, found: Lock, patience: number): Promise<boolean> {
  for (let i = 0; i < LOOKS; i++) {
    await sleep(patience / LOOKS);
    const now = look(file);
    if (now?.text !== found.text) return false;
    if (now.touchedAt !== found.touchedAt) return true;
  }
  return false;
}

/** Removes a lock that was found to be a leftover, unless somebody has taken the folder since. */
function removeLeftover(file: string, { text }: Lock): void {
  const aside = `${file}.${randomUUID()}`;
  try {
    // Of several processes who try, one has it.
    renameSync(file, aside);
    if (look(aside)?.text !== text) linkSync(aside, file);
  } catch (error) {
    if (!['ENOENT', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
  rmSync(aside, { force: true });
}

/** Whoever goes on writing to a folder that another process has destroys it. */
function end(): void {
  process.stderr.write(
    'Another process has taken the folder of the store, since this one was not heard of. It ends.\n',
  );
  process.exit(1);
}

/** Touches the lock until it is no longer this one's. Returns how to stop that. */
function keepTouching(file: string, text: string, milliseconds: number, onLost: () => void): () => void {
  const timer = setInterval(() => {
    try {
      const now = look(file);
      if (now?.text === text) return utimesSync(file, new Date(), new Date());
      if (!now) return;
      clearInterval(timer);
      const [owner, self] = [ownerOf(now.text), ownerOf(text)];
      // This process itself may have taken it anew.
      if (owner.pid !== self.pid || owner.place !== self.place) onLost();
    } catch {
      // A disk that cannot be reached now: the next beat may reach it.
    }
  }, milliseconds);
  timer.unref();
  return () => clearInterval(timer);
}

/**
 * Takes a folder for this process until the function returned is called, or the process ends, however it does. A leftover of this machine
 * is known by its process number and taken over at once; one of another machine, or container, after it was not touched for 10 seconds.
 *
 * @throws FolderInUseError where another process has it
 */
export async function lockFolder(
  folder: string,
  {
    place = placeHere(),
    beatMilliseconds = BEAT_MILLISECONDS,
    patienceMilliseconds = PATIENCE_MILLISECONDS,
    onLost = end,
  }: Options = {},
): Promise<() => void> {
  const file = join(folder, NAME);
  const text = `${process.pid}\n${place}\n${randomUUID()}`;
  const inUse = (by: string) =>
    new FolderInUseError(
      `The folder ${folder} is in use by ${by}. End that one, or give this one a folder of its own: INKPICK_DATA=…`,
    );
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (create(file, text)) {
      const stop = keepTouching(file, text, beatMilliseconds, onLost);
      return () => {
        stop();
        if (look(file)?.text === text) rmSync(file, { force: true });
      };
    }
    const found = look(file);
    if (!found) continue;
    const owner = ownerOf(found.text);
    if (owner.place === place) {
      // A container gives its processes the same few numbers every time: our own number is a leftover of the one before us.
      if (owner.pid !== process.pid && isAlive(owner.pid)) throw inUse(`process ${owner.pid}`);
    } else if (await isTouched(file, found, patienceMilliseconds)) {
      throw inUse(`process ${owner.pid} of another machine, or container, ${owner.place.split(' ')[0]}`);
    }
    if (look(file)?.text === found.text) removeLeftover(file, found);
  }
  throw new FolderInUseError(`The folder ${folder} is being taken by several processes at once.`);
}
