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
import { LatentRecommender } from './recommenders/latent';
import { NeighboursRecommender } from './recommenders/neighbours';
import { towerInputs } from './recommenders/user-tower';

/** Up to how many likes the tower of {@link towered} is in force. */
const TOWER_MOST_LIKES = 3;

let manifest: Manifest;
let files: Map<ArtifactName, Uint8Array>;
let engine: Engine;
/** The same engine, with a user tower. */
let towered: Engine;
let tower: Mlp;
beforeAll(async () => {
  ({ manifest, files } = await tinyFiles());
  engine = makeEngine(manifest, 'v', files, () => 0);
  towered = makeEngine({ ...manifest, towerMostLikes: TOWER_MOST_LIKES }, 'v', files, () => 0);
  tower = userTower(manifest.training.latent.dims);
  towered.attachTower(tower);
});

const everything = Array.from({ length: TINY.items }, (_, n) => `t${n}`);
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
    interests: fc.subarray(['even', 'odd', 'third-0', 'unheard-of']),
    hidden: fc.array(id, { maxLength: 5 }),
    candidates: fc.array(id, { maxLength: 30 }),
    topK: fc.integer({ min: 1, max: 80 }),
    alpha: fc.double({ min: 0, max: 1, noNaN: true }),
    diversity: fc.constantFrom(0, 0.3, 1),
  },
  { requiredKeys: ['mode', 'history', 'topK'] },
);

describe.each([
  ['every recommendation', () => engine],
  ['every recommendation with a user tower', () => towered],
])('%s', (_, engineOf) => {
  it('is a list of distinct, allowed items with finite scores that are the sum of their terms', () => {
    fc.assert(
      fc.property(anyRequest, (given) => {
        const { items, unknown, stats, alpha, alphaAuto } = engineOf().recommend(given);
        const rows = items.map((item) => item.id);
        expect(new Set(rows).size).toBe(rows.length);
        const own = (ids: string[] = []) => engine.items(ids).map((item) => item.id);
        const seen = own(given.candidates ? [] : given.history.map((entry) => entry.id));
        const excluded = new Set([...seen, ...own(given.hidden)]);
        const allowed = new Set(own(given.candidates ?? everything).filter((row) => !excluded.has(row)));
        expect(rows.filter((row) => !allowed.has(row))).toEqual([]);
        expect(rows).toHaveLength(Math.min(given.topK, allowed.size));
        for (const item of items) {
          expect(Number.isFinite(item.score)).toBe(true);
          expect(item.terms.reduce((sum, { contribution }) => sum + contribution, 0)).toBeCloseTo(item.score, 9);
          for (const { weight, z, contribution } of item.terms) expect(weight * z).toBeCloseTo(contribution, 12);
          const shares = item.reasons.flatMap((reason) => ('share' in reason ? [reason.share] : []));
          expect(shares.every((share) => share > 0)).toBe(true);
          expect(shares.reduce((sum, share) => sum + share, 0)).toBeLessThanOrEqual(1 + 1e-9);
        }
        if (!given.diversity)
          expect(items.map(({ score }) => score)).toEqual(items.map(({ score }) => score).sort((a, b) => b - a));
        expect(unknown.filter((name) => !['gone', '', 'unheard-of'].includes(name))).toEqual([]);
        expect(stats.candidates).toBeGreaterThanOrEqual(items.length);
        expect(alpha).toBeGreaterThanOrEqual(0);
        expect(alpha).toBeLessThanOrEqual(1);
        expect(alphaAuto).toBe(given.mode === 'hybrid' && given.alpha === undefined);
      }),
      { numRuns: 150 },
    );
  });

  it('is the same for the same request', () => {
    fc.assert(
      fc.property(anyRequest, (given) => {
        const [first, second] = [engineOf().recommend(given), engineOf().recommend(given)];
        expect(second.items).toEqual(first.items);
      }),
      { numRuns: 20 },
    );
  });
});

