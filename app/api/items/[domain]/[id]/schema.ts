import { z } from 'zod';
import { itemId } from '@/lib/server/http/fields';

export const itemParamsSchema = z.object({ domain: z.string(), id: itemId });
