import { beforeAll, describe, expect, it } from 'vitest';
import type { ItemRow } from '../../lib/contracts/domain-folder';
import { type RecommendRequest, SIGNALS } from '../../lib/contracts/engine';
import { Engine, type EngineParts } from '../../lib/engine/engine';
import { GATE_INPUTS } from '../../lib/engine/ranking/gate';
import { readTinyDomain, TINY } from '../../testing/tiny-domain';
import type { UserLikes } from '../dataset/likes';
import { silentProgress } from '../io/progress';
import { ColdCopies } from './cold-copies';
import { coldLikeOf, judgedGateExamples, sampleGateExamples } from './gate-examples';
import { trainEngine } from './train-engine';

/** Users with few and many likes, all with timestamps. */
const users: UserLikes[] = [40, 12, 12, 6, 2, 1].map((count, user) => ({
  likes: Array.from({ length: count }, (_, n) => ({ id: `t${n + user}`, timestamp: 1e9 + n })),
}));

let parts: EngineParts;
let engine: Engine;
let items: ItemRow[];
let requests: { request: RecommendRequest; ids: string[] }[];
beforeAll(async () => {
  const folder = await readTinyDomain();
  items = folder.items;
  const training = {
    latent: { dims: 4, epochs: 2, unobservedWeight: 0.1, regularization: 0.01 },
    neighbours: { regularization: 1, dropout: 0 },
  };
  parts = await trainEngine(
    { ...folder, config: { ...folder.config, training } },
    { training: new Set(Array(TINY.users).keys()), validation: [] },
    { seed: 1, threads: 1, progress: silentProgress },
  );
  engine = new Engine(parts, () => 0);
});
const copiesOf = (...ids: string[]) => new ColdCopies(new Engine(parts, () => 0), items, ids);
/** Samples examples with an engine that records its requests. */
function sample(someUsers: readonly UserLikes[], seed: number) {
  requests = [];
  const recording: Engine = Object.create(engine, {
    session: {
      value(request: RecommendRequest) {
        const inspected = engine.session(request).inspect();
        requests.push({ request, ids: inspected.ids });
        return { inspect: () => inspected };
      },
    },
  });
  return sampleGateExamples(recording, someUsers, seed, copiesOf());
}

describe('sampleGateExamples', () => {
  it('returns the gate inputs, the scores of all candidates, and the relevant ones', () => {
    const examples = sample(users, 1);
    expect(examples.length).toBeGreaterThan(users.length - 2);
    for (const { input, scores, relevant } of examples) {
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

  it('counts as relevant what the user likes and is not in the history', () => {
    const [{ likes }] = users;
    const examples = sample([users[0]], 2);
    const liked = new Set(likes.map(({ id }) => id));
    expect(examples).toHaveLength(requests.length);
    examples.forEach(({ relevant }, i) => {
      const { request, ids } = requests[i];
      const given = request.history.map(({ id }) => id);
      for (const id of given) expect(liked).toContain(id);
      expect(new Set(given).size).toBe(given.length);
      for (const item of relevant) {
        expect(liked).toContain(ids[item]);
        expect(given).not.toContain(ids[item]);
      }
    });
  });

  it('cuts histories to several lengths, once to the full length, with and without timestamps', () => {
    sample(Array<UserLikes>(8).fill(users[0]), 3);
    requests = requests.filter(({ request }) => request.interests === undefined);
    const lengths = requests.map(({ request }) => request.history.length);
    expect(Math.min(...lengths)).toBe(1);
    const longest = Math.max(...lengths);
    expect(longest).toBeLessThan(users[0].likes.length);
    expect(lengths.filter((length) => length === longest).length).toBeGreaterThanOrEqual(8);
    expect(new Set(lengths).size).toBeGreaterThan(4);
    const timed = requests.map(
      ({ request }) => request.history.filter(({ timestamp }) => timestamp !== undefined).length,
    );
    expect(timed.some((count) => count === 0)).toBe(true);
    expect(timed.every((count, i) => count === 0 || count === lengths[i])).toBe(true);
    expect(timed.some((count) => count > 0)).toBe(true);
  });

  it('leaves out users with a single like', () => {
    expect(sample([users[5]], 1)).toEqual([]);
    expect(sample([], 1)).toEqual([]);
  });

  it('returns the same examples for the same seed', () => {
    expect(sample(users, 7)).toEqual(sample(users, 7));
    expect(sample(users, 7)).not.toEqual(sample(users, 8));
  });
});

describe('examples of interests', () => {
  it('state one interest, and count as relevant only its items', () => {
    const examples = sample(Array<UserLikes>(30).fill(users[0]), 5);
    const stated = requests.flatMap(({ request, ids }, i) => (request.interests ? [{ request, ids, i }] : []));
    expect(stated.length).toBeGreaterThan(0);
    for (const { request, ids, i } of stated) {
      expect(examples[i].kind).toBe('interest');
      const [interest] = request.interests!;
      const members = new Set(engine.interestItems(interest, TINY.items).map(({ id }) => id));
      for (const item of examples[i].relevant) expect(members).toContain(ids[item]);
      for (const { id } of request.history) expect(ids).not.toContain(id);
    }
  });
});

describe('judgedGateExamples', () => {
  it('has the named item as its history, and what people related to it as relevant', () => {
    const [example, ...rest] = judgedGateExamples(
      engine,
      [
        { seed: 't3', related: ['t5', 't9', 'nothing'] },
        { seed: 't4', related: ['nothing'] },
      ],
      copiesOf(),
    );
    expect(rest).toEqual([]);
    const { ids } = engine.session({ mode: 'hybrid', history: [{ id: 't3' }], topK: 100 }).inspect();
    expect(example).toMatchObject({ kind: 'judged', likes: 1 });
    expect(example.relevant.map((i) => ids[i]).sort()).toEqual(['t5', 't9']);
    expect(example.popularity).toHaveLength(2);
  });
});

describe('examples of an item without interactions', () => {
  const INTERACTIONS = GATE_INPUTS.indexOf('share of the history without interactions of its own');

  it('name the copy of an item, of which nothing but its facts is known, and have neither as a candidate', () => {
    const [warm, cold] = judgedGateExamples(engine, [{ seed: 't3', related: ['t5', 't9'] }], copiesOf('t3', 't5'));
    expect([warm, cold].map(({ input }) => input[INTERACTIONS])).toEqual([0, 1]);
    for (const signal of ['neighbours', 'related'] as const)
      for (let i = SIGNALS.indexOf(signal); i < cold.scores.length; i += SIGNALS.length) expect(cold.scores[i]).toBe(0);
    expect(cold.relevant).toHaveLength(2);
    expect(cold.scores.length).toBeLessThanOrEqual(SIGNALS.length * (TINY.items - 1));
  });

  it('are made for each user whose item has a copy', () => {
    const ids = users.slice(0, 3).map(coldLikeOf);
    const examples = sampleGateExamples(engine, users, 1, copiesOf(...ids));
    expect(examples.filter(({ input }) => input[INTERACTIONS] === 1)).toHaveLength(3);
  });
});
