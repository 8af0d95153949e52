import fc from 'fast-check';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { userTower } from '../../testing/engine/columns';
import { makeEngine, tinyFiles } from '../../testing/engine/tiny-engine';
import { TINY } from '../../testing/tiny-domain';
import { MAX_HISTORY, MODES, type RecommendRequest, SIGNALS, type Signal } from '../contracts/engine';
import type { ArtifactName, Manifest } from '../contracts/manifest';
import { readMlp } from '../format/onnx';
import { forward, type Mlp } from '../math/mlp';
import type { Engine } from './engine';
import { CandidatePool } from './ranking/candidates';
import { ContentRecommender } from './recommenders/content';
import { ItemItemRecommender } from './recommenders/item-item';
import { LatentRecommender } from './recommenders/latent';
import { towerInputs } from './recommenders/user-tower';

/** The engine with a tower uses it for histories of at most this many likes. */
const MAX_TOWER_LIKES = 3;

let manifest: Manifest;
let files: Map<ArtifactName, Uint8Array>;
let engine: Engine;
/** The same engine with a user tower. */
let engineWithTower: Engine;
let tower: Mlp;
beforeAll(async () => {
  ({ manifest, files } = await tinyFiles());
  engine = makeEngine(manifest, 'v', files, () => 0);
  engineWithTower = makeEngine({ ...manifest, towerMostLikes: MAX_TOWER_LIKES }, 'v', files, () => 0);
  tower = userTower(manifest.training.latent.dims);
  engineWithTower.attachTower(tower);
});

const allIds = Array.from({ length: TINY.items }, (_, n) => `t${n}`);
const request = (changes: Partial<RecommendRequest> = {}): RecommendRequest => ({
  mode: 'hybrid',
  history: [],
  topK: 10,
  ...changes,
});
const idsOf = (changes: Partial<RecommendRequest>) => engine.recommend(request(changes)).items.map(({ id }) => id);
const likes = (...numbers: number[]) => numbers.map((n) => ({ id: `t${n}` }));

const id = fc.oneof(
  { weight: 9, arbitrary: fc.nat(TINY.items - 1).map((n) => `t${n}`) },
  { weight: 1, arbitrary: fc.constantFrom('gone', '', 'sku003') },
);
const anyRequest: fc.Arbitrary<RecommendRequest> = fc.record(
  {
    mode: fc.constantFrom(...MODES),
    history: fc.array(fc.record({ id, value: fc.double({ min: -1, max: 1, noNaN: true }) }), { maxLength: 25 }),
    interests: fc.subarray(['even', 'odd', 'third-0', 'no-such-interest']),
    hidden: fc.array(id, { maxLength: 5 }),
    candidates: fc.array(id, { maxLength: 30 }),
    topK: fc.integer({ min: 1, max: 80 }),
    alpha: fc.double({ min: 0, max: 1, noNaN: true }),
    diversity: fc.constantFrom(0, 0.3, 1),
  },
  { requiredKeys: ['mode', 'history', 'topK'] },
);

