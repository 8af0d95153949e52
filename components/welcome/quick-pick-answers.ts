import { type Change, dislike, like, type PickedItem } from '../picks/picks';

/** 1: likes the item; -1: dislikes it; 0: does not know it. */
export type AnswerValue = 1 | -1 | 0;

export interface Answer<T extends PickedItem = PickedItem> {
  item: T;
  value: AnswerValue;
}

/** The quick pick ends after this many likes and dislikes; the server has the same limit and reports `done`. */
const ENOUGH_OPINIONS = 5;

/** Arrow keys point to the buttons' places: left "not for me", right "like", down "don't know it". */
const KEYS: Record<string, AnswerValue> = { ArrowLeft: -1, ArrowRight: 1, ArrowDown: 0 };
export const answerOfKey = (key: string): AnswerValue | undefined => (Object.hasOwn(KEYS, key) ? KEYS[key] : undefined);

/**
 * Turns likes and dislikes into picks, in order of the answers; "don't know it" makes none.
 *
 * @param now milliseconds since 1970, the time of the last pick
 */
export function toPicks(answers: readonly Answer[], now: number): Change {
  const opinions = answers.filter(({ value }) => value !== 0);
  // Picks are ordered by time: each gets a millisecond of its own.
  const at = (i: number) => now - opinions.length + 1 + i;
  return {
    put: opinions.flatMap(({ item, value }, i) => (value > 0 ? like : dislike)(item, at(i)).put),
    drop: [],
  };
}

/**
 * Finds the first question to ask.
 *
 * @param settled ids of items that are answered or picked already
 */
export function firstUnsettled<T extends { id: string }>(
  questions: readonly T[],
  settled: ReadonlySet<string>,
): T | undefined {
  return questions.find(({ id }) => !settled.has(id));
}

/** Describes the progress of the quick pick. */
export function describeProgress(answers: readonly { value: AnswerValue }[]): string {
  const opinions = answers.filter(({ value }) => value !== 0).length;
  const missing = ENOUGH_OPINIONS - opinions;
  if (opinions === 0) return `${ENOUGH_OPINIONS} answers are enough`;
  return missing > 0 ? `${opinions} answered, ${missing} more to go` : 'That is enough';
}
