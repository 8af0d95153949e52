import { z } from 'zod';
import { EXPORT_KINDS } from '@/lib/contracts/admin';

/** Twice what the longest ids of a cursor need. */
const MAX_CURSOR_LENGTH = 4000;

export const exportQuerySchema = z.object({
  what: z.enum(EXPORT_KINDS),
  /** Of the page before. */
  after: z.string().min(1).max(MAX_CURSOR_LENGTH).optional(),
});
