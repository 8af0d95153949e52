import { z } from 'zod';

/** What a visitor can do with an item. */
export const EVENT_KINDS = [
  /** The item came into view. */
  'impression',
  /** Its details were opened. */
  'view',
  /** One of its links was followed. */
  'click',
  'like',
  'dislike',
  'save',
  'share',
  'not_interested',
  /** The last like, dislike or "not interested" was undone. */
  'retract',
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** Weight of each kind in popularity. Impressions weigh 0: otherwise being shown would make an item popular. */
export const EVENT_WEIGHTS: Record<EventKind, number> = {
  impression: 0,
  view: 1,
  click: 2,
  like: 3,
  save: 3,
  share: 5,
  dislike: 0,
  not_interested: 0,
  retract: 0,
};

/** Maximum number of events in one batch; well within what `navigator.sendBeacon` accepts. */
export const MAX_EVENTS = 100;

/** The largest time that a `Date` can hold (ECMA-262). */
const MAX_TIME_MS = 8.64e15;
/** Milliseconds since 1970 by the sender's clock, which may be wrong: the server uses differences only. */
const clock = z.number().min(0).max(MAX_TIME_MS);
const word = (maxLength: number) => z.string().min(1).max(maxLength);
/** An identifier defined by this product, such as the name of a signal. */
const name = (maxLength: number) =>
  z
    .string()
    .max(maxLength)
    .regex(/^[\w:.-]+$/, 'must be a name of letters, digits and any of _ : . -');

export const eventSchema = z.strictObject({
  /** Chosen by the sender. A second event with the same id is ignored, whatever its other fields are. */
  id: z.uuid(),
  kind: z.enum(EVENT_KINDS),
  domain: word(32),
  item: word(500),
  at: clock,
  /** Id of the list that the item was shown in; every list shown has its own. */
  list: z.uuid().optional(),
  /** Position in that list, from 0. */
  slot: z.int().min(0).max(1000).optional(),
  /** What retrieved the item, such as `latent`, `fresh` or `friends`. */
  source: name(32).optional(),
  /** The variants that the list was made under, as `experiment:variant`, separated by commas. */
  variant: z
    .string()
    .max(200)
    .regex(/^[\w-]+:[\w-]+(,[\w-]+:[\w-]+)*$/, 'must name variants, such as diversity:varied')
    .optional(),
  /** Diversity of that list: mean pairwise dissimilarity of its items, 0 … 1. */
  diversity: z.number().min(0).max(1).optional(),
});
export type VisitorEvent = z.infer<typeof eventSchema>;

export const eventBatchSchema = z.strictObject({
  /** When the batch was sent, by the same clock as its events. */
  sent_at: clock,
  events: z.array(eventSchema).max(MAX_EVENTS),
  /** The user whose events a developer's server sends (needs the operator's token). Default: the visitor. */
  user: word(200).optional(),
});
export type EventBatch = z.input<typeof eventBatchSchema>;

/** What the server did with a batch: numbers of events. */
export interface EventReceipt {
  /** Stored now. */
  accepted: number;
  /** Stored earlier, and not counted again. */
  duplicates: number;
  /** Events of unknown items or domains. Sending them again does not help. */
  unknown: number;
}

export const AGE_BANDS = ['under 18', '18–24', '25–34', '35–44', '45–54', '55–64', '65 and over'] as const;

/** Optional facts about a visitor; null or absent means "rather not say". */
export const profileSchema = z.strictObject({
  ageBand: z.enum(AGE_BANDS).nullish(),
  /** ISO 3166-1 alpha-2. */
  region: z
    .string()
    .regex(/^[A-Z]{2}$/, 'must be a country by its two letters, such as NL')
    .nullish(),
  /** BCP 47 primary language. */
  language: z
    .string()
    .regex(/^[a-z]{2,3}$/, 'must be a language by its two or three letters, such as en')
    .nullish(),
});
export type VisitorProfile = z.infer<typeof profileSchema>;
