import { z } from 'zod';
import { EXPORTS } from '@/lib/contracts/admin';

/** A cursor has ids in it; this is twice what the longest ones need. */
const MAX_CURSOR_LENGTH = 4000;

export const exportQuerySchema = z.object({
  what: z.enum(EXPORTS),
  /** `next` of the page before. */
  after: z.string().min(1).max(MAX_CURSOR_LENGTH).optional(),
});
