import { z } from 'zod';
import { limit } from '@/lib/server/http/fields';
import { quickPickAnswers, statedInterests } from '../schema';

export const nextBodySchema = z.object({
  domain: z.string(),
  interests: statedInterests,
  answers: quickPickAnswers,
  count: limit(12).default(6),
});
