import 'server-only';
import type { AskRequest, ItemSummary } from '../../contracts/engine';
import type { Engine } from '../../engine/engine';

/** Likes and dislikes that are enough for a first profile. */
export const ENOUGH_OPINIONS = 5;
/** The quick pick ends after this many questions. */
export const MAX_QUESTIONS = 15;

/**
 * The next questions of the quick pick.
 *
 * @returns `items` to ask about, most informative first; `done` after {@link ENOUGH_OPINIONS} likes and dislikes, after
 *   {@link MAX_QUESTIONS} questions, or when no items are left
 */
export function nextQuestions(
  engine: Engine,
  { answers, interests, count }: Pick<AskRequest, 'answers' | 'interests' | 'count'>,
): { items: ItemSummary[]; done: boolean } {
  const items = engine.askNext({ answers, interests, count });
  // Items unknown to the catalog are no evidence.
  const asked = answers.filter(({ id }) => engine.knows(id));
  const opinions = asked.filter(({ value }) => value !== 0);
  const done = opinions.length >= ENOUGH_OPINIONS || asked.length >= MAX_QUESTIONS || items.length === 0;
  return { items, done };
}