describe.each([
  ['recommend', () => engine],
  ['recommend with a user tower', () => engineWithTower],
])('%s', (_, engineOf) => {
  it('returns distinct, allowed items whose finite scores are the sum of their terms', () => {
    fc.assert(
      fc.property(anyRequest, (given) => {
        const { items, unknown, stats, alpha, alphaAuto } = engineOf().recommend(given);
        const ids = items.map((item) => item.id);
        expect(new Set(ids).size).toBe(ids.length);
        const own = (ids: string[] = []) => engine.items(ids).map((item) => item.id);
        const seen = own(given.candidates ? [] : given.history.map((entry) => entry.id));
        const excluded = new Set([...seen, ...own(given.hidden)]);
        const allowed = new Set(own(given.candidates ?? allIds).filter((name) => !excluded.has(name)));
        expect(ids.filter((name) => !allowed.has(name))).toEqual([]);
        expect(ids).toHaveLength(Math.min(given.topK, allowed.size));
        for (const item of items) {
          expect(Number.isFinite(item.score)).toBe(true);
          expect(item.terms.reduce((sum, { contribution }) => sum + contribution, 0)).toBeCloseTo(item.score, 9);
          for (const { weight, z, contribution } of item.terms) expect(weight * z).toBeCloseTo(contribution, 12);
          const shares = item.reasons.flatMap((reason) => ('share' in reason ? [reason.share] : []));
          expect(shares.every((share) => share > 0)).toBe(true);
          expect(shares.reduce((sum, share) => sum + share, 0)).toBeLessThanOrEqual(1 + 1e-9);
        }
        // Of two to five likes and interests each gets its part of the list, whatever its items' scores.
        const positive = given.history.filter(({ value = 1 }) => value > 0).length + (given.interests?.length ?? 0);
        const parts = [items.filter(({ slot }) => slot === undefined), items.filter(({ slot }) => slot === 'popular')];
        expect(parts.flat()).toEqual(items);
        for (const scores of parts.map((part) => part.map(({ score }) => score)))
          if (!given.diversity && positive < 2) expect(scores).toEqual([...scores].sort((a, b) => b - a));
        expect(unknown.filter((name) => !['gone', '', 'no-such-interest'].includes(name))).toEqual([]);
        expect(stats.candidates).toBeGreaterThanOrEqual(items.length);
        expect(alpha).toBeGreaterThanOrEqual(0);
        expect(alpha).toBeLessThanOrEqual(1);
        expect(alphaAuto).toBe(given.mode === 'hybrid' && given.alpha === undefined);
      }),
      { numRuns: 150 },
    );
  });

  it('returns the same items for the same request', () => {
    fc.assert(
      fc.property(anyRequest, (given) => {
        const [first, second] = [engineOf().recommend(given), engineOf().recommend(given)];
        expect(second.items).toEqual(first.items);
      }),
      { numRuns: 20 },
    );
  });
});

describe('the cache of the latest request', () => {
  /** Requests of one user who moves sliders, changes modes, hides items and sometimes likes another item. */
  const visit = fc.tuple(
    anyRequest,
    fc.array(fc.tuple(anyRequest, fc.subarray(Object.keys(request({})))), { maxLength: 6 }),
  );

  it('does not change any response', () => {
    fc.assert(
      fc.property(visit, ([first, changes]) => {
        let given = first;
        const newEngine = () => makeEngine(manifest, 'v', files, () => 0);
        for (const [other, unchanged] of changes) {
          given = {
            ...other,
            ...Object.fromEntries(unchanged.map((key) => [key, given[key as keyof RecommendRequest]])),
          } as RecommendRequest;
          expect(engine.recommend(given)).toEqual(newEngine().recommend(given));
        }
      }),
      { numRuns: 25 },
    );
  });

  it('computes no profile again when only a slider moves', () => {
    const counted = makeEngine(manifest, 'v', files, () => 0);
    counted.recommend(request({ history: likes(3, 8) }));
    const profiles = [ContentRecommender, LatentRecommender, ItemItemRecommender].map(({ prototype }) =>
      vi.spyOn(prototype, 'profile'),
    );
    const retrievals = vi.spyOn(CandidatePool.prototype, 'retrieve');
    const calls = () => [...profiles, retrievals].map(({ mock }) => mock.calls.length);
    for (const diversity of [0, 0.4, 1]) counted.recommend(request({ history: likes(3, 8), diversity }));
    expect(calls()).toEqual([0, 0, 0, 0]);
    counted.recommend(request({ history: likes(3, 8), alpha: 0.4 }));
    expect(calls().slice(0, 3)).toEqual([0, 0, 0]);
    counted.recommend(request({ history: likes(3, 8, 9) }));
    // Neighbours and related items are two item–item models.
    expect(calls()).toEqual([1, 1, 2, expect.any(Number)]);
    vi.restoreAllMocks();
  });

  it('is cleared when a user tower is attached', () => {
    const changed = makeEngine({ ...manifest, towerMostLikes: MAX_TOWER_LIKES }, 'v', files, () => 0);
    const given = request({ history: likes(3) });
    changed.recommend(given);
    changed.attachTower(tower);
    expect(changed.recommend(given)).toEqual(engineWithTower.recommend(given));
  });
});

