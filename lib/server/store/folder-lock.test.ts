import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FolderInUseError, lockFolder } from './folder-lock';

/** So that no test waits for seconds. */
const QUICK = { beatMilliseconds: 10, patienceMilliseconds: 400 };
/** A machine or container that is not this one. */
const ELSEWHERE = { ...QUICK, place: 'elsewhere its-boot its-processes' };

let folder: string;
let lock: string;
const releases: (() => void)[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'inkpick-lock-'));
  lock = join(folder, 'inkpick.lock');
});
afterEach(async () => {
  for (const release of releases.splice(0)) release();
  await rm(folder, { recursive: true, force: true });
});

const take = async (options = {}) => {
  const release = await lockFolder(folder, { ...QUICK, ...options });
  releases.push(release);
  return release;
};
const ownerOf = () => readFileSync(lock, 'utf8').split('\n').slice(0, 2);

/** A process of this machine, with a lock as it would leave it. */
async function lockedBy(end: (child: ReturnType<typeof spawn>) => Promise<void> | void) {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  // Where process numbers mean what they mean here, as this process says of itself.
  const release = await take();
  const [, place] = ownerOf();
  release();
  writeFileSync(lock, `${child.pid}\n${place}\nits own`);
  await end(child);
  return child;
}

describe('the lock of a folder', () => {
  it('is taken, given back, and leaves nothing behind', async () => {
    const release = await take();
    expect(ownerOf()[0]).toBe(String(process.pid));
    release();
    expect(await readdir(folder)).toEqual([]);
    await take();
    expect(await readdir(folder)).toEqual(['inkpick.lock']);
  });

  it('is refused at once to a second process of the machine, by the number of the first', async () => {
    const child = await lockedBy(() => {});
    try {
      await expect(lockFolder(folder, { ...QUICK, patienceMilliseconds: 1e9 })).rejects.toThrow(
        `in use by process ${child.pid}.`,
      );
      expect(ownerOf()[0]).toBe(String(child.pid));
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('is taken over at once from a process of the machine that was killed', async () => {
    await lockedBy(async (child) => {
      child.kill('SIGKILL');
      await once(child, 'exit');
    });
    await take({ patienceMilliseconds: 1e9 });
    expect(ownerOf()[0]).toBe(String(process.pid));
  });

  it('of another machine holds for as long as it is touched, whatever the clock there says', async () => {
    for (const clock of [0, Date.UTC(2040, 0, 1)]) {
      writeFileSync(lock, '1\nelsewhere its-boot its-processes\nits own');
      let at = clock / 1000;
      const beats = setInterval(() => utimesSync(lock, at, ++at), 10);
      try {
        await expect(lockFolder(folder, QUICK)).rejects.toThrow(FolderInUseError);
        await expect(lockFolder(folder, QUICK)).rejects.toThrow(/another machine, or container, elsewhere/);
      } finally {
        clearInterval(beats);
      }
      expect(ownerOf()).toEqual(['1', 'elsewhere its-boot its-processes']);
    }
    expect(await readdir(folder)).toEqual(['inkpick.lock']);
  });

  it('of another machine is a leftover when it is not touched any more, also with our own process number', async () => {
    writeFileSync(lock, `${process.pid}\nelsewhere its-boot its-processes\nits own`);
    // Touched a moment ago by the clock, and not again: a container that was killed just now.
    await take();
    expect(ownerOf()).not.toContain('elsewhere its-boot its-processes');
  });

  it('is touched by its holder, so that no other machine takes it', async () => {
    const release = await take(ELSEWHERE);
    await expect(lockFolder(folder, QUICK)).rejects.toThrow(FolderInUseError);
    release();
    await take();
  });

  it('goes to one of several who wait for the same leftover', async () => {
    writeFileSync(lock, '1\nlong-gone\nits own');
    const places = ['a', 'b', 'c'].map((place) => ({ ...QUICK, place }));
    const outcomes = await Promise.allSettled(places.map((options) => take(options)));
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(FolderInUseError);
    }
    expect(await readdir(folder)).toEqual(['inkpick.lock']);
  });

  it('tells whoever was not heard of that another has it, and leaves it to them', async () => {
    const onLost = vi.fn();
    const release = await take({ onLost });
    // As a machine would find it that took the folder while this one was asleep.
    writeFileSync(lock, '1\nelsewhere its-boot its-processes\nits own');
    await vi.waitFor(() => expect(onLost).toHaveBeenCalled());
    release();
    expect(existsSync(lock)).toBe(true);
  });

  it('is not taken away by a holder of this process that lets go late', async () => {
    const before = await take();
    const onLost = vi.fn();
    await take({ onLost });
    before();
    expect(ownerOf()[0]).toBe(String(process.pid));
    expect(onLost).not.toHaveBeenCalled();
  });
});