describe('what an engine remembers of the last request', () => {
  /** One user who moves sliders, changes modes, hides items and likes another now and then. */
  const visit = fc.tuple(
    anyRequest,
    fc.array(fc.tuple(anyRequest, fc.subarray(Object.keys(request({})))), { maxLength: 6 }),
  );

  it('never shows in an answer', () => {
    fc.assert(
      fc.property(visit, ([first, changes]) => {
        let given = first;
        const fresh = () => makeEngine(manifest, 'v', files, () => 0);
        for (const [other, kept] of changes) {
          given = {
            ...other,
            ...Object.fromEntries(kept.map((key) => [key, given[key as keyof RecommendRequest]])),
          } as RecommendRequest;
          expect(engine.recommend(given)).toEqual(fresh().recommend(given));
        }
      }),
      { numRuns: 25 },
    );
  });

  it('spares the work: a slider asks no recommender again', () => {
    const counted = makeEngine(manifest, 'v', files, () => 0);
    counted.recommend(request({ history: likes(3, 8) }));
    const profiles = [ContentRecommender, LatentRecommender, NeighboursRecommender].map(({ prototype }) =>
      vi.spyOn(prototype, 'profile'),
    );
    const draws = vi.spyOn(CandidatePool.prototype, 'retrieve');
    const calls = () => [...profiles, draws].map(({ mock }) => mock.calls.length);
    for (const diversity of [0, 0.4, 1]) counted.recommend(request({ history: likes(3, 8), diversity }));
    expect(calls()).toEqual([0, 0, 0, 0]);
    counted.recommend(request({ history: likes(3, 8), alpha: 0.4 }));
    expect(calls().slice(0, 3)).toEqual([0, 0, 0]);
    counted.recommend(request({ history: likes(3, 8, 9) }));
    expect(calls()).toEqual([1, 1, 1, expect.any(Number)]);
    vi.restoreAllMocks();
  });

  it('goes when the way to find users changes', () => {
    const changed = makeEngine({ ...manifest, towerMostLikes: TOWER_MOST_LIKES }, 'v', files, () => 0);
    const given = request({ history: likes(3) });
    changed.recommend(given);
    changed.attachTower(tower);
    expect(changed.recommend(given)).toEqual(towered.recommend(given));
  });
});