describe('the history', () => {
  it('uses the last entry of an item that is listed twice, by own or external id', () => {
    const disliked = [...likes(4, 6), { id: 't7', value: -1 }];
    expect(idsOf({ history: [{ id: 'sku007', value: 1 }, ...disliked] })).toEqual(idsOf({ history: disliked }));
  });

  it('treats an entry of value 0 as seen only', () => {
    const seen = idsOf({ history: [...likes(4), { id: 't6', value: 0 }] });
    expect(seen).toEqual(idsOf({ history: likes(4), hidden: ['t6'] }));
  });

  it('gives strong likes more weight than weak ones', () => {
    const odd = (history: { id: string; value?: number }[]) =>
      idsOf({ history, mode: 'content' }).filter((name) => Number(name.slice(1)) % 2).length;
    expect(
      odd([
        { id: 't4', value: 1 },
        { id: 't5', value: 0.1 },
      ]),
    ).toBeLessThan(
      odd([
        { id: 't4', value: 0.1 },
        { id: 't5', value: 1 },
      ]),
    );
  });

  it('can have the maximum length and consist mostly of unknown ids', () => {
    const history = [...Array.from({ length: MAX_HISTORY - 3 }, (_, n) => ({ id: `old${n}` })), ...likes(4, 6, 8)];
    const { items, unknown } = engine.recommend(request({ history }));
    expect(unknown).toHaveLength(MAX_HISTORY - 3);
    expect(items.map((item) => item.id)).toEqual(idsOf({ history: likes(4, 6, 8) }));
  });

  it('can contain the whole catalog', () => {
    const history = likes(...Array(TINY.items).keys());
    expect(idsOf({ history })).toEqual([]);
    expect(idsOf({ history, candidates: ['t3'] })).toEqual(['t3']);
  });

  it.each(MODES)('can contain all but a few items, which are then recommended, in %s mode', (mode) => {
    for (const left of [1, 2, 7]) {
      const history = likes(...Array(TINY.items - left).keys());
      expect(idsOf({ mode, history, topK: 5 })).toHaveLength(Math.min(left, 5));
      expect(idsOf({ mode, history, hidden: [`t${TINY.items - 1}`] })).toHaveLength(left - 1);
    }
  });

  it('is read in the order of its timestamps where every entry has one', () => {
    const timed = [
      { id: 't7', value: -1, timestamp: 30 },
      { id: 't4', timestamp: 20 },
      { id: 't7', value: 1, timestamp: 10 },
    ];
    const disliked = [...likes(4), { id: 't7', value: -1 }];
    expect(idsOf({ history: timed, alpha: 0.5 })).toEqual(idsOf({ history: disliked, alpha: 0.5 }));
    // Where a timestamp is missing, the order is that of the request.
    const halfTimed = timed.map(({ timestamp, ...entry }, i) => (i === 1 ? entry : { ...entry, timestamp }));
    expect(idsOf({ history: halfTimed, alpha: 0.5 })).toEqual(idsOf({ history: likes(4, 7), alpha: 0.5 }));
  });

  it('returns a full list with fewer similar items after dislikes only', () => {
    const ids = (value: number) => idsOf({ history: [5, 7, 9, 11].map((n) => ({ id: `t${n}`, value })) });
    const odd = (names: string[]) => names.filter((name) => Number(name.slice(1)) % 2).length;
    expect(ids(-1)).toHaveLength(10);
    expect(odd(ids(-1))).toBeLessThan(odd(ids(1)) / 2);
  });

  it('uses the content of a cold item', () => {
    const cold = `t${TINY.items - 2}`;
    for (const mode of ['hybrid', 'content', 'collaborative'] as const) {
      const { items } = engine.recommend(request({ mode, history: [{ id: cold }], alpha: 0.5 }));
      expect(items[0].reasons[0], mode).toMatchObject({ kind: 'history', id: cold });
      // The item tower computes its factors from its content, so collaborative lists follow its taste too.
      expect(items.filter(({ id }) => Number(id.slice(1)) % 2 === 0).length, mode).toBeGreaterThanOrEqual(7);
      // It has no interactions, so the neighbours signal has no profile.
      expect(items.flatMap(({ terms }) => terms.map(({ signal }) => signal))).not.toContain('neighbours');
    }
  });

  it('ranks cold items by their content, in collaborative mode too', () => {
    const cold = Array.from({ length: TINY.coldItems }, (_, n) => `t${TINY.items - TINY.coldItems + n}`);
    const ranked = idsOf({ mode: 'collaborative', history: likes(4, 10, 16, 22), candidates: cold });
    expect(ranked.slice(0, 3).map((name) => Number(name.slice(1)) % 2)).toEqual([0, 0, 0]);
  });
});

