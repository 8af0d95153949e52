import { z } from 'zod';
import { plainText } from './plain-text';

/**
 * Live signals: data that only the server has. Trends, friends' likes, and items published since the catalog was built.
 * The engine takes them with each request and works without them.
 */

/** The id of an item, or of an external catalog. */
const id = (maxLength: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(maxLength)
    // Databases refuse U+0000 and halves of surrogate pairs; no id needs other control characters.
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must be without control characters and halves of surrogate pairs')
    // Clients resolve them as path segments, so such an item could be neither requested nor withdrawn.
    .refine((text) => text !== '.' && text !== '..', 'must be more than dots');
const MAX_VALUES = 50;

/**
 * A new item as published: facts only, as in `items.jsonl` of a domain folder. Tags are grouped by field of the domain,
 * such as `{"genres": ["Drama"]}`; unknown fields and values are shown, but the models ignore them.
 */
export const newItemSchema = z.strictObject({
  id: id(200),
  title: plainText(500),
  year: z.int().min(-3000).max(3000).nullish(),
  creators: z.array(plainText(200)).max(MAX_VALUES).default([]),
  tags: z.record(plainText(50), z.array(plainText(100)).max(MAX_VALUES)).default({}),
  external: z.record(id(50), id(200)).default({}),
});
export type NewItem = z.infer<typeof newItemSchema>;

/** A new item as devices receive it. */
export const publishedItemSchema = newItemSchema.extend({
  /** Unix seconds. */
  publishedAt: z.number(),
  /** Item factors, `dims` numbers, if the server has computed them (`"index": "server"`); else the item tower does. */
  factors: z.array(z.number()).optional(),
});
export type PublishedItem = z.infer<typeof publishedItemSchema>;

/** Response of `GET /api/items/{domain}?since=revision`. */
export const itemDeltaSchema = z.object({
  domain: z.string(),
  /** The revision to pass as `since` next time. */
  revision: z.int().min(0),
  /** Items published or changed since, oldest first. */
  items: z.array(publishedItemSchema),
  /** Ids of items withdrawn since. */
  withdrawn: z.array(z.string()),
});
export type ItemDelta = z.infer<typeof itemDeltaSchema>;

export const liveSignalsSchema = z.object({
  /** Exponentially decayed event weights by item, highest first. */
  trending: z.array(z.object({ id: z.string(), weight: z.number().min(0) })).default([]),
  /** Likes that people whom the visitor follows share, decayed over 30 days, highest first. */
  friends: z.array(z.object({ id: z.string(), weight: z.number().min(0), names: z.array(z.string()) })).default([]),
  /** New items that are still being explored, with their impressions and clicks. */
  fresh: z.array(z.object({ id: z.string(), impressions: z.number().min(0), clicks: z.number().min(0) })).default([]),
  /** Clicks per impression over all items of the domain: the rate that a fresh item must beat. */
  baseRate: z.number().min(0).max(1).default(0.05),
});
export type LiveSignals = z.infer<typeof liveSignalsSchema>;
