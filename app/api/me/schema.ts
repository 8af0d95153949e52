import { z } from 'zod';
import { profileSchema } from '@/lib/contracts/events';

export const meBodySchema = z.strictObject({
  /** Agreeing is done in so many words. */
  agree: z.literal(true),
  profile: profileSchema.optional(),
});
