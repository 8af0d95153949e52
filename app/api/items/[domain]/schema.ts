import { z } from 'zod';
import { newItemSchema } from '@/lib/contracts/live-signals';
import { decimal } from '@/lib/server/http/input';

const MAX_ITEMS = 500;
/** A Postgres integer. */
const MAX_REVISION = 2 ** 31 - 1;

export const deltaQuerySchema = z.object({ since: decimal(z.int().min(0).max(MAX_REVISION)).default(0) });

export const publishBodySchema = z.strictObject({
  items: z
    .array(newItemSchema)
    .min(1)
    .max(MAX_ITEMS)
    .refine((items) => new Set(items.map(({ id }) => id)).size === items.length, 'must have different ids'),
});
