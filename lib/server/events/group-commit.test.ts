import { describe, expect, it } from 'vitest';
import { GroupCommit } from './group-commit';

/** Records the groups written; a group with `bad` is refused as a whole, as in a transaction. */
function groups(concernsAll: (error: unknown) => boolean = () => false) {
  const written: string[][] = [];
  const commit = new GroupCommit<string, string>(
    async (entries) => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      if (entries.includes('bad')) throw new Error('cannot be written');
      written.push(entries);
      return entries.map((entry) => `${entry}!`);
    },
    3,
    concernsAll,
  );
  return { commit, written };
}

describe('GroupCommit', () => {
  it('writes entries that arrive during a write together, up to the maximum', async () => {
    const { commit, written } = groups();
    expect(await Promise.all(['a', 'b', 'c', 'd', 'e'].map((entry) => commit.add(entry)))).toEqual([
      'a!',
      'b!',
      'c!',
      'd!',
      'e!',
    ]);
    expect(written).toEqual([['a'], ['b', 'c', 'd'], ['e']]);
  });

  it('refuses an entry that cannot be written, but not the others of its group', async () => {
    const { commit, written } = groups();
    const results = await Promise.allSettled(['a', 'b', 'bad', 'c', 'd'].map((entry) => commit.add(entry)));
    expect(results.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
    ]);
    expect(written).toEqual([['a'], ['b'], ['c'], ['d']]);
  });

  it('does not write one by one when nothing can be written', async () => {
    const { commit, written } = groups(() => true);
    const results = await Promise.allSettled(['a', 'b', 'bad', 'c'].map((entry) => commit.add(entry)));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'rejected']);
    expect(written).toEqual([['a']]);
  });
});
