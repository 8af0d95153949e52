import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SIGNALS, type Signal } from '../../lib/contracts/engine';
import { GATE_INPUTS, GATE_OUTPUTS } from '../../lib/engine/ranking/gate';
import { forward, type Mlp } from '../../lib/math/mlp';
import { mulberry32 } from '../../lib/math/random';
import { slopesOf } from '../../testing/engine/naive';
import { type GateExample, initialGate, listwiseLoss, trainGate } from './train-gate';

const score = fc.double({ min: -2, max: 2, noNaN: true });
const example = fc
  .tuple(
    fc.array(fc.array(score, { minLength: SIGNALS.length, maxLength: SIGNALS.length }), { minLength: 2, maxLength: 8 }),
    fc.nat(),
    fc.nat(),
  )
  .map(([items, first, second]): GateExample => {
    return {
      input: new Float32Array(GATE_INPUTS.length),
      scores: Float32Array.from(items.flat()),
      relevant: [...new Set([first % items.length, second % items.length])],
    };
  });
const weights = fc
  .array(score, { minLength: SIGNALS.length, maxLength: SIGNALS.length })
  .map((values) => Float64Array.from(values));

const isNovice = (text: string) => text.startsWith('novice');
const inputOf = (values: Record<number, number>) =>
  Float32Array.from({ length: GATE_INPUTS.length }, (_, i) => values[i] ?? 0);

describe('listwiseLoss', () => {
  it('agrees with finite differences in its gradient', () => {
    fc.assert(
      fc.property(weights, example, (values, sample) => {
        const { gradient } = listwiseLoss(values, sample);
        const slopes = slopesOf(values, () => listwiseLoss(values, sample).loss, 1e-4);
        expect(gradient).toHaveLength(SIGNALS.length);
        gradient.forEach((slope, s) => {
          expect(slope).toBeCloseTo(slopes[s], 3);
        });
      }),
    );
  });

  it('is 1 − NDCG if score differences are large', () => {
    const order = fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(order, fc.integer({ min: 1, max: 5 }), (ranking, count) => {
        // The first signal alone separates all items by a wide margin.
        const scores = new Float32Array(6 * SIGNALS.length);
        ranking.forEach((item, place) => {
          scores[item * SIGNALS.length] = -100 * place;
        });
        const relevant = [...Array(count).keys()];
        const gain = (place: number) => 1 / Math.log2(2 + place);
        const ideal = relevant.reduce((sum, _, place) => sum + gain(place), 0);
        const reached = relevant.reduce((sum, item) => sum + gain(ranking.indexOf(item)), 0);
        const sample = { input: inputOf({}), scores, relevant };
        expect(listwiseLoss([1, 0, 0, 0, 0], sample).loss).toBeCloseTo(1 - reached / ideal, 6);
      }),
    );
  });

  it('lies between 0 and 1', () => {
    fc.assert(
      fc.property(weights, example, (values, sample) => {
        const { loss } = listwiseLoss(values, sample);
        expect(loss).toBeGreaterThanOrEqual(-1e-9);
        expect(loss).toBeLessThan(1);
      }),
    );
  });
});

describe('initialGate', () => {
  it('has constant weights for the personal signals, and weights of popularity and relatedness that are highest for new users', () => {
    const gate = initialGate(1);
    const random = mulberry32(4);
    const novice = GATE_INPUTS.findIndex(isNovice);
    const weightsAt = (degree: number) =>
      forward(
        gate,
        Float32Array.from(GATE_INPUTS, (_, i) => (i === novice ? degree : 4 * random() - 2)),
      );
    const [old, middle, fresh] = [0, 0.5, 1].map(weightsAt);
    for (const [s, signal] of GATE_OUTPUTS.entries()) {
      if (signal === 'popular' || signal === 'related') continue;
      expect(old[s]).toBeGreaterThan(0);
      expect([middle[s], fresh[s]]).toEqual([old[s], old[s]]);
    }
    for (const signal of ['popular', 'related'] as const) {
      const s = SIGNALS.indexOf(signal);
      expect(old[s]).toBeLessThan(middle[s]);
      expect(middle[s]).toBeLessThan(fresh[s]);
    }
  });
});

const ITEMS = 20;
/** Examples in which one signal ranks the relevant items first, and the others are noise. */
function examplesOf(
  signalOf: (user: number) => Signal,
  inputs: (user: number) => Float32Array,
  count = 60,
): GateExample[] {
  const random = mulberry32(6);
  return Array.from({ length: count }, (_, user) => {
    const relevant = [Math.floor(random() * 10), 10 + Math.floor(random() * 10)];
    const scores = Float32Array.from({ length: ITEMS * SIGNALS.length }, () => 2 * random() - 1);
    for (const item of relevant) scores[item * SIGNALS.length + SIGNALS.indexOf(signalOf(user))] += 2;
    return { input: inputs(user), scores, relevant };
  });
}
const meanLoss = (gate: Mlp, examples: GateExample[]) =>
  examples.reduce((sum, one) => sum + listwiseLoss(forward(gate, one.input), one).loss, 0) / examples.length;

describe('trainGate', () => {
  it.each(SIGNALS)('learns that %s is the best signal', (signal) => {
    const examples = examplesOf(
      () => signal,
      (user) => inputOf({ 1: user % 7 }),
    );
    const gate = trainGate(examples, 1);
    const best = Math.max(...forward(gate, examples[0].input));
    expect(forward(gate, examples[0].input)[SIGNALS.indexOf(signal)]).toBe(best);
    expect(meanLoss(gate, examples)).toBeLessThan(meanLoss(initialGate(1), examples));
  });

  it('learns weights that depend on the inputs, whatever their scale', () => {
    // Input 1 decides, input 2 is large noise, and input 3 is constant.
    const examples = examplesOf(
      (user) => (user % 2 ? 'content' : 'neighbours'),
      (user) => inputOf({ 1: user % 2 ? 5.01 : 5, 2: 1e5 * (user % 3), 3: 42 }),
    );
    const gate = trainGate(examples, 1);
    const [content, neighbours] = [SIGNALS.indexOf('content'), SIGNALS.indexOf('neighbours')];
    const [even, odd] = [forward(gate, examples[0].input), forward(gate, examples[1].input)];
    expect(odd[content]).toBeGreaterThan(even[content]);
    expect(even[neighbours]).toBeGreaterThan(odd[neighbours]);
    expect(meanLoss(gate, examples)).toBeLessThan(meanLoss(initialGate(1), examples));
    expect(gate.layers.every(({ weights, bias }) => [...weights, ...bias].every(Number.isFinite))).toBe(true);
  });

  it('lowers its loss, and gives the same gate for the same seed', () => {
    const examples = examplesOf(
      () => 'neighbours',
      () => inputOf({}),
      30,
    );
    const losses: number[] = [];
    const gate = trainGate(examples, 3, (loss) => losses.push(loss));
    expect(losses.at(-1)).toBeLessThan(losses[0]);
    expect(trainGate(examples, 3)).toEqual(gate);
  });

  it('returns the initial gate without examples', () => {
    expect(trainGate([], 5)).toEqual(initialGate(5));
  });
});
