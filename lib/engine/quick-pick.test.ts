import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { newItem, tinyParts } from '../../testing/engine/tiny-engine';
import { TINY } from '../../testing/tiny-domain';
import type { Engine } from './engine';
import { chooseQuestions, entropy, likingProbability, type Question } from './quick-pick';

const RESOLUTION = 1 / 100;
const zeroSimilarity = () => 0;
const question = (row: number, popularity: number, affinity = 0): Question => ({ row, popularity, affinity });

describe('likingProbability', () => {
  it('is the popularity of the item where there is no personal score', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (popularity) => {
        expect(likingProbability(question(0, popularity), 1e-9)).toBeCloseTo(popularity, 6);
      }),
    );
  });

  it('rises with the personal score and stays within [0, 1]', () => {
    const affinity = fc.double({ min: -40, max: 40, noNaN: true });
    fc.assert(
      fc.property(affinity, affinity, fc.double({ min: 0, max: 1, noNaN: true }), (a, b, popularity) => {
        const [low, high] = [a, b]
          .toSorted((x, y) => x - y)
          .map((z) => likingProbability(question(0, popularity, z), RESOLUTION));
        expect(low).toBeLessThanOrEqual(high);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('entropy', () => {
  it('is one bit at p = 0.5 and 0 at certainty', () => {
    expect([0, 0.5, 1].map(entropy)).toEqual([0, 1, 0]);
    expect(entropy(0.1)).toBeCloseTo(entropy(0.9), 12);
  });
});

describe('chooseQuestions', () => {
  it('prefers neither items that all users choose nor items that few users know', () => {
    const questions = [question(0, 1), question(1, 0.5), question(2, 0.01)];
    expect(chooseQuestions(questions, RESOLUTION, [], 3, zeroSimilarity)[0]).toBe(1);
    expect(chooseQuestions(questions, RESOLUTION, [], 3, zeroSimilarity)).not.toEqual([0, 1, 2]);
  });

  it('prefers the more popular of two items of equal entropy', () => {
    expect(chooseQuestions([question(0, 0.3), question(1, 0.7)], 1e-9, [], 2, zeroSimilarity)).toEqual([1, 0]);
  });

  it('passes over items whose answer the personal score predicts', () => {
    const questions = [question(0, 0.5, 8), question(1, 0.45), question(2, 0.5, -8)];
    expect(chooseQuestions(questions, RESOLUTION, [], 1, zeroSimilarity)).toEqual([1]);
  });

  it('avoids items that are similar to earlier questions and to each other', () => {
    // Even rows are similar to each other, and so are odd ones.
    const parity = (a: number, b: number) => Number(a % 2 === b % 2);
    const questions = [question(0, 0.6), question(2, 0.59), question(4, 0.58), question(1, 0.4)];
    expect(chooseQuestions(questions, RESOLUTION, [], 2, parity)).toEqual([0, 1]);
    expect(chooseQuestions(questions, RESOLUTION, [6], 1, parity)).toEqual([1]);
  });

  it('returns distinct rows, as many as requested where there are enough', () => {
    const any = fc.uniqueArray(
      fc.tuple(fc.nat(400), fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: -9, max: 9, noNaN: true })),
      { selector: ([row]) => row, maxLength: 60 },
    );
    fc.assert(
      fc.property(any, fc.nat(70), (given, count) => {
        const questions = given.map(([row, popularity, affinity]) => ({ row, popularity, affinity }));
        const chosen = chooseQuestions(questions, RESOLUTION, [3], count, (a, b) => 1 / (1 + Math.abs(a - b)));
        expect(new Set(chosen).size).toBe(Math.min(count, questions.length));
        expect(chosen).toHaveLength(Math.min(count, questions.length));
        for (const row of chosen) expect(questions.some((candidate) => candidate.row === row)).toBe(true);
      }),
    );
  });
});

describe('Engine.askNext', () => {
  const NEW_IDS = ['n0', 'n1', 'n2', 'n3', 'n4'];
  const WITHDRAWN = 'n4';
  const id = fc.oneof(
    { weight: 6, arbitrary: fc.nat(TINY.items - 1).map((n) => `t${n}`) },
    { weight: 3, arbitrary: fc.constantFrom(...NEW_IDS) },
    { weight: 1, arbitrary: fc.constantFrom('gone', 'sku003') },
  );
  let engine: Engine;
  beforeAll(async () => {
    engine = (await tinyParts()).whole();
    engine.addItems(NEW_IDS.map((newId, i) => newItem(newId, i % 2 ? 'Odd' : 'Even')));
    engine.withdraw([WITHDRAWN]);
  });

  const likes = (...numbers: number[]) => numbers.map((n) => ({ id: `t${n}` }));
  const ask = (numbers: number[], value = 1, count = 6) =>
    engine.askNext({ answers: likes(...numbers).map((entry) => ({ ...entry, value })), count }).map((item) => item.id);
  const countEven = (ids: string[]) => ids.filter((name) => Number(name.slice(1)) % 2 === 0).length;

  it('starts with items of both tastes, but not with the most popular item', () => {
    const first = ask([]);
    expect(first).toHaveLength(6);
    expect(countEven(first)).toBeGreaterThan(0);
    expect(countEven(first)).toBeLessThan(6);
    expect(first[0]).not.toBe(engine.popular(1)[0].id);
  });

  it('depends on the answers', () => {
    expect(ask([4, 10, 16])).not.toEqual(ask([5, 11, 17]));
    expect(ask([4, 10, 16], -1)).not.toEqual(ask([4, 10, 16]));
    // An answer "don't know it" is no evidence, but the item is not asked about again.
    expect(ask([4], 0)).not.toContain('t4');
  });

  it('excludes answered, skipped, withdrawn and newly published items', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(TINY.items - 1), { maxLength: 50 }),
        fc.array(id, { maxLength: 9 }),
        (asked, skip) => {
          const ids = engine
            .askNext({ answers: likes(...asked), skip, interests: ['even'], count: 8 })
            .map((item) => item.id);
          expect(new Set(ids).size).toBe(ids.length);
          const excluded = new Set([...likes(...asked), ...engine.items(skip)].map((item) => item.id));
          expect(ids.filter((name) => excluded.has(name) || name.startsWith('n'))).toEqual([]);
        },
      ),
      { numRuns: 40 },
    );
  });
});
