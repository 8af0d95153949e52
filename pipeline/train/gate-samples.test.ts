import { beforeAll, describe, expect, it } from 'vitest';
import { type RecommendRequest, SIGNALS } from '../../lib/contracts/engine';
import { Engine } from '../../lib/engine/engine';
import { GATE_INPUTS } from '../../lib/engine/ranking/gate';
import { readTinyDomain, TINY } from '../../testing/tiny-domain';
import { silentProgress } from '../io/progress';
import { drawGateSamples, type ValidationUser } from './gate-samples';
import { trainEngine } from './train-engine';

/** Users whose likes have times, a long one and some that are short. */
const users: ValidationUser[] = [40, 12, 12, 6, 2, 1].map((count, user) => ({
  likes: Array.from({ length: count }, (_, n) => ({ id: `t${n + user}`, timestamp: 1e9 + n })),
}));

let engine: Engine;
let asked: { request: RecommendRequest; ids: string[] }[];
beforeAll(async () => {
  const folder = await readTinyDomain();
  const training = {
    latent: { dims: 4, epochs: 2, unobservedWeight: 0.1, regularization: 0.01 },
    neighbours: { regularization: 1, dropout: 0 },
  };
  const parts = await trainEngine(
    { ...folder, config: { ...folder.config, training } },
    { training: new Set(Array(TINY.users).keys()), validation: [] },
    { seed: 1, threads: 1, progress: silentProgress },
  );
  engine = new Engine(parts, () => 0);
});
/** Draws through an engine that keeps what it is asked. */
function draw(some: readonly ValidationUser[], seed: number) {
  asked = [];
  const listening: Engine = Object.create(engine, {
    session: {
      value(request: RecommendRequest) {
        const inspected = engine.session(request).inspect();
        asked.push({ request, ids: inspected.ids });
        return { inspect: () => inspected };
      },
    },
  });
  return drawGateSamples(listening, some, seed);
}

describe('drawGateSamples', () => {
  it('gives the gate what it will hear, all candidates, and which of them are right', () => {
    const samples = draw(users, 1);
    expect(samples.length).toBeGreaterThan(users.length - 2);
    for (const { input, scores, relevant } of samples) {
      expect(input).toHaveLength(GATE_INPUTS.length);
      expect(input.every(Number.isFinite)).toBe(true);
      expect(scores.every(Number.isFinite)).toBe(true);
      const items = scores.length / SIGNALS.length;
      expect(Number.isInteger(items)).toBe(true);
      expect(relevant.length).toBeGreaterThan(0);
      expect(new Set(relevant).size).toBe(relevant.length);
      for (const item of relevant) expect(item).toBeLessThan(items);
    }
  });

  it('asks for what the user likes and did not say', () => {
    const [{ likes }] = users;
    const samples = draw([users[0]], 2);
    const liked = new Set(likes.map(({ id }) => id));
    expect(samples).toHaveLength(asked.length);
    samples.forEach(({ relevant }, i) => {
      const { request, ids } = asked[i];
      const given = request.history.map(({ id }) => id);
      for (const id of given) expect(liked).toContain(id);
      expect(new Set(given).size).toBe(given.length);
      for (const item of relevant) {
        expect(liked).toContain(ids[item]);
        expect(given).not.toContain(ids[item]);
      }
    });
  });

  it('cuts histories at several lengths, always once as long as they may be, with their times and without', () => {
    draw(Array<ValidationUser>(8).fill(users[0]), 3);
    const lengths = asked.map(({ request }) => request.history.length);
    expect(Math.min(...lengths)).toBe(1);
    const longest = Math.max(...lengths);
    expect(longest).toBeLessThan(users[0].likes.length);
    expect(lengths.filter((length) => length === longest).length).toBeGreaterThanOrEqual(8);
    expect(new Set(lengths).size).toBeGreaterThan(4);
    const timed = asked.map(({ request }) => request.history.filter(({ timestamp }) => timestamp !== undefined).length);
    expect(timed.some((count) => count === 0)).toBe(true);
    expect(timed.every((count, i) => count === 0 || count === lengths[i])).toBe(true);
    expect(timed.some((count) => count > 0)).toBe(true);
  });

  it('leaves out users who like but one item', () => {
    expect(draw([users[5]], 1)).toEqual([]);
    expect(draw([], 1)).toEqual([]);
  });

  it('draws the same for the same seed', () => {
    expect(draw(users, 7)).toEqual(draw(users, 7));
    expect(draw(users, 7)).not.toEqual(draw(users, 8));
  });
});
