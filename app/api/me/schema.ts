import { z } from 'zod';
import { profileSchema } from '@/lib/contracts/events';

export const meBodySchema = z.strictObject({
  /** Consent has to be explicit. */
  agree: z.literal(true),
  profile: profileSchema.optional(),
});
