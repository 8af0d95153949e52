import type { LatentColumns } from '../../format/latent';
import type { NeighbourColumns } from '../../format/neighbours';
import { type ContentData, ContentRecommender } from './content';
import { ItemItemRecommender, NEIGHBOURS, RELATED } from './item-item';
import { type LatentData, LatentRecommender } from './latent';
import { type PopularityData, PopularRecommender } from './popular';
import type { Recommender } from './recommender';
import { SocialRecommender } from './social';

/** The trained models that signals are made from. */
export interface SignalModels {
  latent: LatentColumns;
  neighbours: NeighbourColumns;
  related: NeighbourColumns;
}

/** What the signals read of a domain's data; a `DomainData` has it all. */
export type SignalData = ContentData & LatentData & PopularityData;

/**
 * Creates every signal of the hybrid. To add one with a weight of its own (as `social` has): a file here that
 * implements `Recommender`, a line below, its name in `ScoreSignal` of lib/contracts/engine.ts, for which the compiler
 * demands a label in components/results/reason-text.ts, and its subjects in recommender.test.ts. A signal whose weight
 * the gate learns belongs in `SIGNALS` there, and needs a build, since the gate has one output for each. The order is
 * that of the terms of a score: learned signals first, in the order of the gate's outputs.
 */
export function createRecommenders(models: SignalModels, data: SignalData) {
  return {
    content: new ContentRecommender(data),
    latent: new LatentRecommender(models.latent, data),
    neighbours: new ItemItemRecommender(models.neighbours, NEIGHBOURS),
    related: new ItemItemRecommender(models.related, RELATED),
    popular: new PopularRecommender(data),
    social: new SocialRecommender(),
  } satisfies Record<string, Recommender>;
}

export type Recommenders = ReturnType<typeof createRecommenders>;
