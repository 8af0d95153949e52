import { z } from 'zod';
import { domainConfigSchema } from '../../lib/contracts/domain-folder';

/** The format of an evaluation: `inkpick evaluate --json` writes it and `inkpick evaluation-report` reads it. */

const count = z.number().int().nonnegative();
/** A mean over users and its 95 % confidence interval. */
const estimateSchema = z.object({ mean: z.number(), low: z.number(), high: z.number() });

/** Metrics with one value per user. */
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

/** Metrics by which rows are compared with each other. */
const COMPARED_METRICS = ['ndcg10', 'ndcg100', 'recall20'] as const;
export type ComparedMetric = (typeof COMPARED_METRICS)[number];

const differenceSchema = z.object({
  metric: z.enum(COMPARED_METRICS),
  /** Name of the row that is subtracted from hybrid. */
  against: z.string(),
  /** Whether that row is the signal with the highest mean of this metric. */
  isBestSignal: z.boolean(),
  ...estimateSchema.shape,
});
export type Difference = z.infer<typeof differenceSchema>;

const rowSchema = z.object({
  name: z.string(),
  metrics: z.record(z.enum(USER_METRICS), estimateSchema),
  /** Share of the catalog that is in some user's top 20. */
  coverage20: z.number(),
  /** Gini coefficient of how often each warm item is in a top 20. */
  gini20: z.number(),
});
export type QualityRow = z.infer<typeof rowSchema>;

const qualitySchema = z.object({
  /** Number of items in the given history; null means all. */
  length: z.number().int().positive().nullable(),
  users: count,
  rows: z.array(rowSchema),
  differences: z.array(differenceSchema),
});
export type Quality = z.infer<typeof qualitySchema>;

export const COLD_SCENARIOS = ['cold', 'warm', 'all'] as const;

const coldSchema = z.object({
  /** Number of warm items whose interactions were removed from training. */
  items: count,
  scenarios: z.array(
    z.object({
      /** Which hidden items are relevant. */
      name: z.enum(COLD_SCENARIOS),
      users: count,
      rows: z.array(z.object({ name: z.string(), recall20: estimateSchema, ndcg10: estimateSchema })),
      differences: z.array(differenceSchema),
    }),
  ),
});
export type ColdResults = z.infer<typeof coldSchema>;

const annSchema = z.object({
  /** Number of vectors in the graph. */
  size: count,
  k: count,
  lengths: z.array(z.object({ length: qualitySchema.shape.length, users: count, recall: estimateSchema })),
});
export type AnnResults = z.infer<typeof annSchema>;

const diversitySchema = z.object({
  users: count,
  /** By falling λ = 1 − diversity; the first is pure relevance. */
  points: z.array(z.object({ diversity: z.number(), ndcg10: estimateSchema, diversity20: estimateSchema })).min(1),
  /** The largest diversity up to which NDCG@10 is never more than 2 % below pure relevance. */
  largest: z.number(),
  /** The product's default. */
  inForce: z.number(),
});
export type DiversityResults = z.infer<typeof diversitySchema>;

const aboutnessSchema = z.object({
  /** Number of items that were named one by one. */
  named: count,
  /** Number of judged pairs; 0 without any. */
  judgedPairs: count,
  rows: z.array(
    z.object({
      name: z.string(),
      /** Share of the first ten for a named item that are among the 50 most popular. */
      headShare10: z.number(),
      /** Number of distinct items among all first tens. */
      distinct10: count,
      /** Mean Jaccard overlap of the first tens of two items. */
      overlap10: z.number(),
      /** Share of the items with a well-liked sibling in their collection that have one in the first ten. */
      siblings10: z.number().nullable(),
      /** Share of the judged pairs that are in the first 10 and 20 of the list for the seed. */
      recall10: estimateSchema.nullable(),
      recall20: estimateSchema.nullable(),
      /** Share of the first 20 for a judged seed that are among the 50 most popular. */
      judgedHeadShare20: z.number().nullable(),
    }),
  ),
  lengths: z.array(
    z.object({
      length: qualitySchema.shape.length,
      rows: z.array(
        z.object({
          name: z.string(),
          /** Divergence between the popularity of history and list. */
          popularityDivergence: estimateSchema,
          /** Divergence of the list's tags from the history's; null without tags. */
          tagDivergence: estimateSchema.nullable(),
          /** NDCG@10 with gains (n + 1)^−β for β = 0, 0.5, 1. */
          stratifiedNdcg10: z.array(estimateSchema),
        }),
      ),
    }),
  ),
});
export type Aboutness = z.infer<typeof aboutnessSchema>;

/** What each setting of the gate costs and gains; pipeline/train/choose-gate.ts has the meaning. */
const gatePointSchema = z.object({
  headCost: z.number(),
  relatedRecall20: z.number().nullable(),
  headShare20: z.number(),
  ndcg10: z.array(z.number().nullable()),
});

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
    /** Held-out users with at least one hidden and one given item, before any limit. */
    heldOutUsers: count,
    /** The value of `--users`; null means no limit. */
    limit: count.nullable(),
    /** Whether factors and weights were kept as trained. */
    unquantised: z.boolean(),
    /** The largest number of users for short histories, diversity and ANN. */
    fewerUsers: count,
    bootstrapRounds: count,
    /** Interactions with a value above this are likes; null means all are. */
    positiveAbove: z.number().nullable(),
  }),
  catalog: z.object({ items: count, warmItems: count, interactions: count }),
  quality: z.array(qualitySchema),
  aboutness: aboutnessSchema,
  gate: z.array(gatePointSchema),
  cold: coldSchema.nullable(),
  ann: annSchema.nullable(),
  diversity: diversitySchema,
});
export type Evaluation = z.infer<typeof evaluationSchema>;
