import { z } from 'zod';
import { MAX_HISTORY } from '@/lib/contracts/engine';
import type { SharedLikes } from '@/lib/contracts/friends';

export const sharingParamsSchema = z.object({
  domain: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, 'must be the id of a domain'),
});

const clock = z.number().min(0).max(8.64e15);

export const sharedLikesSchema = z.strictObject({
  items: z.array(z.strictObject({ id: z.string().min(1).max(500), at: clock })).max(MAX_HISTORY),
  sent_at: clock,
  renewal: z.boolean().default(false),
}) satisfies z.ZodType<unknown, SharedLikes>;
