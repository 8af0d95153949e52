import { type Change, dislike, like, type PickedItem } from '../picks/picks';

/** 1 likes it, -1 does not, 0 does not know it. */
export type AnswerValue = 1 | -1 | 0;

export interface Answer<T extends PickedItem = PickedItem> {
  item: T;
  value: AnswerValue;
}

/** So many likes and dislikes tell enough; the server says the same by `done`. */
const ENOUGH_OPINIONS = 5;

/** By the arrow that points to a button's place: left is not for me, right is like, down is don't know it. */
const KEYS: Record<string, AnswerValue> = { ArrowLeft: -1, ArrowRight: 1, ArrowDown: 0 };
export const answerOfKey = (key: string): AnswerValue | undefined => (Object.hasOwn(KEYS, key) ? KEYS[key] : undefined);

/** What was said is a pick, the first said the oldest; what the visitor does not know is none. @param now milliseconds */
export function toPicks(answers: readonly Answer[], now: number): Change {
  const opinions = answers.filter(({ value }) => value !== 0);
  // Each a millisecond of its own, so that the order of the picks is that of the answers.
  const at = (i: number) => now - opinions.length + 1 + i;
  return {
    put: opinions.flatMap(({ item, value }, i) => (value > 0 ? like : dislike)(item, at(i)).put),
    drop: [],
  };
}

/** The first question that has not been answered, and is about nothing the visitor has picked already. */
export function firstOpen<T extends { id: string }>(
  questions: readonly T[],
  closed: ReadonlySet<string>,
): T | undefined {
  return questions.find(({ id }) => !closed.has(id));
}

/** How far the quick pick is, in a few words. */
export function describeProgress(answers: readonly { value: AnswerValue }[]): string {
  const opinions = answers.filter(({ value }) => value !== 0).length;
  const missing = ENOUGH_OPINIONS - opinions;
  if (opinions === 0) return `${ENOUGH_OPINIONS} answers are enough`;
  return missing > 0 ? `${opinions} answered, ${missing} more to go` : 'That is enough';
}
