import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { userTower } from '../../testing/engine/columns';
import { newItem, type TinyParts, tinyParts } from '../../testing/engine/tiny-engine';
import { TINY } from '../../testing/tiny-domain';
import { MODES, type RecommendRequest } from '../contracts/engine';
import { Engine } from './engine';
import type { Session, SessionOptions } from './session';

const NEW_IDS = ['n0', 'n1', 'n2'];

let parts: TinyParts;
let engine: Engine;
beforeAll(async () => {
  parts = await tinyParts();
  engine = parts.whole();
});

const likes = (...numbers: number[]) => numbers.map((n) => ({ id: `t${n}` }));
const request = (changes: Partial<RecommendRequest> = {}): RecommendRequest => ({
  mode: 'hybrid',
  history: likes(4, 10),
  topK: 20,
  ...changes,
});

/** An engine of the head alone, with a user tower for up to three likes. */
const engineOfHead = () =>
  new Engine(
    {
      ...parts.head,
      manifest: { ...parts.manifest, towerMostLikes: 3 },
      tower: userTower(parts.manifest.training.latent.dims),
    },
    () => 0,
  );

const id = fc.oneof(
  { weight: 6, arbitrary: fc.nat(TINY.items - 1).map((n) => `t${n}`) },
  { weight: 3, arbitrary: fc.constantFrom(...NEW_IDS) },
  { weight: 1, arbitrary: fc.constantFrom('gone', 'sku057', 'fresh-n1') },
);
const counts = { impressions: fc.nat(20), clicks: fc.nat(2) };
const anyRequest: fc.Arbitrary<RecommendRequest> = fc.record(
  {
    mode: fc.constantFrom(...MODES),
    history: fc.array(fc.record({ id, value: fc.constantFrom(1, 0.5, -1) }), { maxLength: 6 }),
    interests: fc.subarray(['even', 'third-0']),
    hidden: fc.array(id, { maxLength: 3 }),
    candidates: fc.array(id, { maxLength: 30 }),
    topK: fc.integer({ min: 1, max: 30 }),
    diversity: fc.constantFrom(0, 0.3),
    live: fc.record({
      trending: fc.array(fc.record({ id, weight: fc.integer({ min: 1, max: 300 }) }), { maxLength: 3 }),
      friends: fc.array(fc.record({ id, weight: fc.constant(1), names: fc.constant(['Ana']) }), { maxLength: 3 }),
      fresh: fc.array(fc.record({ id, ...counts }), { maxLength: 3 }),
      baseRate: fc.constant(0.05),
    }),
  },
  { requiredKeys: ['mode', 'history', 'topK'] },
);
const anyOptions = fc.constantFrom<SessionOptions>({}, { weights: { latent: 1 } }, { latentUser: 'fold-in' });

/** The results of all methods of a session. */
const resultsOf = (session: Session) => ({
  towerInput: session.towerInput(),
  userFactors: session.userFactors(),
  candidates: session.candidates(),
  recommend: session.recommend(),
  inspect: session.inspect(),
});

describe('a session', () => {
  const step = fc.oneof(
    { weight: 1, arbitrary: fc.constant({ tail: true }) },
    {
      weight: 3,
      arbitrary: fc.record({ add: fc.tuple(fc.constantFrom(...NEW_IDS), fc.constantFrom('Even' as const, 'Odd')) }),
    },
    { weight: 3, arbitrary: fc.record({ withdraw: fc.subarray([...NEW_IDS, 't4', 't10', 't57']) }) },
  );

  it('has the results of a new session after items were added or withdrawn, and after the tail was attached', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(anyRequest, anyOptions), { minLength: 1, maxLength: 3 }),
        fc.array(step, { minLength: 1, maxLength: 4 }),
        (users, steps) => {
          const changing = engineOfHead();
          const sessions = users.map(([given, options]) => changing.session(given, options));
          const compare = () => {
            // The sessions take turns, so that each one evicts the others from the engine's cache.
            sessions.forEach((session, i) => {
              expect(resultsOf(session)).toEqual(resultsOf(changing.session(...users[i])));
            });
          };
          compare();
          for (const each of steps) {
            if ('tail' in each) {
              if (!changing.isWhole) changing.attachTail(parts.tail);
            } else if ('add' in each) changing.addItems([newItem(...each.add)]);
            else changing.withdraw(each.withdraw);
            compare();
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  it('retains its user factors when items are added', () => {
    const changing = parts.whole();
    const session = changing.session(request());
    const other = session.userFactors()!.map((value) => -value);
    session.setUserFactors(other);
    changing.addItems([newItem('n0', 'Even')]);
    const again = changing.session(request());
    again.setUserFactors(other);
    expect(session.recommend()).toEqual(again.recommend());
    expect(session.recommend()).not.toEqual(changing.recommend(request()));
  });
});

describe('Session.recommend', () => {
  it('returns for some ids what a request with these candidates returns', () => {
    fc.assert(
      fc.property(anyRequest, anyOptions, fc.array(id, { maxLength: 30 }), (given, options, only) => {
        const session = engine.session(given, options);
        expect(session.recommend(only)).toEqual(engine.recommend({ ...given, candidates: only }, options));
        // A call does not change the request of the session.
        expect(session.recommend()).toEqual(engine.recommend(given, options));
      }),
      { numRuns: 60 },
    );
  });
});

describe('Session.setUserFactors', () => {
  it('gives the same list with the factors that the session computes, another list with others', () => {
    for (const mode of ['hybrid', 'collaborative'] as const) {
      const given = request({ mode, history: likes(4, 7, 10) });
      const listWith = (factors: Float32Array) => {
        const session = engine.session(given);
        session.setUserFactors(factors);
        return session.recommend().items;
      };
      const userFactors = engine.session(given).userFactors()!;
      expect(listWith(userFactors)).toEqual(engine.recommend(given).items);
      const other = userFactors.map((value) => -value);
      expect(listWith(other)).not.toEqual(engine.recommend(given).items);
    }
    expect(engine.session(request({ history: [] })).userFactors()).toBeNull();
  });

  it('makes requests throw where the length does not fit the model', () => {
    const session = engine.session(request());
    session.setUserFactors(new Float32Array(3));
    expect(() => session.recommend()).toThrow(/^3 numbers are not the factors of a user, which are 8$/);
  });

  it('applies to later calls of the same session', () => {
    const session = engine.session(request());
    const before = session.recommend();
    const other = session.userFactors()!.map((value) => -value);
    session.setUserFactors(other);
    const after = session.recommend();
    expect(after).not.toEqual(before);
    const fromTheStart = engine.session(request());
    fromTheStart.setUserFactors(other);
    expect(after).toEqual(fromTheStart.recommend());
  });
});
