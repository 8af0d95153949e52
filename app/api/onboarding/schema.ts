import { z } from 'zod';
import { limit } from '@/lib/server/fields';

const MAX_VISITOR_LENGTH = 200;

export const onboardingBodySchema = z.object({
  domain: z.string(),
  interests: z
    .array(z.string().min(1))
    .min(3)
    .max(5)
    .refine((ids) => new Set(ids).size === ids.length, 'must be different from one another'),
  /** Any text that stays the same for a visitor; it seeds the list and is not kept. */
  visitor: z.string().max(MAX_VISITOR_LENGTH).default(''),
  top_k: limit(100).default(20),
});
