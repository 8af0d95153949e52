import type { LatentColumns } from '../../format/latent';
import type { NeighbourColumns } from '../../format/neighbours';
import { type ContentData, ContentRecommender } from './content';
import { type LatentData, LatentRecommender } from './latent';
import { NeighboursRecommender } from './neighbours';
import { type PopularityData, PopularRecommender } from './popular';
import type { Recommender } from './recommender';
import { SocialRecommender } from './social';

/** The trained models that signals are made from. */
export interface SignalModels {
  latent: LatentColumns;
  neighbours: NeighbourColumns;
}

/** What the signals read of a domain's data; a `DomainData` has it all. */
export type SignalData = ContentData & LatentData & PopularityData;

/**
 * Creates every signal of the hybrid. To add one: a file here that implements `Recommender`, a line below, its name
 * among the signals of lib/contracts/engine.ts, and its subjects in recommender.test.ts. The order is that of the terms
 * of a score; learned signals come first, in the order of the gate's outputs.
 */
export function createRecommenders(models: SignalModels, data: SignalData) {
  return {
    content: new ContentRecommender(data),
    latent: new LatentRecommender(models.latent, data),
    neighbours: new NeighboursRecommender(models.neighbours),
    popular: new PopularRecommender(data),
    social: new SocialRecommender(),
  } satisfies Record<string, Recommender>;
}

export type Recommenders = ReturnType<typeof createRecommenders>;
