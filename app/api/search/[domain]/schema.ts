import { z } from 'zod';
import { limit } from '@/lib/server/http/fields';
import { decimal } from '@/lib/server/http/input';

const MAX_QUERY_LENGTH = 1000;

export const searchQuerySchema = z.object({
  q: z
    .string()
    .max(MAX_QUERY_LENGTH)
    .refine((query) => query.trim() !== '', 'is empty: it must be the text to search for'),
  limit: decimal(limit(100)).default(10),
});
