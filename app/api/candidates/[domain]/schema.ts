import { z } from 'zod';
import { limit } from '@/lib/server/http/fields';

const MOST_DIMS = 1024;
const MOST_CANDIDATES = 1000;
/** Of half precision, in which items are kept. A user's factors are far smaller. */
export const LARGEST_FACTOR = 65_504;

export const candidatesBodySchema = z.strictObject({
  /** Of the user, as the engine on the device has found them: no history is asked for, and none is sent. */
  factors: z.array(z.number().min(-LARGEST_FACTOR).max(LARGEST_FACTOR)).min(1).max(MOST_DIMS),
  limit: limit(MOST_CANDIDATES).default(400),
});
