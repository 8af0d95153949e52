import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SIGNALS, type Signal } from '../../lib/contracts/engine';
import { GATE_INPUTS, GATE_OUTPUTS } from '../../lib/engine/ranking/gate';
import { forward, type Mlp } from '../../lib/math/mlp';
import { mulberry32 } from '../../lib/math/random';
import { slopesOf } from '../../testing/engine/naive';
import { type GateSample, initialGate, listwiseLoss, trainGate } from './gate';

const score = fc.double({ min: -2, max: 2, noNaN: true });
const samples = fc
  .tuple(fc.array(fc.array(score, { minLength: 4, maxLength: 4 }), { minLength: 2, maxLength: 8 }), fc.nat(), fc.nat())
  .map(([items, first, second]): GateSample => {
    return {
      input: new Float32Array(GATE_INPUTS.length),
      scores: Float32Array.from(items.flat()),
      relevant: [...new Set([first % items.length, second % items.length])],
    };
  });
const weights = fc.array(score, { minLength: 4, maxLength: 4 }).map((values) => Float64Array.from(values));

const isNovice = (text: string) => text.startsWith('novice');
const inputOf = (values: Record<number, number>) =>
  Float32Array.from({ length: GATE_INPUTS.length }, (_, i) => values[i] ?? 0);

describe('the listwise loss', () => {
  it('has the gradient that finite differences find', () => {
    fc.assert(
      fc.property(weights, samples, (values, sample) => {
        const { gradient } = listwiseLoss(values, sample);
        const slopes = slopesOf(values, () => listwiseLoss(values, sample).loss, 1e-4);
        expect(gradient).toHaveLength(SIGNALS.length);
        gradient.forEach((slope, s) => {
          expect(slope).toBeCloseTo(slopes[s], 3);
        });
      }),
    );
  });

  it('is 1 less NDCG where the ranking is clear', () => {
    const order = fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(order, fc.integer({ min: 1, max: 5 }), (ranking, count) => {
        // Every item is far ahead of the next by the first signal alone.
        const scores = new Float32Array(6 * SIGNALS.length);
        ranking.forEach((item, place) => {
          scores[item * SIGNALS.length] = -100 * place;
        });
        const relevant = [...Array(count).keys()];
        const gain = (place: number) => 1 / Math.log2(2 + place);
        const ideal = relevant.reduce((sum, _, place) => sum + gain(place), 0);
        const reached = relevant.reduce((sum, item) => sum + gain(ranking.indexOf(item)), 0);
        const sample = { input: inputOf({}), scores, relevant };
        expect(listwiseLoss([1, 0, 0, 0], sample).loss).toBeCloseTo(1 - reached / ideal, 6);
      }),
    );
  });

  it('lies between 0 and 1', () => {
    fc.assert(
      fc.property(weights, samples, (values, sample) => {
        const { loss } = listwiseLoss(values, sample);
        expect(loss).toBeGreaterThanOrEqual(-1e-9);
        expect(loss).toBeLessThan(1);
      }),
    );
  });
});

describe('the gate before training', () => {
  it('gives the personal signals the same weights whoever the user is, and popularity more for a novice', () => {
    const gate = initialGate(1);
    const random = mulberry32(4);
    const novice = GATE_INPUTS.findIndex(isNovice);
    const weightsAt = (degree: number) =>
      forward(
        gate,
        Float32Array.from(GATE_INPUTS, (_, i) => (i === novice ? degree : 4 * random() - 2)),
      );
    const popular = SIGNALS.indexOf('popular');
    const [old, middle, fresh] = [0, 0.5, 1].map(weightsAt);
    for (const [s, signal] of GATE_OUTPUTS.entries()) {
      if (signal === 'popular') continue;
      expect(old[s]).toBeGreaterThan(0);
      expect([middle[s], fresh[s]]).toEqual([old[s], old[s]]);
    }
    expect(old[popular]).toBeLessThan(middle[popular]);
    expect(middle[popular]).toBeLessThan(fresh[popular]);
  });
});

const ITEMS = 20;
/** Users for whom one signal puts the right items first, while the others know nothing. */
function rightBy(signalOf: (user: number) => Signal, inputs: (user: number) => Float32Array, count = 60): GateSample[] {
  const random = mulberry32(6);
  return Array.from({ length: count }, (_, user) => {
    const relevant = [Math.floor(random() * 10), 10 + Math.floor(random() * 10)];
    const scores = Float32Array.from({ length: ITEMS * SIGNALS.length }, () => 2 * random() - 1);
    for (const item of relevant) scores[item * SIGNALS.length + SIGNALS.indexOf(signalOf(user))] += 2;
    return { input: inputs(user), scores, relevant };
  });
}
const meanLoss = (gate: Mlp, samples: GateSample[]) =>
  samples.reduce((sum, sample) => sum + listwiseLoss(forward(gate, sample.input), sample).loss, 0) / samples.length;

describe('trainGate', () => {
  it.each(SIGNALS)('finds out that %s is right', (signal) => {
    const samples = rightBy(
      () => signal,
      (user) => inputOf({ 1: user % 7 }),
    );
    const gate = trainGate(samples, 1);
    const best = Math.max(...forward(gate, samples[0].input));
    expect(forward(gate, samples[0].input)[SIGNALS.indexOf(signal)]).toBe(best);
    expect(meanLoss(gate, samples)).toBeLessThan(meanLoss(initialGate(1), samples));
  });

  it('learns whom to give which weights, by inputs of any size', () => {
    // What the first input says decides; the second is large and says nothing, the third never changes.
    const samples = rightBy(
      (user) => (user % 2 ? 'content' : 'neighbours'),
      (user) => inputOf({ 1: user % 2 ? 5.01 : 5, 2: 1e5 * (user % 3), 3: 42 }),
    );
    const gate = trainGate(samples, 1);
    const [content, neighbours] = [SIGNALS.indexOf('content'), SIGNALS.indexOf('neighbours')];
    const [even, odd] = [forward(gate, samples[0].input), forward(gate, samples[1].input)];
    expect(odd[content]).toBeGreaterThan(even[content]);
    expect(even[neighbours]).toBeGreaterThan(odd[neighbours]);
    expect(meanLoss(gate, samples)).toBeLessThan(meanLoss(initialGate(1), samples));
    expect(gate.layers.every(({ weights, bias }) => [...weights, ...bias].every(Number.isFinite))).toBe(true);
  });

  it('lowers its loss from epoch to epoch, by and large, and is the same for the same seed', () => {
    const samples = rightBy(
      () => 'neighbours',
      () => inputOf({}),
      30,
    );
    const losses: number[] = [];
    const gate = trainGate(samples, 3, (loss) => losses.push(loss));
    expect(losses.at(-1)).toBeLessThan(losses[0]);
    expect(trainGate(samples, 3)).toEqual(gate);
  });

  it('leaves the blend as it was where there is nothing to learn from', () => {
    expect(trainGate([], 5)).toEqual(initialGate(5));
  });
});
