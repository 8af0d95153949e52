import { z } from 'zod';

/** What a visitor may do with an item, as both the page and the API tell it. */
export const EVENT_KINDS = [
  /** It came into view. */
  'impression',
  /** Its details were opened. */
  'view',
  /** A link of it was followed. */
  'click',
  'like',
  'dislike',
  'save',
  'share',
  'not_interested',
  /** The last like, dislike or "not interested" is taken back. */
  'retract',
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** What each kind adds to an item's popularity; being shown adds nothing, or whatever is shown would be popular. */
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

/** The most events of one batch: as many as `navigator.sendBeacon` takes with room to spare. */
export const MOST_EVENTS = 100;

const MILLISECONDS_MOST = 8.64e15;
/** By the sender's own clock, which may be wrong: only differences are believed. Milliseconds since 1970. */
const clock = z.number().min(0).max(MILLISECONDS_MOST);
const word = (most: number) => z.string().min(1).max(most);
/** A name of ours, such as that of a signal. */
const name = (most: number) =>
  z
    .string()
    .max(most)
    .regex(/^[\w:.-]+$/, 'must be a name of letters, digits and any of _ : . -');

export const eventSchema = z.strictObject({
  /** The sender's choice; the same event sent again, whatever else it says, changes nothing. */
  id: z.uuid(),
  kind: z.enum(EVENT_KINDS),
  domain: word(32),
  item: word(500),
  at: clock,
  /** The list it came from: one id for each list shown. */
  list: z.uuid().optional(),
  /** Its place there, from 0. */
  slot: z.int().min(0).max(1000).optional(),
  /** The signal or strategy that brought it there, such as `latent`, `fresh` or `friends`. */
  source: name(32).optional(),
  /** `experiment:variant`, where one decided something about the list; several with commas between. */
  variant: z
    .string()
    .max(200)
    .regex(/^[\w-]+:[\w-]+(,[\w-]+:[\w-]+)*$/, 'must name variants, such as diversity:varied')
    .optional(),
  /** How varied that list was: the mean dissimilarity of its items in pairs, 0 … 1. */
  diversity: z.number().min(0).max(1).optional(),
});
export type VisitorEvent = z.infer<typeof eventSchema>;

export const eventBatchSchema = z.strictObject({
  /** When the batch was sent, by the same clock as its events. */
  sent_at: clock,
  events: z.array(eventSchema).max(MOST_EVENTS),
  /** For whom a developer's server sends it; only with the operator's token. Others speak for themselves. */
  user: word(200).optional(),
});
export type EventBatch = z.input<typeof eventBatchSchema>;

/** What became of a batch. */
export interface EventReceipt {
  /** Kept now. */
  accepted: number;
  /** Kept before: not counted again. */
  duplicates: number;
  /** Of items or domains that are not there; sending them again is of no use. */
  unknown: number;
}

/** What visitors may tell of themselves; each is optional, and empty means "rather not". */
export const AGE_BANDS = ['under 18', '18–24', '25–34', '35–44', '45–54', '55–64', '65 and over'] as const;

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
