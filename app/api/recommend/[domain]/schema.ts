import { z } from 'zod';
import { type HistoryEntry, MAX_HISTORY, MAX_TOP_K } from '@/lib/contracts/engine';
import { discovery, itemId, limit, mode, unitInterval } from '@/lib/server/http/fields';
import { decimal, repeatable } from '@/lib/server/http/input';

const DEFAULT_TOP_K = 10;
/** Longer lists are for POST. */
const MAX_TOP_K_GET = 100;
const MAX_INTERESTS = 100;

export const recommendQuerySchema = z.object({
  item_id: repeatable(z.array(itemId).max(MAX_HISTORY)).default([]),
  top_k: decimal(limit(MAX_TOP_K_GET)).default(DEFAULT_TOP_K),
  mode,
  alpha: decimal(unitInterval).optional(),
  diversity: decimal(unitInterval).optional(),
  discovery: decimal(discovery).optional(),
});

/** `"id"`, or an object with `item` (or `id`, as in responses), the value of the opinion and its time. */
const historyEntry = z.preprocess(
  (value) => (typeof value === 'string' || typeof value === 'number' ? { item: value } : value),
  z
    .object({
      item: itemId.optional(),
      id: itemId.optional(),
      value: z.number().min(-1).max(1).optional(),
      timestamp: z.number().min(0).optional(),
    })
    .refine(({ item, id }) => (item === undefined) !== (id === undefined), 'must have either item or id')
    .transform(({ item, id, value, timestamp }): HistoryEntry => ({ id: (item ?? id)!, value: value ?? 1, timestamp })),
);

const MAX_USER_LENGTH = 200;
/** The visitor of the cookie. */
export const ME = 'me';

/** Strict, so that a misspelt field is an error and is not silently ignored. */
export const recommendBodySchema = z
  .strictObject({
    /** The user whose stored history to use: `me`, or with the operator's token the developer's id of an API user. */
    user: z.string().min(1).max(MAX_USER_LENGTH).optional(),
    history: z.array(historyEntry).max(MAX_HISTORY).default([]),
    interests: z.array(itemId).max(MAX_INTERESTS).default([]),
    hidden: z.array(itemId).max(MAX_HISTORY).default([]),
    candidates: z.array(itemId).max(MAX_HISTORY).optional(),
    top_k: limit(MAX_TOP_K).default(DEFAULT_TOP_K),
    mode,
    alpha: unitInterval.optional(),
    diversity: unitInterval.optional(),
    discovery: discovery.optional(),
  })
  .refine(({ user, history }) => user === undefined || history.length === 0, {
    path: ['history'],
    message: 'must be left out when user is given, whose stored history is used',
  });
