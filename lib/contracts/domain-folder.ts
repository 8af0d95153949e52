import { z } from 'zod';
import { trainingChoiceSchema } from './training';

/** A field that the content signal reads: a key of `tags`, `text` or `numbers`, or `title`, `creators`, `year`. */
export const fieldSchema = z.object({
  name: z.string().min(1),
  kind: z.enum(['text', 'tags', 'number']),
  /** Relative weight in TF-IDF; 1 is ordinary. */
  weight: z.number().nonnegative(),
  /** The search box finds values that two or more items share (and always finds creators, titles, years). */
  search: z.boolean().optional(),
  /** Cards show this field; at most one has it. */
  show: z.boolean().optional(),
});
export type Field = z.infer<typeof fieldSchema>;

/** First path segments of the product's own pages; a domain with such an id would have no page. */
const RESERVED = ['about', 'admin', 'api', 'artifacts', 'friends', 'recommend', 'welcome', 'your-data'];

/** Schema of `domain.json`. */
export const domainConfigSchema = z.object({
  id: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,31}$/, 'lower-case letters, digits and hyphens, a letter first, 32 at the most')
    .refine((id) => !RESERVED.includes(id), `none of ${RESERVED.join(', ')}: these are addresses of the product`),
  label: z.string().min(1),
  item: z.object({ one: z.string().min(1), many: z.string().min(1) }).default({ one: 'item', many: 'items' }),
  verb: z.string().min(1).default('choose'),
  /** The domain's word for its users, in the plural. */
  users: z.string().min(1).default('users'),
  /** If empty, all fields of the items are used with equal weight. */
  fields: z.array(fieldSchema).default([]),
  /** Default: chosen from the shown field, or else from the first field of tags. A string is a value of that field. */
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
  /** Reasons do not show terms that contain one of these words, in any case; the terms are scored all the same. */
  notNamed: z.array(z.string()).optional(),
  /** Such as `{imdb: "https://www.imdb.com/title/{imdb}/"}`: the name in braces is a key of `external`, or `id`. */
  links: z.record(z.string(), z.string()).default({}),
  /** Half-life of the weight of an event in popularity. */
  halfLifeDays: z.number().positive().max(365).optional(),
  /** Where candidates are retrieved: `server` for catalogs too large for a browser. */
  index: z.enum(['browser', 'server']).optional(),
  /** An interaction is a like if its value is above this. Default: found from the data. */
  positiveAbove: z.number().optional(),
  /** Items with fewer likes than this get no factors. */
  minItemInteractions: z.number().int().positive().default(1),
  /** Users with fewer likes than this are excluded from training. */
  minUserInteractions: z.number().int().positive().default(1),
  /** Hyperparameters; the build searches for those that are absent, on validation users. */
  training: trainingChoiceSchema.prefault({}),
});
export type DomainConfig = z.infer<typeof domainConfigSchema>;

/** One line of `items.jsonl`. */
export const itemRowSchema = z.object({
  /** Unique in the file. A whole number is read as its digits. */
  id: z.preprocess(
    (value) => (Number.isSafeInteger(value) ? String(value) : value),
    z.string('must be text, as "318"').trim().min(1, 'must not be empty'),
  ),
  title: z.string('must be text').trim().min(1, 'must not be empty'),
  /** Other titles that the search box finds. */
  aka: z.array(z.string()).optional(),
  year: z.number().int().min(-9999).max(9999).optional(),
  creators: z.array(z.string()).optional(),
  tags: z.record(z.string(), z.array(z.string())).optional(),
  /** Who gave a tag, by field and tag: users of the interactions, all of them or none. */
  tagUsers: z.record(z.string(), z.record(z.string(), z.array(z.string()).min(1))).optional(),
  /** Running text; used to compute features only, never shipped. */
  text: z.record(z.string(), z.string()).optional(),
  numbers: z.record(z.string(), z.number()).optional(),
  external: z.record(z.string(), z.string()).optional(),
  /** How many people know the item anywhere, such as its number of ratings elsewhere. */
  popularity: z.number('must be a number').nonnegative().optional(),
  /** Its mean rating, on any scale that is the same for all items. */
  rating: z.number('must be a number').optional(),
});
export type ItemRow = z.infer<typeof itemRowSchema>;
