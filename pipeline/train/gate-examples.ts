import type { HistoryEntry } from '../../lib/contracts/engine';
import type { Engine } from '../../lib/engine/engine';
import { mulberry32 } from '../../lib/math/random';
import { shuffle } from '../../lib/math/shuffle';
import type { UserLikes } from '../dataset/likes';
import type { GateExample } from './train-gate';

/** Lengths to which histories are cut. One example per user has the whole history. */
const LENGTHS = [1, 1, 2, 3, 4, 5, 7, 10, 15, 20, 30, 50];
const EXAMPLES_PER_USER = 6;
const MAX_EXAMPLES = 6000;
/** Share of a user's items that are hidden and to be found. */
const HIDDEN_SHARE = 0.2;
/** Share of the examples whose history has no timestamps, because many requests have none. */
const WITHOUT_TIMES_SHARE = 0.5;

/**
 * Samples training examples of the gate: several per user, with histories of random lengths. Seeded.
 *
 * @param engine with models that were not trained on these users
 */
export function sampleGateExamples(engine: Engine, users: readonly UserLikes[], seed: number): GateExample[] {
  const random = mulberry32(seed);
  const order = [...users];
  shuffle(order, random);
  const examples: GateExample[] = [];
  for (const { likes } of order) {
    if (examples.length >= MAX_EXAMPLES) break;
    for (let n = 0; n < EXAMPLES_PER_USER; n++) {
      const entries = [...likes];
      shuffle(entries, random);
      const hidden = Math.max(1, Math.floor(entries.length * HIDDEN_SHARE));
      const given = entries.slice(hidden);
      const length = n === 0 ? given.length : LENGTHS[Math.floor(random() * LENGTHS.length)];
      if (given.length === 0 || (n > 0 && length >= given.length)) continue;
      const history = given.slice(0, length);
      const example = exampleOf(
        engine,
        random() < WITHOUT_TIMES_SHARE ? history.map(({ id }) => ({ id })) : history,
        new Set(entries.slice(0, hidden).map(({ id }) => id)),
      );
      if (example) examples.push(example);
    }
  }
  return examples;
}

/**
 * The example of one history. It contains all candidates: a subset chosen by one ranking would exclude the mistakes of
 * all other rankings.
 *
 * @returns null if no hidden item is among the candidates, because then there is nothing to learn
 */
function exampleOf(engine: Engine, history: HistoryEntry[], hidden: ReadonlySet<string>): GateExample | null {
  const { gateInput, ids, scores } = engine.session({ mode: 'hybrid', history, topK: 100 }).inspect();
  const relevant = ids.flatMap((id, i) => (hidden.has(id) ? [i] : []));
  if (relevant.length === 0) return null;
  return { input: gateInput, scores, relevant };
}
