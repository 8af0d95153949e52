import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillFirstList, type Sources } from './fill';
import type { Level } from './levels';
import { type Candidate, quotas, SLOTS } from './mix';

interface Item extends Candidate {
  level: Level;
}

const NONE: ReadonlySet<string> = new Set();
const item = (id: string, level: Level): Item => ({ id, level, popularity: 1 });
const many = (level: Level, count: number, prefix: string = level) =>
  Array.from({ length: count }, (_, i) => item(`${prefix}${i}`, level));
const nothing: Sources<Item> = {
  taste: () => [],
  interests: () => [],
  crowd: () => [],
  prior: () => [],
  explore: () => [],
};
const plenty: Sources<Item> = {
  taste: () => many('taste', 50),
  interests: () => [many('interests', 30, 'a'), many('interests', 30, 'b')],
  crowd: async () => many('segment', 50),
  prior: () => many('prior', 50),
  explore: () => many('prior', 50, 'e'),
};
const never = () => expect.unreachable();
const options = (size: number, excluded = NONE) => ({ size, seed: 'seed', excluded });
const levelsOf = (list: readonly { level: Level }[]) => [...new Set(list.map(({ level }) => level))];

/** Few different ids, so that the levels overlap. */
const listOf = (level: Level) =>
  fc.array(fc.nat(40), { maxLength: 30 }).map((ids) => ids.map((id) => item(String(id), level)));
const failing = Symbol('throws');
const orFailing = <T>(list: fc.Arbitrary<T>) => fc.oneof({ weight: 3, arbitrary: list }, fc.constant(failing));
const anyOffers = fc.record({
  taste: orFailing(listOf('taste')),
  interests: orFailing(fc.array(listOf('interests'), { maxLength: 5 })),
  crowd: orFailing(listOf('segment')),
  prior: orFailing(listOf('prior')),
  explore: orFailing(listOf('prior')),
});

describe('the first list', () => {
  it('is as full as the sources that did not fail allow, each item once and with its level', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyOffers,
        fc.integer({ min: 1, max: 30 }),
        fc.array(fc.nat(40).map(String), { maxLength: 10 }),
        async (offers, size, banned) => {
          const excluded = new Set(banned);
          const sources = Object.fromEntries(
            Object.entries(offers).map(([name, offer]) => [
              name,
              // A source throws or rejects.
              name === 'crowd'
                ? () => (offer === failing ? Promise.reject(new Error(name)) : Promise.resolve(offer))
                : () => {
                    if (offer === failing) throw new Error(name);
                    return offer;
                  },
            ]),
          ) as unknown as Sources<Item>;
          const failed: string[] = [];
          const list = await fillFirstList(sources, options(size, excluded), (source) => failed.push(source));

          const offered = Object.values(offers).flatMap((offer) => (offer === failing ? [] : (offer as Item[]).flat()));
          const free = offered.filter(({ id }) => !excluded.has(id));
          expect(list).toHaveLength(Math.min(size, new Set(free.map(({ id }) => id)).size));
          expect(new Set(list.map(({ id }) => id)).size).toBe(list.length);
          for (const { id, level } of list) expect(free.some((one) => one.id === id && one.level === level)).toBe(true);
          // Failures of sources that were read are reported.
          for (const name of failed) expect(offers[name as keyof typeof offers]).toBe(failing);
          if (offers.taste === failing) expect(failed).toContain('taste');
          if (offers.crowd === failing && list.some(({ level }) => level !== 'taste'))
            expect(failed).toContain('crowd');
        },
      ),
    );
  });

  it('is all from taste if that is enough, and then reads no other source', async () => {
    const list = await fillFirstList(
      { taste: plenty.taste, interests: never, crowd: never, prior: never, explore: never },
      options(20),
      never,
    );
    expect(list.map(({ id }) => id)).toEqual(many('taste', 20).map(({ id }) => id));
    expect(new Set(list.map(({ slot }) => slot))).toEqual(new Set(['interest']));
  });

  it('puts taste first, and fills the rest with the mix of the others', async () => {
    const list = await fillFirstList({ ...plenty, taste: () => many('taste', 10) }, options(30), never);
    expect(levelsOf(list.slice(0, 10))).toEqual(['taste']);
    const rest = list.slice(10);
    for (const slot of SLOTS) expect(rest.filter((one) => one.slot === slot)).toHaveLength(quotas(20)[slot]);
  });

  it('reads the prior only if the crowd has too few items', async () => {
    const sources = { ...nothing, crowd: () => many('popular', 20), prior: never };
    expect(levelsOf(await fillFirstList(sources, options(10), never))).toEqual(['popular']);
  });

  it('uses the prior if the crowd has too few items', async () => {
    const list = await fillFirstList(
      { ...nothing, crowd: () => many('popular', 3), prior: () => many('prior', 9) },
      options(10),
      never,
    );
    expect(list.map(({ level }) => level)).toEqual([...Array(3).fill('popular'), ...Array(7).fill('prior')]);
  });
});
