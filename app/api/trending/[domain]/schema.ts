import { z } from 'zod';
import { limit } from '@/lib/server/http/fields';
import { decimal } from '@/lib/server/http/input';
import { TRENDING_WINDOWS } from '@/lib/server/trends/half-lives';

export const trendingQuerySchema = z.object({
  window: z.enum(TRENDING_WINDOWS).default('week'),
  limit: decimal(limit(100)).default(20),
});
