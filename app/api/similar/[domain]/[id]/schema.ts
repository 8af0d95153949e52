import { z } from 'zod';
import { discovery, itemId, limit, unitInterval } from '@/lib/server/http/fields';
import { decimal } from '@/lib/server/http/input';

export const similarParamsSchema = z.object({ domain: z.string(), id: itemId });

export const similarQuerySchema = z.object({
  top_k: decimal(limit(100)).default(10),
  diversity: decimal(unitInterval).optional(),
  discovery: decimal(discovery).optional(),
});