describe('α and diversity', () => {
  it('uses only content at α = 1 and only collaborative signals at α = 0, besides popularity', () => {
    const ranking = (alpha: number) => {
      const { items } = engine.recommend(request({ history: likes(4, 10), alpha, topK: 60 }));
      return items.map(({ terms }) => terms.filter(({ signal }) => signal !== 'popular').map(({ signal }) => signal));
    };
    for (const signals of ranking(1)) expect(signals).toEqual(['content']);
    const collaborative = (signals: string[]) => signals.length > 0 && !signals.includes('content');
    for (const signals of ranking(0)) expect(signals).toSatisfy(collaborative);
    for (const [first, ...others] of ranking(0.5)) {
      expect(first).toBe('content');
      expect(others).toSatisfy(collaborative);
    }
  });

  it('uses the weights of the gate where α is not set', () => {
    const gate = readMlp(files.get('gate')!, 'gate');
    for (const history of [likes(4), likes(4, 7), likes(...Array(30).keys())]) {
      const given = request({ history });
      const { alpha, items } = engine.recommend(given);
      const learned = forward(gate, engine.session(given).inspect().gateInput);
      for (const { terms } of items)
        for (const { signal, weight } of terms) expect(weight).toBe(learned[SIGNALS.indexOf(signal as Signal)]);
      const [content, latent, neighbours] = learned;
      const total = Math.max(0, content) + Math.max(0, latent + neighbours);
      expect(alpha).toBeCloseTo(Math.max(0, content) / total, 6);
    }
  });

  it('makes the items of a list less similar', () => {
    const sameTaste = (diversity: number) =>
      idsOf({ history: likes(4, 10, 16), diversity, topK: 12 }).filter((name) => Number(name.slice(1)) % 2 === 0)
        .length;
    expect(sameTaste(0.8)).toBeLessThan(sameTaste(0));
    expect(idsOf({ history: likes(4), diversity: 0.5 })[0]).toBe(idsOf({ history: likes(4) })[0]);
  });
});

describe('fixed weights', () => {
  const history = [...likes(4, 10), { id: 't7', value: -1 }];

  it('replace all learned weights', () => {
    for (const signal of SIGNALS) {
      const { items } = engine.recommend(request({ history, topK: TINY.items }), { weights: { [signal]: 0.5 } });
      expect(items).toHaveLength(TINY.items - 3);
      for (const { terms, score } of items) {
        expect(terms).toMatchObject([{ signal, weight: 0.5 }]);
        expect(score).toBe(0.5 * terms[0].z);
      }
    }
    const popular = engine.recommend(request({ mode: 'collaborative', history }), { weights: { popular: 2 } });
    expect(popular.items.map((item) => item.id)).toEqual(idsOf({ mode: 'popular', history }));
  });

  it('can be negative, which reverses the ranking', () => {
    const rank = (weight: number) =>
      engine
        .recommend(request({ history, topK: TINY.items }), { weights: { content: weight } })
        .items.map(({ score }) => score);
    expect(rank(-1)).toEqual(
      rank(1)
        .map((score) => -score)
        .reverse(),
    );
  });

  it('of a signal without a profile leave the order of popularity', () => {
    const { items } = engine.recommend(request(), { weights: { neighbours: 1 } });
    expect(items.map(({ id }) => id)).toEqual(engine.popular(10).map(({ id }) => id));
    for (const { score, terms } of items) expect([score, terms]).toEqual([0, []]);
  });
});

