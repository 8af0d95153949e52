import { describe, expect, it } from 'vitest';
import {
  interest,
  item,
  latentColumns,
  neighbourColumns,
  SIZE,
  WARM,
  WITHOUT_TERMS,
} from '../../../testing/engine/columns';
import { contentData, context, popularityData } from '../../../testing/engine/context';
import { SIGNALS } from '../../contracts/engine';
import type { Mlp } from '../../math/mlp';
import { ContentRecommender } from '../recommenders/content';
import { ItemItemRecommender, NEIGHBOURS, RELATED } from '../recommenders/item-item';
import { LatentRecommender } from '../recommenders/latent';
import { PopularRecommender } from '../recommenders/popular';
import type { Evidence } from '../recommenders/recommender';
import { GATE_INPUTS, GATE_OUTPUTS, type GateState, gateInput, learnedWeights } from './gate';

const content = new ContentRecommender(contentData());
const latent = new LatentRecommender(latentColumns());
const related = new ItemItemRecommender(neighbourColumns(), RELATED);
const neighbours = new ItemItemRecommender(neighbourColumns(), NEIGHBOURS);
const popular = new PopularRecommender(popularityData());

const stateOf = (evidence: Evidence[], changes: Partial<GateState> = {}): GateState => ({
  evidence,
  profiles: {
    content: content.profile(context(evidence)),
    latent: latent.profile(context(evidence)),
    neighbours: neighbours.profile(context(evidence)),
    related: related.profile(context(evidence)),
    popular: popular.profile(context([])),
  },
  warmItems: WARM,
  timestamps: [],
  ...changes,
});
/** One of the gate's inputs, by the beginning of its description. */
const inputOf = (state: GateState, description: string): number => {
  const index = GATE_INPUTS.findIndex((text) => text.startsWith(description));
  expect(index, description).toBeGreaterThanOrEqual(0);
  return gateInput(state)[index];
};

const histories: Record<string, Evidence[]> = {
  'an empty history': [],
  'one like': [item(4)],
  'many likes': [...Array(WARM).keys()].map((row) => item(row)),
  'likes and dislikes': [item(2), item(9, -1), item(20, 0.5)],
  'dislikes alone': [item(2, -1), item(9, -0.5)],
  'interests alone': [interest([1, 2, 3], [0])],
  'an interest without items and terms': [interest([], [])],
  'cold items alone': [item(WARM), item(SIZE - 2)],
  'an item without terms and interactions': [item(WITHOUT_TERMS)],
};

