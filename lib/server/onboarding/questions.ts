import 'server-only';
import type { AskRequest, ItemSummary } from '../../contracts/engine';
import type { Engine } from '../../engine/engine';

/** So many likes and dislikes tell enough of a taste to begin with … */
export const ENOUGH_OPINIONS = 5;
/** … and nobody is asked more often. */
export const MOST_ASKED = 15;

/**
 * What to ask a newcomer next, best first, and whether enough is known: by {@link ENOUGH_OPINIONS}, by {@link MOST_ASKED}, or because
 * there is nothing left to ask. Items may be asked on even then.
 */
export function nextQuestions(
  engine: Engine,
  { answers, interests, count }: Pick<AskRequest, 'answers' | 'interests' | 'count'>,
): { items: ItemSummary[]; done: boolean } {
  const items = engine.askNext({ answers, interests, count });
  // What the catalog does not know tells nothing.
  const asked = answers.filter(({ id }) => engine.knows(id));
  const opinions = asked.filter(({ value }) => value !== 0);
  const done = opinions.length >= ENOUGH_OPINIONS || asked.length >= MOST_ASKED || items.length === 0;
  return { items, done };
}
