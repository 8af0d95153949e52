import { z } from 'zod';
import { limit } from '@/lib/server/http/fields';

const MAX_DIMS = 1024;
const MAX_CANDIDATES = 1000;
/** Largest number of half precision, in which items are stored. A user's factors are far smaller. */
export const MAX_FACTOR = 65_504;

export const candidatesBodySchema = z.strictObject({
  /** The user's factors, computed by the engine on the device, so that no history has to be sent. */
  factors: z.array(z.number().min(-MAX_FACTOR).max(MAX_FACTOR)).min(1).max(MAX_DIMS),
  limit: limit(MAX_CANDIDATES).default(400),
});