describe('Session.candidates', () => {
  it('is in the order of the recommendations, without seen and hidden items', () => {
    fc.assert(
      fc.property(anyRequest, ({ candidates: _, diversity: __, ...given }) => {
        const found = engine.session(given).candidates();
        expect(new Set(found).size).toBe(found.length);
        expect(found.slice(0, given.topK)).toEqual(idsOf(given));
      }),
      { numRuns: 50 },
    );
  });

  it('uses fixed weights', () => {
    const options = { weights: { content: 1 } };
    const { items } = engine.recommend(request({ history: likes(4) }), options);
    expect(
      engine
        .session(request({ history: likes(4) }), options)
        .candidates()
        .slice(0, 10),
    ).toEqual(items.map(({ id }) => id));
  });
});

describe('Session.inspect', () => {
  it('returns the z-score of every signal for each candidate', () => {
    const given = request({ history: [...likes(4, 10), { id: 't7', value: -1 }], topK: TINY.items });
    const { ids, scores } = engine.session(given).inspect();
    expect(scores).toHaveLength(ids.length * SIGNALS.length);
    expect(new Set(ids)).toEqual(new Set(idsOf(given)));
    for (const { id, terms } of engine.recommend(given, {
      weights: { content: 1, latent: 1, neighbours: 1, related: 1, popular: 1 },
    }).items) {
      const row = ids.indexOf(id);
      expect(terms).toHaveLength(SIGNALS.length);
      for (const { signal, z } of terms)
        expect(scores[row * SIGNALS.length + SIGNALS.indexOf(signal as Signal)]).toBeCloseTo(z, 5);
    }
  });

  it('returns 0 for a signal without a profile', () => {
    const { ids, scores } = engine.session(request()).inspect();
    expect(ids.length).toBeGreaterThan(0);
    ids.forEach((_, row) => {
      const [content, latent, neighbours, related, popular] = scores.subarray(row * SIGNALS.length);
      expect([content, latent, neighbours, related]).toEqual([0, 0, 0, 0]);
      expect(popular).not.toBe(0);
    });
  });

  it('omits seen and hidden items', () => {
    const { ids } = engine.session(request({ history: likes(4), hidden: ['t6'] })).inspect();
    expect(ids).not.toContain('t4');
    expect(ids).not.toContain('t6');
  });
});

describe('Engine.similarity', () => {
  it('is 1 for the same item, higher within a taste, and 0 where an item is unknown', () => {
    expect(engine.similarity('t4', 't4')).toBeCloseTo(1, 5);
    expect(engine.similarity('t4', 'sku010')).toBeGreaterThan(engine.similarity('t4', 't7'));
    expect(engine.similarity('t4', 't10')).toBeCloseTo(engine.similarity('t10', 't4'), 6);
    expect(engine.similarity('t4', 'gone')).toBe(0);
    // A cold item is compared by its content.
    const cold = TINY.items - 1;
    expect(engine.similarity('t5', `t${cold}`)).toBeGreaterThan(engine.similarity('t4', `t${cold}`));
  });
});

