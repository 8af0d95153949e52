import { z } from 'zod';
import { trainingSchema } from './training';

/** Version of the manifest and of all binary artifacts. A reader refuses any other version. */
export const FORMAT_VERSION = 4;

/** Artifacts that the first personal result needs: the models, and the rows of items with interactions (the head). */
export const HEAD_ARTIFACTS = ['catalog', 'content', 'latent', 'neighbours', 'related', 'gate', 'tower'] as const;
/** The rows of all other items (the tail). A domain without such items has none of these artifacts. */
export const TAIL_ARTIFACTS = ['catalogtail', 'contenttail', 'itemtower'] as const;
/** In order of download. */
export const ARTIFACT_NAMES = [...HEAD_ARTIFACTS, ...TAIL_ARTIFACTS, 'hnsw'] as const;
export type ArtifactName = (typeof ARTIFACT_NAMES)[number];

export const isHeadArtifact = (name: ArtifactName): boolean => (HEAD_ARTIFACTS as readonly string[]).includes(name);

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

export const artifactEntrySchema = z.object({
  name: z.enum(ARTIFACT_NAMES),
  /** File name beside the manifest: `<name>.<first 8 hex digits of sha256>.bin` */
  file: z.string().regex(/^[a-z]+\.[0-9a-f]{8}\.bin$/),
  /** Bytes of the file as shipped (gzip). */
  bytes: z.number().int().positive(),
  /** Bytes after inflating. */
  rawBytes: z.number().int().positive(),
  /** Hash of the file as shipped. */
  sha256,
});
export type ArtifactEntry = z.infer<typeof artifactEntrySchema>;

export const manifestSchema = z.object({
  magic: z.literal('inkpick'),
  formatVersion: z.number().int().positive(),
  domain: z.object({
    id: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/),
    label: z.string().min(1),
    item: z.object({ one: z.string().min(1), many: z.string().min(1) }),
    verb: z.string().min(1),
    users: z.string().min(1),
    links: z.record(z.string(), z.string()),
    /** Half-life of the weight of an event in popularity. Default: a week. */
    halfLifeDays: z.number().positive().optional(),
    /** Where candidates are retrieved. Default: the browser. */
    index: z.enum(['browser', 'server']).optional(),
  }),
  counts: z.object({
    items: z.number().int().nonnegative(),
    /** Number of items with trained factors; they are the first rows of the catalog. */
    warmItems: z.number().int().nonnegative(),
    /** Number of rows in the head artifacts: the warm items, or all items if none is warm. */
    headItems: z.number().int().nonnegative(),
    users: z.number().int().nonnegative(),
    interactions: z.number().int().nonnegative(),
    terms: z.number().int().nonnegative(),
  }),
  interests: z.array(
    z.object({
      id: z.string(),
      label: z.string(),
      /** Indices into the content vocabulary. */
      terms: z.array(z.number().int().nonnegative()),
      /** Catalog rows, most popular first. */
      items: z.array(z.number().int().nonnegative()),
    }),
  ),
  /** Interactions with values above this are likes, in the units of the source; null if every interaction is one. */
  positiveAbove: z.number().nullable(),
  /** Hyperparameters of the models; lib/contracts/training.ts has the units. */
  training: trainingSchema,
  /** The user tower replaces the fold-in for histories of up to this many likes; 0 if there is no tower. */
  towerMostLikes: z.number().int().nonnegative(),
  artifacts: z.array(artifactEntrySchema),
});
export type Manifest = z.infer<typeof manifestSchema>;

/** Schema of `public/artifacts/index.json`: the domains in display order. */
export const artifactIndexSchema = z.object({ domains: z.array(z.string()) });
