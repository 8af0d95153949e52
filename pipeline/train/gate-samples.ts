import type { HistoryEntry } from '../../lib/contracts/engine';
import type { Engine } from '../../lib/engine/engine';
import { mulberry32 } from '../../lib/math/random';
import { shuffle } from '../../lib/math/shuffle';
import type { GateSample } from './gate';

/** A user on whom nothing was fitted, with all that they like. */
export interface ValidationUser {
  likes: HistoryEntry[];
}

/** Histories are cut at one of these lengths; one of a user's cuts is always the whole. */
const LENGTHS = [1, 1, 2, 3, 4, 5, 7, 10, 15, 20, 30, 50];
const CUTS_PER_USER = 6;
const MOST_SAMPLES = 6000;
/** Share of a user's items that are to be found, and how many at the most. */
const HIDDEN = 0.2;
/** In this share of the cuts the entries lose their times, as they have none in many requests. */
const WITHOUT_TIMES = 0.5;

/** Samples for the gate: every user several times, with histories of random lengths. Seeded. */
export function drawGateSamples(engine: Engine, users: readonly ValidationUser[], seed: number): GateSample[] {
  const random = mulberry32(seed);
  const order = [...users];
  shuffle(order, random);
  const samples: GateSample[] = [];
  for (const { likes } of order) {
    if (samples.length >= MOST_SAMPLES) break;
    for (let cut = 0; cut < CUTS_PER_USER; cut++) {
      const entries = [...likes];
      shuffle(entries, random);
      const hidden = Math.max(1, Math.floor(entries.length * HIDDEN));
      const given = entries.slice(hidden);
      const length = cut === 0 ? given.length : LENGTHS[Math.floor(random() * LENGTHS.length)];
      if (given.length === 0 || (cut > 0 && length >= given.length)) continue;
      const history = given.slice(0, length);
      const sample = drawSample(
        engine,
        random() < WITHOUT_TIMES ? history.map(({ id }) => ({ id })) : history,
        new Set(entries.slice(0, hidden).map(({ id }) => id)),
      );
      if (sample) samples.push(sample);
    }
  }
  return samples;
}

/**
 * All candidates take part: a choice among them by one ranking would spare every other ranking its mistakes. Null where none of the hidden items is among the candidates, so that there is nothing to rank. */
function drawSample(engine: Engine, history: HistoryEntry[], hidden: ReadonlySet<string>): GateSample | null {
  const { gateInput, ids, scores } = engine.session({ mode: 'hybrid', history, topK: 100 }).inspect();
  const relevant = ids.flatMap((id, i) => (hidden.has(id) ? [i] : []));
  if (relevant.length === 0) return null;
  return { input: gateInput, scores, relevant };
}
