import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

const NAME = 'inkpick.lock';

/** A folder that another living process holds. */
export class FolderInUseError extends Error {}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is one, too.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** Who holds the lock; undefined where its holder is gone, however it ended, or this process itself had it before a restart. */
function holder(file: string): number | undefined {
  try {
    const [pid, host] = readFileSync(file, 'utf8').split('\n');
    const number = Number(pid);
    const elsewhere = host !== hostname();
    // A container gives its processes the same few numbers every time: our own number is a leftover of the one before us.
    return !elsewhere && number !== process.pid && isAlive(number) ? number : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Takes a folder for this process until the function returned is called, or the process ends.
 *
 * @throws FolderInUseError where another process of this machine has it
 */
export function lockFolder(folder: string): () => void {
  const file = join(folder, NAME);
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${process.pid}\n${hostname()}`);
  try {
    for (let attempt = 0; attempt < 3; attempt++) {
      try {
        // Atomic, and fails where the lock is there: unlike a rename, and unlike creating the file and then writing it.
        linkSync(draft, file);
        return () => rmSync(file, { force: true });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        const pid = holder(file);
        if (pid !== undefined) {
          throw new FolderInUseError(
            `The folder ${folder} is in use by process ${pid}. End that one, or give this one a folder of its own: INKPICK_DATA=…`,
          );
        }
        rmSync(file, { force: true });
      }
    }
    throw new FolderInUseError(`The folder ${folder} is being taken by several processes at once.`);
  } finally {
    rmSync(draft, { force: true });
  }
}
