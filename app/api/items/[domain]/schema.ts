import { z } from 'zod';
import { newItemSchema } from '@/lib/contracts/live-signals';
import { decimal } from '@/lib/server/http/input';

const MOST_ITEMS = 500;
const MOST_REVISION = 2 ** 31 - 1;

export const deltaQuerySchema = z.object({ since: decimal(z.int().min(0).max(MOST_REVISION)).default(0) });

export const publishBodySchema = z.strictObject({
  items: z
    .array(newItemSchema)
    .min(1)
    .max(MOST_ITEMS)
    .refine((items) => new Set(items.map(({ id }) => id)).size === items.length, 'must have ids that differ'),
});
