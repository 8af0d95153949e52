import { z } from 'zod';
import { plainText } from './plain-text';

/**
 * What one device cannot know, as the server tells it: what people liked lately, what those one follows liked, and
 * items published since the catalog was built. The engine takes it with each request; absent, it does without.
 */

/** An id, as it is given; a catalog's own are far shorter. */
const id = (most: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(most)
    // Databases refuse U+0000 and halves of surrogate pairs, and no id has any of the others.
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must be without control characters and halves of surrogate pairs')
    // In an address they are steps, which every client takes: what is published so could not be asked for, nor withdrawn.
    .refine((text) => text !== '.' && text !== '..', 'must be more than dots');
const MOST_VALUES = 50;

/**
 * A facts-only record of an item, as in `items.jsonl` of a domain folder. Tags are grouped by the names of the domain's own fields,
 * such as `{"genres": ["Drama"]}`; unknown names and words are shown but say nothing to the models.
 */
export const newItemSchema = z.strictObject({
  id: id(200),
  title: plainText(500),
  year: z.int().min(-3000).max(3000).nullish(),
  creators: z.array(plainText(200)).max(MOST_VALUES).default([]),
  tags: z.record(plainText(50), z.array(plainText(100)).max(MOST_VALUES)).default({}),
  external: z.record(id(50), id(200)).default({}),
});
export type NewItem = z.infer<typeof newItemSchema>;

/** A new item as devices get it. */
export const publishedItemSchema = newItemSchema.extend({
  /** Unix seconds. */
  publishedAt: z.number(),
  /** Of the model, where somebody has computed them already (catalogs beyond the browser); else the item tower does. */
  factors: z.array(z.number()).optional(),
});
export type PublishedItem = z.infer<typeof publishedItemSchema>;

/** The answer of `GET /api/items/{domain}?since=revision`. */
export const itemDeltaSchema = z.object({
  domain: z.string(),
  /** Ask with this one next. */
  revision: z.int().min(0),
  /** New or changed since, oldest first. */
  items: z.array(publishedItemSchema),
  /** Ids that were withdrawn since. */
  withdrawn: z.array(z.string()),
});
export type ItemDelta = z.infer<typeof itemDeltaSchema>;

export const liveSignalsSchema = z.object({
  /** Exponentially decayed weights of what was done lately, highest first. */
  trending: z.array(z.object({ id: z.string(), weight: z.number().min(0) })).default([]),
  /** What people whom the visitor follows liked and chose to share, decayed over 30 days, highest first. */
  friends: z.array(z.object({ id: z.string(), weight: z.number().min(0), names: z.array(z.string()) })).default([]),
  /** New items still looking for their first audience, with how often they were shown and clicked. */
  fresh: z.array(z.object({ id: z.string(), impressions: z.number().min(0), clicks: z.number().min(0) })).default([]),
  /** Clicks per impression over everything shown in the domain: what a fresh item must beat. */
  baseRate: z.number().min(0).max(1).default(0.05),
});
export type LiveSignals = z.infer<typeof liveSignalsSchema>;