describe('a user tower', () => {
  const three = likes(4, 10, 16);
  const four = likes(4, 10, 16, 22);

  it('has an input only where its output is used', () => {
    const { dims } = manifest.training.latent;
    for (const mode of ['hybrid', 'collaborative'] as const) {
      expect(engineWithTower.session(request({ mode, history: three })).towerInput()).toHaveLength(towerInputs(dims));
      expect(engineWithTower.session(request({ mode, interests: ['even'] })).towerInput()).toHaveLength(
        towerInputs(dims),
      );
      expect(engineWithTower.session(request({ mode, history: four })).towerInput()).toBeNull();
      // Only likes count towards the limit.
      const mixed = [...three, { id: 't5', value: -1 }, { id: 't6', value: 0 }];
      expect(engineWithTower.session(request({ mode, history: mixed })).towerInput()).toHaveLength(towerInputs(dims));
      expect(engineWithTower.session(request({ mode })).towerInput()).toBeNull();
      expect(engineWithTower.session(request({ mode, history: [{ id: 'gone' }] })).towerInput()).toBeNull();
    }
    for (const mode of ['popular', 'content'] as const)
      expect(engineWithTower.session(request({ mode, history: three })).towerInput()).toBeNull();
    expect(engine.session(request({ history: three })).towerInput()).toBeNull();
  });

  it('computes user factors up to the number of likes in the manifest, the fold-in beyond', () => {
    const zs = (of: Engine, history: { id: string }[], towerOutput?: Float32Array) => {
      const session = of.session(request({ history }), { weights: { latent: 1 } });
      if (towerOutput && session.towerInput()) session.setUserFactors(towerOutput);
      return session.recommend().items.map(({ id, score }) => [id, score]);
    };
    expect(zs(engineWithTower, three)).not.toEqual(zs(engine, three));
    expect(zs(engineWithTower, four)).toEqual(zs(engine, four));
    // The network may run elsewhere, such as in ONNX Runtime.
    const output = forward(tower, engineWithTower.session(request({ history: three })).towerInput()!);
    expect(zs(engineWithTower, three, output)).toEqual(zs(engineWithTower, three));
    const other = output.map((value, i) => value + (i % 2 ? 1 : -1));
    expect(zs(engineWithTower, three, other)).not.toEqual(zs(engineWithTower, three));
    expect(zs(engineWithTower, four, other)).toEqual(zs(engine, four));
    expect(zs(engine, three, other)).toEqual(zs(engine, three));
  });

  it('can be forced or disabled for a request, whatever the length of the history', () => {
    const ids = (of: Engine, history: { id: string }[], latentUser?: 'fold-in' | 'tower') =>
      of
        .recommend(request({ history, topK: TINY.items }), { weights: { latent: 1 }, latentUser })
        .items.map(({ id, score }) => [id, score]);
    expect(ids(engineWithTower, three, 'fold-in')).toEqual(ids(engine, three));
    expect(ids(engineWithTower, three, 'tower')).toEqual(ids(engineWithTower, three));
    expect(ids(engineWithTower, four, 'tower')).not.toEqual(ids(engineWithTower, four));
    expect(ids(engine, three, 'tower')).toEqual(ids(engine, three));
  });

  it('can be bypassed for the closed-form fold-in', () => {
    expect(engineWithTower.session(request({ history: three }), { latentUser: 'fold-in' }).userFactors()).toEqual(
      engine.session(request({ history: three })).userFactors(),
    );
    expect(engineWithTower.session(request()).userFactors()).toBeNull();
  });

  it('is rejected where its size does not fit the factors', () => {
    const { dims } = manifest.training.latent;
    const other = userTower(dims + 1);
    expect(() => engine.attachTower(other)).toThrow(
      new RangeError(
        `a tower of ${towerInputs(dims + 1)} inputs and ${dims + 1} outputs does not fit factors of ${dims}`,
      ),
    );
  });
});

describe('stats', () => {
  it('report how many items were searched, and by which index', () => {
    const stats = (changes: Partial<RecommendRequest>) => engine.recommend(request(changes)).stats;
    expect(stats({ history: likes(4) })).toMatchObject({ itemsSearched: TINY.items, index: 'exact' });
    const candidates = ['t1', 't2', 'gone'];
    expect(stats({ history: likes(4), candidates })).toMatchObject({ itemsSearched: 2, candidates: 2, index: 'none' });
    for (const changes of [{ mode: 'popular' }, { mode: 'content' }, { alpha: 1 }, { history: [] }]) {
      expect(stats({ history: likes(4), ...(changes as Partial<RecommendRequest>) }).index).toBe('none');
    }
  });
});

