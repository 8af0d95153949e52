import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FolderInUseError, lockFolder } from './folder-lock';

/** Short times, so that no test takes seconds. */
const QUICK = { heartbeatMs: 10, staleTimeoutMs: 400 };
/** Another machine or container. */
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

/** Starts a process of this machine and writes a lock file in its name. */
async function lockedBy(end: (child: ReturnType<typeof spawn>) => Promise<void> | void) {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  // The place of this machine, as this process writes it.
  const release = await take();
  const [, place] = ownerOf();
  release();
  writeFileSync(lock, `${child.pid}\n${place}\nits own`);
  await end(child);
  return child;
}

describe('the lock of a folder', () => {
  it('is taken, released, and leaves nothing behind', async () => {
    const release = await take();
    expect(ownerOf()[0]).toBe(String(process.pid));
    release();
    expect(await readdir(folder)).toEqual([]);
    await take();
    expect(await readdir(folder)).toEqual(['inkpick.lock']);
  });

  it('is refused at once to a second process of the machine, naming the first', async () => {
    const child = await lockedBy(() => {});
    try {
      await expect(lockFolder(folder, { ...QUICK, staleTimeoutMs: 1e9 })).rejects.toThrow(
        `in use by process ${child.pid}.`,
      );
      expect(ownerOf()[0]).toBe(String(child.pid));
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('is taken over at once from a killed process of the machine', async () => {
    await lockedBy(async (child) => {
      child.kill('SIGKILL');
      await once(child, 'exit');
    });
    await take({ staleTimeoutMs: 1e9 });
    expect(ownerOf()[0]).toBe(String(process.pid));
  });

  it('of another machine holds while it is touched, whatever the clock there', async () => {
    for (const clock of [0, Date.UTC(2040, 0, 1)]) {
      writeFileSync(lock, '1\nelsewhere its-boot its-processes\nits own');
      let at = clock / 1000;
      const heartbeat = setInterval(() => utimesSync(lock, at, ++at), 10);
      try {
        await expect(lockFolder(folder, QUICK)).rejects.toThrow(FolderInUseError);
        await expect(lockFolder(folder, QUICK)).rejects.toThrow(/another machine, or container, elsewhere/);
      } finally {
        clearInterval(heartbeat);
      }
      expect(ownerOf()).toEqual(['1', 'elsewhere its-boot its-processes']);
    }
    expect(await readdir(folder)).toEqual(['inkpick.lock']);
  });

  it('of another machine is stale when it is no longer touched, even with our own process id', async () => {
    writeFileSync(lock, `${process.pid}\nelsewhere its-boot its-processes\nits own`);
    // Just written, and never touched again: a container that was killed a moment ago.
    await take();
    expect(ownerOf()).not.toContain('elsewhere its-boot its-processes');
  });

  it('is touched by its owner, so that no other machine takes it', async () => {
    const release = await take(ELSEWHERE);
    await expect(lockFolder(folder, QUICK)).rejects.toThrow(FolderInUseError);
    release();
    await take();
  });

  it('goes to one of several processes that wait for the same stale lock', async () => {
    writeFileSync(lock, '1\nlong-gone\nits own');
    const places = ['a', 'b', 'c'].map((place) => ({ ...QUICK, place }));
    const outcomes = await Promise.allSettled(places.map((options) => take(options)));
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(FolderInUseError);
    }
    expect(await readdir(folder)).toEqual(['inkpick.lock']);
  });

  it('notifies an owner whose heartbeat stopped that another process has it, and stays theirs', async () => {
    const onLost = vi.fn();
    const release = await take({ onLost });
    // As if another machine had taken the folder while this one was suspended.
    writeFileSync(lock, '1\nelsewhere its-boot its-processes\nits own');
    await vi.waitFor(() => expect(onLost).toHaveBeenCalled());
    release();
    expect(existsSync(lock)).toBe(true);
  });

  it('is not removed by an earlier owner in this process that releases it late', async () => {
    const before = await take();
    const onLost = vi.fn();
    await take({ onLost });
    before();
    expect(ownerOf()[0]).toBe(String(process.pid));
    expect(onLost).not.toHaveBeenCalled();
  });
});
