import { describe, expect, it } from 'vitest';
import { domainConfigSchema } from '../../lib/contracts/domain-folder';
import { Engine } from '../../lib/engine/engine';
import { tinyConfig, tinyItems } from '../../testing/tiny-domain';
import { type DomainFolder, RowProblems } from '../domain-folder/read';
import { silentProgress } from '../io/progress';
import { trainEngine } from '../train/train-engine';
import { makeColdSplit, splitUsers } from './split';

const USERS = 60;
const OF_ONE_USER = 40;

/** Every user likes 10 items of one parity, and one item that no other user likes. */
function folder(): DomainFolder {
  const rows = Array.from({ length: USERS }, (_, user) => [
    ...Array.from({ length: 10 }, (_, i) => 2 * ((3 * user + i) % 20) + (user % 2)),
    OF_ONE_USER + user,
  ]);
  return {
    config: domainConfigSchema.parse({
      id: 'd',
      label: 'D',
      item: { one: 'i', many: 'i' },
      fields: [{ name: 'genres', kind: 'tags', weight: 1 }],
      // Fixed, because the search for hyperparameters would take most of the test's time.
      training: tinyConfig.training,
    }),
    items: [
      ...tinyItems().slice(0, OF_ONE_USER),
      ...Array.from({ length: USERS }, (_, user) => ({ id: `only${user}`, title: `Only ${user}` })),
    ],
    interactions: {
      userIds: rows.map((_, user) => `u${user}`),
      users: Uint32Array.from(rows.flatMap((items, user) => items.map(() => user))),
      items: Uint32Array.from(rows.flat()),
      values: new Float32Array(rows.flat().length).fill(Number.NaN),
      // Only the first item of a user has a time.
      timestamps: Float64Array.from(rows.flatMap((items, user) => items.map((_, i) => (i === 0 ? user : Number.NaN)))),
    },
    related: [],
    problems: new RowProblems(),
  };
}

const split = splitUsers(folder(), 5);
const heldOut = [...split.test, ...split.validation];

describe('splitUsers', () => {
  it('holds out a tenth of the users for testing, and another for validation', () => {
    expect(split.test).toHaveLength(6);
    expect(split.validation).toHaveLength(6);
    expect(split.users.training.size).toBe(USERS - 12);
    expect(split.users.validation).toHaveLength(6);
    expect(split.users.validation.filter((user) => split.users.training.has(user))).toEqual([]);
  });

  it('hides a fifth of the items that a user likes and gives the rest', () => {
    for (const { history, hidden } of heldOut) {
      expect(hidden).toHaveLength(2);
      expect(history).toHaveLength(8);
      expect(new Set([...history.map(({ id }) => id), ...hidden]).size).toBe(10);
    }
  });

  it('keeps the timestamps of interactions that have one', () => {
    const { userIds, items: columns } = folder().interactions;
    for (const { history } of heldOut) {
      for (const { id, timestamp } of history) {
        if (timestamp === undefined) continue;
        // In this folder the time of a user's first item is the user's number.
        expect(userIds[timestamp]).toBeDefined();
        expect(id).toBe(folder().items[columns[11 * timestamp]].id);
      }
      expect(history.filter(({ timestamp }) => timestamp !== undefined).length).toBeLessThanOrEqual(1);
    }
    expect(heldOut.some(({ history }) => history.some(({ timestamp }) => timestamp !== undefined))).toBe(true);
  });

  it('keeps all interactions of held-out users out of the models', async () => {
    const options = { seed: 5, threads: 1, progress: silentProgress };
    const engine = new Engine(await trainEngine(folder(), split.users, options), () => performance.now());
    const popularity = folder().items.map(({ id }) => ({ id, count: engine.items([id])[0].popularity }));
    // Each of these has one user. If that user is held out, the item has no interactions.
    const alone = popularity.filter(({ id }) => id.startsWith('only'));
    expect(alone.filter(({ count }) => count === 1)).toHaveLength(USERS - 12);
    expect(alone.filter(({ count }) => count === 0)).toHaveLength(12);
    expect(popularity.reduce((sum, { count }) => sum + count, 0)).toBe((USERS - 12) * 11);
    expect(new Set(split.warm)).toEqual(new Set(popularity.filter(({ count }) => count > 0).map(({ id }) => id)));
    for (const { history, hidden } of heldOut) {
      expect([...history.map(({ id }) => id), ...hidden].filter((id) => id.startsWith('only'))).toEqual([]);
    }
  });

  it('gives the same split for the same seed, and another for another', () => {
    expect(splitUsers(folder(), 5)).toEqual(split);
    expect(splitUsers(folder(), 6).test).not.toEqual(split.test);
  });
});

describe('makeColdSplit', () => {
  const coldSplit = makeColdSplit(split, split.test, 9);

  it('makes a tenth of the warm items cold, the same for the same seed', () => {
    expect(coldSplit.coldItems.size).toBe(Math.floor(split.warm.length / 10));
    expect(split.warm).toEqual(expect.arrayContaining([...coldSplit.coldItems]));
    expect(makeColdSplit(split, split.test, 9)).toEqual(coldSplit);
    expect(makeColdSplit(split, split.test, 10).coldItems).not.toEqual(coldSplit.coldItems);
  });

  it('gives no cold item, and hides every cold item that the user likes', () => {
    expect(coldSplit.users).toHaveLength(split.test.length);
    coldSplit.users.forEach(({ history, hiddenWarm, hiddenCold }, i) => {
      const before = split.test[i];
      const liked = [...before.history.map(({ id }) => id), ...before.hidden];
      expect(history.filter(({ id }) => coldSplit.coldItems.has(id))).toEqual([]);
      expect(new Set(hiddenCold)).toEqual(new Set(liked.filter((id) => coldSplit.coldItems.has(id))));
      expect(hiddenWarm).toEqual(before.hidden.filter((id) => !coldSplit.coldItems.has(id)));
    });
    expect(coldSplit.users.some(({ hiddenCold }) => hiddenCold.length > 0)).toBe(true);
  });

  it('leaves out a user without any warm item in the history', () => {
    const users = [{ history: [{ id: 'a' }], hidden: ['b'] }];
    expect(makeColdSplit({ warm: Array(10).fill('a') }, users, 1).users).toEqual([]);
  });
});