describe('gateInput', () => {
  it.each(Object.entries(histories))('returns one finite number for each input after %s', (_, evidence) => {
    for (const timestamps of [[], [0], [1e9, 1e9], [1e9, 1.7e9, 1.2e9]]) {
      const input = gateInput(stateOf(evidence, { timestamps }));
      expect(input).toHaveLength(GATE_INPUTS.length);
      expect(input.every(Number.isFinite)).toBe(true);
    }
    const withoutProfiles = {
      content: null,
      latent: null,
      neighbours: null,
      related: null,
      popular: popular.profile(context([])),
    };
    const input = gateInput(stateOf(evidence, { profiles: withoutProfiles, warmItems: 0 }));
    expect(input.every(Number.isFinite)).toBe(true);
  });

  it('has a novice input that falls from 1 as likes accumulate', () => {
    const novice = [0, 1, 2, 5, 20].map((count) =>
      inputOf(stateOf([...Array(count).keys()].map((row) => item(row))), 'novice'),
    );
    expect(novice[0]).toBe(1);
    expect(novice).toEqual([...novice].sort((a, b) => b - a));
    expect(novice.at(-1)).toBeGreaterThan(0);
  });

  it('counts likes, dislikes and cold items, and flags stated interests', () => {
    const state = stateOf([item(0), item(1), item(2, -1), item(WARM), interest([1], [0])]);
    expect(inputOf(state, 'log(1 + likes)')).toBeCloseTo(Math.log(4), 6);
    expect(inputOf(state, 'log(1 + dislikes)')).toBeCloseTo(Math.log(2), 6);
    expect(inputOf(state, 'share of the history without')).toBeCloseTo(1 / 4, 6);
    expect(inputOf(state, 'interests stated')).toBe(1);
    expect(inputOf(stateOf([item(0)]), 'interests stated')).toBe(0);
  });

  it('has the mean and the standard deviation of the popularity ranks of the history', () => {
    const state = stateOf([item(0), item(14), item(WARM + 3)]);
    expect(inputOf(state, 'mean popularity rank')).toBeCloseTo(7 / WARM, 6);
    expect(inputOf(state, 'standard deviation of that rank')).toBeCloseTo(7 / WARM, 6);
  });

  it('has the number of days that the history spans, whatever the order of its timestamps', () => {
    const day = 86_400;
    const state = stateOf([item(0), item(1), item(2)], { timestamps: [9 * day, 2 * day, 4 * day] });
    expect(inputOf(state, 'log(1 + days')).toBeCloseTo(Math.log(8), 6);
    expect(inputOf(stateOf([item(0)], { timestamps: [5 * day] }), 'log(1 + days')).toBe(0);
  });

  it('has the moments and the coherence of every personal signal, 0 without a profile', () => {
    const state = stateOf([item(3), item(9)]);
    for (const signal of ['content', 'latent', 'neighbours', 'related'] as const) {
      const profile = state.profiles[signal]!;
      expect(inputOf(state, `${signal}: has something`)).toBe(1);
      expect(inputOf(state, `${signal}: log of the standard`)).toBeCloseTo(Math.log(profile.deviation), 5);
      expect(inputOf(state, `${signal}: mean of its scores`)).toBeCloseTo(profile.mean / profile.deviation, 5);
      expect(inputOf(state, `${signal}: agreement`)).toBeCloseTo(profile.coherence, 5);
      const without = { ...state, profiles: { ...state.profiles, [signal]: null } };
      for (const [i, text] of GATE_INPUTS.entries())
        if (text.startsWith(`${signal}: `)) expect(gateInput(without)[i], text).toBe(0);
    }
  });
});

describe('learnedWeights', () => {
  /** A gate with the same outputs for all users: 1, 2, 3, … */
  const gate: Mlp = {
    layers: [
      {
        inputs: GATE_INPUTS.length,
        outputs: GATE_OUTPUTS.length,
        weights: new Float32Array(GATE_INPUTS.length * GATE_OUTPUTS.length),
        bias: Float32Array.from(GATE_OUTPUTS, (_, i) => i + 1),
        activation: 'none',
      },
    ],
  };

  it('are the outputs of the gate in the order of the signals, 0 for a signal without a profile', () => {
    const state = stateOf([item(3)]);
    expect(learnedWeights(gate, state)).toEqual(Object.fromEntries(SIGNALS.map((signal, i) => [signal, i + 1])));
    for (const signal of SIGNALS) {
      const weights = learnedWeights(gate, { ...state, profiles: { ...state.profiles, [signal]: null } });
      for (const [i, other] of SIGNALS.entries()) expect(weights[other]).toBe(other === signal ? 0 : i + 1);
    }
  });

  it('depend on the inputs of the gate', () => {
    const likesOnly: Mlp = {
      layers: [
        {
          ...gate.layers[0],
          weights: Float32Array.from({ length: GATE_INPUTS.length * GATE_OUTPUTS.length }, (_, i) =>
            GATE_INPUTS[i % GATE_INPUTS.length] === 'log(1 + likes)' ? 1 : 0,
          ),
          bias: new Float32Array(GATE_OUTPUTS.length),
        },
      ],
    };
    expect(learnedWeights(likesOnly, stateOf([item(3), item(4)])).latent).toBeCloseTo(Math.log(3), 6);
  });
});
