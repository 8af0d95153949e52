import { z } from 'zod';
import { domainConfigSchema } from '../../lib/contracts/domain-folder';

/** The whole of one evaluation, as `inkpick evaluate --json` writes it and `inkpick evaluation-report` reads it. */

const count = z.number().int().nonnegative();
/** A mean over users with its 95 % interval. */
const estimateSchema = z.object({ mean: z.number(), low: z.number(), high: z.number() });

/** Measures that every user has a value of. */
export const USER_METRICS = [
  'precision10',
  'recall20',
  'recall50',
  'recall1000',
  'ndcg10',
  'ndcg100',
  'mrr',
  'diversity20',
  'novelty20',
] as const;
export type UserMetric = (typeof USER_METRICS)[number];

/** By which rows are held against each other. */
const COMPARED_METRICS = ['ndcg10', 'ndcg100', 'recall20'] as const;
export type ComparedMetric = (typeof COMPARED_METRICS)[number];

const differenceSchema = z.object({
  metric: z.enum(COMPARED_METRICS),
  /** Name of the row that is subtracted from hybrid. */
  against: z.string(),
  /** True where that row is the signal with the highest mean of this metric. */
  isBestSignal: z.boolean(),
  ...estimateSchema.shape,
});
export type Difference = z.infer<typeof differenceSchema>;

const rowSchema = z.object({
  name: z.string(),
  metrics: z.record(z.enum(USER_METRICS), estimateSchema),
  /** Share of the catalog that is in anyone's first 20. */
  coverage20: z.number(),
  /** Of how often each warm item is in anyone's first 20. */
  gini20: z.number(),
});
export type QualityRow = z.infer<typeof rowSchema>;

const qualitySchema = z.object({
  /** Items of history given; null: all. */
  length: z.number().int().positive().nullable(),
  users: count,
  rows: z.array(rowSchema),
  differences: z.array(differenceSchema),
});
export type Quality = z.infer<typeof qualitySchema>;

export const COLD_SCENARIOS = ['cold', 'warm', 'all'] as const;

const coldSchema = z.object({
  /** How many warm items were taken out of training. */
  items: count,
  scenarios: z.array(
    z.object({
      /** Which hidden items are counted. */
      name: z.enum(COLD_SCENARIOS),
      users: count,
      rows: z.array(z.object({ name: z.string(), recall20: estimateSchema, ndcg10: estimateSchema })),
      differences: z.array(differenceSchema),
    }),
  ),
});
export type ColdTrial = z.infer<typeof coldSchema>;

const annSchema = z.object({
  /** Vectors in the graph. */
  size: count,
  k: count,
  lengths: z.array(z.object({ length: qualitySchema.shape.length, users: count, recall: estimateSchema })),
});
export type AnnTrial = z.infer<typeof annSchema>;

const diversitySchema = z.object({
  users: count,
  /** In falling λ = 1 − diversity; the first is pure relevance. */
  points: z.array(z.object({ diversity: z.number(), ndcg10: estimateSchema, diversity20: estimateSchema })).min(1),
  /** The largest diversity up to which NDCG@10 is never more than 2 % below pure relevance. */
  largest: z.number(),
  /** What the product uses where nobody moves the slider. */
  inForce: z.number(),
});
export type DiversityTrial = z.infer<typeof diversitySchema>;

export const evaluationSchema = z.object({
  format: z.literal('inkpick-evaluation'),
  domain: z.object({
    id: domainConfigSchema.shape.id,
    label: z.string(),
    item: z.object({ one: z.string(), many: z.string() }),
    users: z.string(),
  }),
  protocol: z.object({
    seed: count,
    on: z.enum(['test', 'validation']),
    /** Users in training. */
    trainingUsers: count,
    /** Held-out users with something to hide, before any limit. */
    heldOutUsers: count,
    /** `--users`; null: no limit. */
    limit: count.nullable(),
    /** At short histories, for diversity and for ANN no more users than this were asked. */
    fewerUsers: count,
    bootstrapRounds: count,
    /** Interactions are likes above this value; null: every one is. */
    positiveAbove: z.number().nullable(),
  }),
  catalog: z.object({ items: count, warmItems: count, interactions: count }),
  quality: z.array(qualitySchema),
  cold: coldSchema.nullable(),
  ann: annSchema.nullable(),
  diversity: diversitySchema,
});
export type Evaluation = z.infer<typeof evaluationSchema>;