describe('popular items', () => {
  it('are sorted by popularity and paged by offset', () => {
    const all = engine.popular(TINY.items + 5);
    expect(all).toHaveLength(TINY.items);
    all.slice(1).forEach((item, i) => {
      expect(item.popularity).toBeLessThanOrEqual(all[i].popularity);
    });
    expect([...engine.popular(7), ...engine.popular(7, 7)]).toEqual(all.slice(0, 14));
    expect(engine.popular(5, TINY.items)).toEqual([]);
    expect(engine.popular(5, TINY.items + 9)).toEqual([]);
  });

  it('of an interest all have its tag', () => {
    const [interest] = engine.info.interests;
    const items = engine.interestItems(interest.id, 6);
    expect(items).toHaveLength(6);
    for (const item of items) expect(item.tags).toContain(interest.label);
    expect(engine.interestItems('no-such-interest', 6)).toEqual([]);
  });
});

describe('reasons', () => {
  it('name terms that both items have', () => {
    const { items } = engine.recommend(request({ mode: 'content', history: likes(4), topK: 5 }));
    const [source] = engine.items(['t4']);
    for (const item of items) {
      const [reason] = item.reasons;
      if (reason.kind !== 'history') throw new Error(reason.kind);
      expect(reason).toMatchObject({ id: 't4', title: source.title, share: 1 });
      for (const term of reason.terms) {
        const has = ({ tags, creators }: typeof source) => [...tags, ...creators].includes(term);
        expect(has(source) && has(item), term).toBe(true);
      }
    }
  });

  it('can be omitted', () => {
    for (const item of engine.recommend(request({ history: likes(4), withoutReasons: true })).items)
      expect(item.reasons).toEqual([]);
  });
});

describe('similar', () => {
  it('lists items like one item, without it and those left out', () => {
    const { items, mode } = engine.similar({ id: 't4', topK: 12, exclude: ['t6'] });
    const ids = items.map(({ id }) => id);
    expect(mode).toBe('hybrid');
    expect(ids).toHaveLength(12);
    expect(ids).not.toContain('t4');
    expect(ids).not.toContain('t6');
    for (const { reasons } of items)
      for (const reason of reasons) if (reason.kind === 'history') expect(reason.id).toBe('t4');
    expect(engine.similar({ id: 'sku004', topK: 12, exclude: ['t6'] }).items).toEqual(items);
  });

  it('works for an item without interactions', () => {
    const cold = `t${TINY.items - 1}`;
    expect(engine.similar({ id: cold, topK: 5 }).items).toHaveLength(5);
  });

  it('throws for an unknown item', () => {
    expect(() => engine.similar({ id: 'gone', topK: 5 })).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
  });
});

describe('discovery', () => {
  const popularity = (changes: Partial<RecommendRequest>) =>
    engine
      .recommend(request({ history: likes(3, 8), ...changes }))
      .items.reduce((sum, item) => sum + item.popularity, 0);

  it.each(['hybrid', 'content', 'collaborative'] as const)('has better or less known items in %s mode', (mode) => {
    expect(popularity({ mode, discovery: -1 })).toBeGreaterThan(popularity({ mode, discovery: 1 }));
  });

  it('at 0 and in popular mode changes nothing', () => {
    expect(idsOf({ history: likes(3, 8), discovery: 0 })).toEqual(idsOf({ history: likes(3, 8) }));
    expect(idsOf({ mode: 'popular', discovery: 1 })).toEqual(idsOf({ mode: 'popular' }));
  });

  it('keeps the list made from its own candidates', () => {
    const given = request({ history: likes(3, 8), discovery: 0.8 });
    const candidates = engine.session(given).candidates();
    expect(idsOf({ ...given, candidates })).toEqual(idsOf(given));
  });
});