describe('the history', () => {
  it('counts the last word on an item that is named twice, by whatever name', () => {
    const disliked = [...likes(4, 6), { id: 't7', value: -1 }];
    expect(idsOf({ history: [{ id: 'sku007', value: 1 }, ...disliked] })).toEqual(idsOf({ history: disliked }));
  });

  it('takes a value of nought for having been seen, and nothing more', () => {
    const seen = idsOf({ history: [...likes(4), { id: 't6', value: 0 }] });
    expect(seen).toEqual(idsOf({ history: likes(4), hidden: ['t6'] }));
  });

  it('weighs strong likes above weak ones', () => {
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

  it('may be as long as is allowed, most of it unknown', () => {
    const history = [...Array.from({ length: MAX_HISTORY - 3 }, (_, n) => ({ id: `old${n}` })), ...likes(4, 6, 8)];
    const { items, unknown } = engine.recommend(request({ history }));
    expect(unknown).toHaveLength(MAX_HISTORY - 3);
    expect(items.map((item) => item.id)).toEqual(idsOf({ history: likes(4, 6, 8) }));
  });

  it('may hold everything there is', () => {
    const history = likes(...Array(TINY.items).keys());
    expect(idsOf({ history })).toEqual([]);
    expect(idsOf({ history, candidates: ['t3'] })).toEqual(['t3']);
  });

  it.each(MODES)('may hold all but a few, which are then recommended, in %s mode', (mode) => {
    for (const left of [1, 2, 7]) {
      const history = likes(...Array(TINY.items - left).keys());
      expect(idsOf({ mode, history, topK: 5 })).toHaveLength(Math.min(left, 5));
      expect(idsOf({ mode, history, hidden: [`t${TINY.items - 1}`] })).toHaveLength(left - 1);
    }
  });

  it('is read in the order of its times, where every entry has one', () => {
    const timed = [
      { id: 't7', value: -1, timestamp: 30 },
      { id: 't4', timestamp: 20 },
      { id: 't7', value: 1, timestamp: 10 },
    ];
    const disliked = [...likes(4), { id: 't7', value: -1 }];
    expect(idsOf({ history: timed, alpha: 0.5 })).toEqual(idsOf({ history: disliked, alpha: 0.5 }));
    // Without all times nobody knows which entry is newer: the order is that of the request.
    const halfTimed = timed.map(({ timestamp, ...entry }, i) => (i === 1 ? entry : { ...entry, timestamp }));
    expect(idsOf({ history: halfTimed, alpha: 0.5 })).toEqual(idsOf({ history: likes(4, 7), alpha: 0.5 }));
  });

  it('of nothing but dislikes still gives a list, away from them', () => {
    const ids = (value: number) => idsOf({ history: [5, 7, 9, 11].map((n) => ({ id: `t${n}`, value })) });
    const odd = (names: string[]) => names.filter((name) => Number(name.slice(1)) % 2).length;
    expect(ids(-1)).toHaveLength(10);
    expect(odd(ids(-1))).toBeLessThan(odd(ids(1)) / 2);
  });

  it('of a cold item is read by its content', () => {
    const cold = `t${TINY.items - 2}`;
    for (const mode of ['hybrid', 'content', 'collaborative'] as const) {
      const { items } = engine.recommend(request({ mode, history: [{ id: cold }], alpha: 0.5 }));
      expect(items[0].reasons[0], mode).toMatchObject({ kind: 'history', id: cold });
      // What it has in common with others tells its taste, also to the factors.
      expect(items.filter(({ id }) => Number(id.slice(1)) % 2 === 0).length, mode).toBeGreaterThanOrEqual(7);
      // Who chose it is unknown, so that the neighbours have nothing to say.
      expect(items.flatMap(({ terms }) => terms.map(({ signal }) => signal))).not.toContain('neighbours');
    }
  });

  it('of likes finds cold items by their content, in the collaborative mode too', () => {
    const cold = Array.from({ length: TINY.coldItems }, (_, n) => `t${TINY.items - TINY.coldItems + n}`);
    const ranked = idsOf({ mode: 'collaborative', history: likes(4, 10, 16, 22), candidates: cold });
    expect(ranked.slice(0, 3).map((name) => Number(name.slice(1)) % 2)).toEqual([0, 0, 0]);
  });
});

describe('α and diversity', () => {
  it('at its ends ranks by content or by others alone, the prior aside', () => {
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

  it('is what the gate says where nobody sets it', () => {
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

  it('makes a list less alike', () => {
    const sameTaste = (diversity: number) =>
      idsOf({ history: likes(4, 10, 16), diversity, topK: 12 }).filter((name) => Number(name.slice(1)) % 2 === 0)
        .length;
    expect(sameTaste(0.8)).toBeLessThan(sameTaste(0));
    expect(idsOf({ history: likes(4), diversity: 0.5 })[0]).toBe(idsOf({ history: likes(4) })[0]);
  });
});

describe('weights set by the caller', () => {
  const history = [...likes(4, 10), { id: 't7', value: -1 }];

  it('are in force instead of all others', () => {
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

  it('may be negative', () => {
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

  it('on a signal with nothing to say leave the choice to popularity', () => {
    const { items } = engine.recommend(request(), { weights: { neighbours: 1 } });
    expect(items.map(({ id }) => id)).toEqual(engine.popular(10).map(({ id }) => id));
    for (const { score, terms } of items) expect([score, terms]).toEqual([0, []]);
  });
});

describe('the candidate stage', () => {
  it('is ranked as the recommendations are, without what was seen or hidden', () => {
    fc.assert(
      fc.property(anyRequest, ({ candidates: _, diversity: __, ...given }) => {
        const found = engine.session(given).candidates();
        expect(new Set(found).size).toBe(found.length);
        expect(found.slice(0, given.topK)).toEqual(idsOf(given));
      }),
      { numRuns: 50 },
    );
  });

  it('knows weights set by the caller', () => {
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

describe('what the blend is learned from', () => {
  it('is what every signal says of each candidate, and what the gate hears', () => {
    const given = request({ history: [...likes(4, 10), { id: 't7', value: -1 }], topK: TINY.items });
    const { ids, scores } = engine.session(given).inspect();
    expect(scores).toHaveLength(ids.length * SIGNALS.length);
    expect(new Set(ids)).toEqual(new Set(idsOf(given)));
    for (const { id, terms } of engine.recommend(given, {
      weights: { content: 1, latent: 1, neighbours: 1, popular: 1 },
    }).items) {
      const row = ids.indexOf(id);
      expect(terms).toHaveLength(SIGNALS.length);
      for (const { signal, z } of terms)
        expect(scores[row * SIGNALS.length + SIGNALS.indexOf(signal as Signal)]).toBeCloseTo(z, 5);
    }
  });

  it('is nought for a signal that has nothing to say', () => {
    const { ids, scores } = engine.session(request()).inspect();
    expect(ids.length).toBeGreaterThan(0);
    ids.forEach((_, row) => {
      const [content, latent, neighbours, popular] = scores.subarray(row * SIGNALS.length);
      expect([content, latent, neighbours]).toEqual([0, 0, 0]);
      expect(popular).not.toBe(0);
    });
  });

  it('leaves out what was seen or hidden', () => {
    const { ids } = engine.session(request({ history: likes(4), hidden: ['t6'] })).inspect();
    expect(ids).not.toContain('t4');
    expect(ids).not.toContain('t6');
  });
});

describe('how alike two items are', () => {
  it('is 1 for the same, more for the same taste, and 0 where one is unknown', () => {
    expect(engine.similarity('t4', 't4')).toBeCloseTo(1, 5);
    expect(engine.similarity('t4', 'sku010')).toBeGreaterThan(engine.similarity('t4', 't7'));
    expect(engine.similarity('t4', 't10')).toBeCloseTo(engine.similarity('t10', 't4'), 6);
    expect(engine.similarity('t4', 'gone')).toBe(0);
    // A cold item is judged by its content.
    const cold = TINY.items - 1;
    expect(engine.similarity('t5', `t${cold}`)).toBeGreaterThan(engine.similarity('t4', `t${cold}`));
  });
});

describe('a user tower', () => {
  const three = likes(4, 10, 16);
  const four = likes(4, 10, 16, 22);

  it('takes what is known of the user, as long as it is in force', () => {
    const { dims } = manifest.training.latent;
    for (const mode of ['hybrid', 'collaborative'] as const) {
      expect(towered.session(request({ mode, history: three })).towerInput()).toHaveLength(towerInputs(dims));
      expect(towered.session(request({ mode, interests: ['even'] })).towerInput()).toHaveLength(towerInputs(dims));
      expect(towered.session(request({ mode, history: four })).towerInput()).toBeNull();
      // Dislikes are no likes.
      const mixed = [...three, { id: 't5', value: -1 }, { id: 't6', value: 0 }];
      expect(towered.session(request({ mode, history: mixed })).towerInput()).toHaveLength(towerInputs(dims));
      expect(towered.session(request({ mode })).towerInput()).toBeNull();
      expect(towered.session(request({ mode, history: [{ id: 'gone' }] })).towerInput()).toBeNull();
    }
    for (const mode of ['popular', 'content'] as const)
      expect(towered.session(request({ mode, history: three })).towerInput()).toBeNull();
    expect(engine.session(request({ history: three })).towerInput()).toBeNull();
  });

  it('finds the user up to the likes of the manifest, the fold-in beyond', () => {
    const zs = (of: Engine, history: { id: string }[], towerOutput?: Float32Array) => {
      const session = of.session(request({ history }), { weights: { latent: 1 } });
      if (towerOutput && session.towerInput()) session.setUserFactors(towerOutput);
      return session.recommend().items.map(({ id, score }) => [id, score]);
    };
    expect(zs(towered, three)).not.toEqual(zs(engine, three));
    expect(zs(towered, four)).toEqual(zs(engine, four));
    // It may have run elsewhere.
    const output = forward(tower, towered.session(request({ history: three })).towerInput()!);
    expect(zs(towered, three, output)).toEqual(zs(towered, three));
    const other = output.map((value, i) => value + (i % 2 ? 1 : -1));
    expect(zs(towered, three, other)).not.toEqual(zs(towered, three));
    expect(zs(towered, four, other)).toEqual(zs(engine, four));
    expect(zs(engine, three, other)).toEqual(zs(engine, three));
  });

  it('can be put in force or out of it by the caller, whatever the length of the history', () => {
    const ids = (of: Engine, history: { id: string }[], latentUser?: 'fold-in' | 'tower') =>
      of
        .recommend(request({ history, topK: TINY.items }), { weights: { latent: 1 }, latentUser })
        .items.map(({ id, score }) => [id, score]);
    expect(ids(towered, three, 'fold-in')).toEqual(ids(engine, three));
    expect(ids(towered, three, 'tower')).toEqual(ids(towered, three));
    expect(ids(towered, four, 'tower')).not.toEqual(ids(towered, four));
    expect(ids(engine, three, 'tower')).toEqual(ids(engine, three));
  });

  it('leaves the formula at hand', () => {
    expect(towered.session(request({ history: three }), { latentUser: 'fold-in' }).userFactors()).toEqual(
      engine.session(request({ history: three })).userFactors(),
    );
    expect(towered.session(request()).userFactors()).toBeNull();
  });

  it('of other factors is refused', () => {
    const { dims } = manifest.training.latent;
    const other = userTower(dims + 1);
    expect(() => engine.attachTower(other)).toThrow(
      new RangeError(
        `a tower of ${towerInputs(dims + 1)} inputs and ${dims + 1} outputs does not fit factors of ${dims}`,
      ),
    );
  });
});

describe('the truth about an answer', () => {
  it('says what was searched, and by which index', () => {
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
  it('come most popular first, page by page', () => {
    const all = engine.popular(TINY.items + 5);
    expect(all).toHaveLength(TINY.items);
    all.slice(1).forEach((item, i) => {
      expect(item.popularity).toBeLessThanOrEqual(all[i].popularity);
    });
    expect([...engine.popular(7), ...engine.popular(7, 7)]).toEqual(all.slice(0, 14));
    expect(engine.popular(5, TINY.items)).toEqual([]);
    expect(engine.popular(5, TINY.items + 9)).toEqual([]);
  });

  it('of an interest have it', () => {
    const [interest] = engine.info.interests;
    const items = engine.interestItems(interest.id, 6);
    expect(items).toHaveLength(6);
    for (const item of items) expect(item.tags).toContain(interest.label);
    expect(engine.interestItems('unheard-of', 6)).toEqual([]);
  });
});

describe('reasons', () => {
  it('name what the two items have in common', () => {
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

  it('can be left out', () => {
    for (const item of engine.recommend(request({ history: likes(4), withoutReasons: true })).items)
      expect(item.reasons).toEqual([]);
  });
});
