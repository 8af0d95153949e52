import { z } from 'zod';
import { profileSchema } from '@/lib/contracts/events';
import { itemId, limit } from '@/lib/server/http/fields';

const MAX_VISITOR_LENGTH = 200;
/** Far more than a quick pick has; `/api/recommend` takes longer histories. */
const MAX_ANSWERS = 100;
const [MIN_INTERESTS, MAX_INTERESTS] = [3, 5];

const areDifferent = (ids: readonly string[]) => new Set(ids).size === ids.length;

/** Answers of the survey; empty if it was skipped. */
export const statedInterests = z
  .array(z.string().min(1))
  .max(MAX_INTERESTS)
  .refine(
    ({ length }) => length === 0 || length >= MIN_INTERESTS,
    `must have ${MIN_INTERESTS} to ${MAX_INTERESTS} interests, or none`,
  )
  .refine(areDifferent, 'must be different')
  .default([]);

/**
 * Answers of the quick pick in their order: 1 like, -1 dislike, 0 not known. Of several answers for an item the last
 * one counts.
 */
export const quickPickAnswers = z
  .array(z.strictObject({ id: itemId, value: z.literal([1, -1, 0]) }))
  .max(MAX_ANSWERS)
  .transform((answers) => [...new Map(answers.map((answer) => [answer.id, answer])).values()])
  .default([]);

export const onboardingBodySchema = z.object({
  domain: z.string(),
  interests: statedInterests,
  /** Used for this response only, not stored. */
  profile: profileSchema.default({}),
  answers: quickPickAnswers,
  /** Any text that stays the same for a visitor; it seeds the exploration and is not stored. */
  visitor: z.string().max(MAX_VISITOR_LENGTH).default(''),
  top_k: limit(100).default(20),
});
