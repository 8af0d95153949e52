import { z } from 'zod';
import { limit } from '@/lib/server/http/fields';
import { decimal } from '@/lib/server/http/input';

/** Larger than any catalog. Beyond the end of a catalog the list is empty. */
const MAX_OFFSET = 1_000_000;

export const popularQuerySchema = z.object({
  limit: decimal(limit(100)).default(20),
  offset: decimal(z.int().min(0).max(MAX_OFFSET)).default(0),
});
