import { describe, expect, it } from 'vitest';
import { domainConfigSchema } from '../../lib/contracts/domain-folder';
import { Engine } from '../../lib/engine/engine';
import { tinyConfig, tinyItems } from '../../testing/tiny-domain';
import { type DomainFolder, RowProblems } from '../domain-folder/read';
import { silentProgress } from '../io/progress';
import { trainEngine } from '../train/train-engine';
import { makeCold, splitUsers } from './split';

const USERS = 60;
const OF_ONE_USER = 40;

/** Every user likes 10 items of one parity, and each likes one item that nobody else does. */
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
      // What is searched for is of no matter here, and would be most of the test's time.
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

  it('hides a fifth of what a user likes and gives the rest', () => {
    for (const { history, hidden } of heldOut) {
      expect(hidden).toHaveLength(2);
      expect(history).toHaveLength(8);
      expect(new Set([...history.map(({ id }) => id), ...hidden]).size).toBe(10);
    }
  });

  it('tells when an item was chosen, where that is known', () => {
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

  it('lets nothing that a held-out user did reach the models', async () => {
    const options = { seed: 5, threads: 1, progress: silentProgress };
    const engine = new Engine(await trainEngine(folder(), split.users, options), () => performance.now());
    const popularity = folder().items.map(({ id }) => ({ id, count: engine.items([id])[0].popularity }));
    // Each of these has one user; those of held-out users are as if nobody had chosen them.
    const alone = popularity.filter(({ id }) => id.startsWith('only'));
    expect(alone.filter(({ count }) => count === 1)).toHaveLength(USERS - 12);
    expect(alone.filter(({ count }) => count === 0)).toHaveLength(12);
    expect(popularity.reduce((sum, { count }) => sum + count, 0)).toBe((USERS - 12) * 11);
    expect(new Set(split.warm)).toEqual(new Set(popularity.filter(({ count }) => count > 0).map(({ id }) => id)));
    for (const { history, hidden } of heldOut) {
      expect([...history.map(({ id }) => id), ...hidden].filter((id) => id.startsWith('only'))).toEqual([]);
    }
  });

  it('splits alike for the same seed, and otherwise for another', () => {
    expect(splitUsers(folder(), 5)).toEqual(split);
    expect(splitUsers(folder(), 6).test).not.toEqual(split.test);
  });
});

describe('makeCold', () => {
  const trial = makeCold(split, split.test, 9);

  it('takes a tenth of the warm items, the same for the same seed', () => {
    expect(trial.coldItems.size).toBe(Math.floor(split.warm.length / 10));
    expect(split.warm).toEqual(expect.arrayContaining([...trial.coldItems]));
    expect(makeCold(split, split.test, 9)).toEqual(trial);
    expect(makeCold(split, split.test, 10).coldItems).not.toEqual(trial.coldItems);
  });

  it('gives no cold item, and asks for every one that the user likes', () => {
    expect(trial.users).toHaveLength(split.test.length);
    trial.users.forEach(({ history, hiddenWarm, hiddenCold }, i) => {
      const before = split.test[i];
      const liked = [...before.history.map(({ id }) => id), ...before.hidden];
      expect(history.filter(({ id }) => trial.coldItems.has(id))).toEqual([]);
      expect(new Set(hiddenCold)).toEqual(new Set(liked.filter((id) => trial.coldItems.has(id))));
      expect(hiddenWarm).toEqual(before.hidden.filter((id) => !trial.coldItems.has(id)));
    });
    expect(trial.users.some(({ hiddenCold }) => hiddenCold.length > 0)).toBe(true);
  });

  it('passes over a user who would have nothing left', () => {
    const users = [{ history: [{ id: 'a' }], hidden: ['b'] }];
    expect(makeCold({ warm: Array(10).fill('a') }, users, 1).users).toEqual([]);
  });
});
