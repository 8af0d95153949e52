import { z } from 'zod';
import { trainingChoiceSchema } from './training';

/** A field of an item that the content signal reads. `title`, `creators` and `year` may be named too. */
export const fieldSchema = z.object({
  name: z.string().min(1),
  kind: z.enum(['text', 'tags', 'number']),
  /** Relative weight in TF-IDF; 1 is ordinary. */
  weight: z.number().nonnegative(),
  /** Findable by the search box, where two items share a value (creators, titles and years always are). */
  search: z.boolean().optional(),
  /** Shown on cards; at most one field. */
  show: z.boolean().optional(),
});
export type Field = z.infer<typeof fieldSchema>;

/** Addresses that the product itself uses; a domain of that name could not be opened. */
const RESERVED = ['about', 'admin', 'api', 'artifacts', 'friends', 'recommend', 'welcome', 'your-data'];

/** `domain.json`: all that the product needs to know of a domain besides its rows. */
export const domainConfigSchema = z.object({
  id: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,31}$/, 'lower-case letters, digits and hyphens, a letter first, 32 at the most')
    .refine((id) => !RESERVED.includes(id), `none of ${RESERVED.join(', ')}: these are addresses of the product`),
  label: z.string().min(1),
  item: z.object({ one: z.string().min(1), many: z.string().min(1) }).default({ one: 'item', many: 'items' }),
  verb: z.string().min(1).default('choose'),
  /** What users of the interactions are called. */
  users: z.string().min(1).default('users'),
  /** Every field that the items have, of equal weight, when there is none here. */
  fields: z.array(fieldSchema).default([]),
  /** Drawn from the shown field (else the first field of tags) when absent; text alone is a value of that field. */
  interests: z
    .array(
      z.union([
        z.string().min(1),
        z.object({ label: z.string().min(1), field: z.string(), values: z.array(z.string()).min(1) }),
      ]),
    )
    .optional(),
  /** Values never offered as an interest. */
  notInterests: z.array(z.string()).optional(),
  /** Words that no reason shows, though they count: a term with one of them, in any case, is passed over in silence. */
  notNamed: z.array(z.string()).optional(),
  /** `{imdb: "https://www.imdb.com/title/{imdb}/"}`: the name in braces is a key of `external`, or `id`. */
  links: z.record(z.string(), z.string()).default({}),
  /** How long until what people do counts half of what it did, for what is popular now. */
  halfLifeDays: z.number().positive().max(365).optional(),
  /** Who finds the candidates: `server` for catalogs that are too large for a browser to hold. */
  index: z.enum(['browser', 'server']).optional(),
  /** An interaction is a like when its value is above this. Absent: found from the data. */
  positiveAbove: z.number().optional(),
  /** Items with fewer likes than this get no factors. */
  minItemInteractions: z.number().int().positive().default(1),
  /** Users with fewer likes than this are left out of training. */
  minUserInteractions: z.number().int().positive().default(1),
  /** Hyperparameters; those that are left out are searched for on validation users. */
  training: trainingChoiceSchema.prefault({}),
});
export type DomainConfig = z.infer<typeof domainConfigSchema>;

/** One line of `items.jsonl`. */
export const itemRowSchema = z.object({
  /** Unique in the file. A number is taken for its digits. */
  id: z.preprocess(
    (value) => (Number.isSafeInteger(value) ? String(value) : value),
    z.string('must be text, as "318"').trim().min(1, 'must not be empty'),
  ),
  title: z.string('must be text').trim().min(1, 'must not be empty'),
  /** Further titles that the search box should know. */
  aka: z.array(z.string()).optional(),
  year: z.number().int().min(-9999).max(9999).optional(),
  creators: z.array(z.string()).optional(),
  tags: z.record(z.string(), z.array(z.string())).optional(),
  /** Running text; serves only to compute features. */
  text: z.record(z.string(), z.string()).optional(),
  numbers: z.record(z.string(), z.number()).optional(),
  external: z.record(z.string(), z.string()).optional(),
});
export type ItemRow = z.infer<typeof itemRowSchema>;
