import { z } from 'zod';
import { profileSchema } from '@/lib/contracts/events';
import { itemId, limit } from '@/lib/server/http/fields';

const MAX_VISITOR_LENGTH = 200;
/** Likes of a whole evening's quick pick; longer histories are for `/api/recommend`. */
const MAX_ANSWERS = 100;
const [LEAST_INTERESTS, MOST_INTERESTS] = [3, 5];

const areDifferent = (ids: readonly string[]) => new Set(ids).size === ids.length;

/** Of the survey: as many as it takes, or none where it was passed over. */
export const statedInterests = z
  .array(z.string().min(1))
  .max(MOST_INTERESTS)
  .refine(
    ({ length }) => length === 0 || length >= LEAST_INTERESTS,
    `must hold ${LEAST_INTERESTS} to ${MOST_INTERESTS}, or none`,
  )
  .refine(areDifferent, 'must be different from one another')
  .default([]);

/** Of the quick pick, in the order given: 1 likes it, -1 does not, 0 does not know it. Of an item named twice the last word counts. */
export const quickPickAnswers = z
  .array(z.strictObject({ id: itemId, value: z.literal([1, -1, 0]) }))
  .max(MAX_ANSWERS)
  .transform((answers) => [...new Map(answers.map((answer) => [answer.id, answer])).values()])
  .default([]);

export const onboardingBodySchema = z.object({
  domain: z.string(),
  interests: statedInterests,
  /** What the visitor told of themselves; used for this answer, and not kept. */
  profile: profileSchema.default({}),
  answers: quickPickAnswers,
  /** Any text that stays the same for a visitor; it seeds the list and is not kept. */
  visitor: z.string().max(MAX_VISITOR_LENGTH).default(''),
  top_k: limit(100).default(20),
});
