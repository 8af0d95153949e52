import type { Training } from '../../lib/contracts/training';
import { weighTerms } from '../../lib/engine/catalog/tfidf';
import type { EngineParts } from '../../lib/engine/engine';
import { ITEMS_PER_INTEREST } from '../../lib/engine/ranking/evidence';
import { LatentRecommender } from '../../lib/engine/recommenders/latent';
import type { ItemTowerColumns } from '../../lib/format/item-tower';
import type { LatentColumns } from '../../lib/format/latent';
import type { NeighbourColumns } from '../../lib/format/neighbours';
import { roundWeights } from '../../lib/format/onnx';
import type { Mlp } from '../../lib/math/mlp';
import { type SparseMatrix, type SparseRows, transpose } from '../../lib/math/sparse';
import type { Dataset } from '../dataset/dataset';
import { extractTerms } from '../features/terms';
import { toCatalogColumns } from './catalog-columns';
import { createManifest } from './manifest';
import type { TrainingOptions } from './options';
import { quantiseUniformly } from './quantise-rows';
import type { RelatedWeights } from './related/fit-related';
import { prepareRelatedData } from './related/related-data';
import type { RelatedData } from './related/related-features';
import { trainRelated } from './related/train-related';
import { initialGate } from './train-gate';
import { trainIals } from './train-ials';
import { contentFactors, quantiseItemTower, trainItemTower } from './train-item-tower';
import { trainNeighbours } from './train-neighbours';
import { trainUserTower } from './train-user-tower';

/** Item–item weights kept per item on average, and in total: about 1.2 bytes each in the download. */
const WEIGHTS_PER_ITEM = 50;
const MAX_WEIGHTS = 1_400_000;
/** Training examples of the user tower: its loss has stopped falling by then on each of the shipped domains. */
const MAX_TOWER_EXAMPLES = 64_000;
const TOWER_EXAMPLES_PER_LIKE = 5;
/**
 * Steps per root mean square of the item factors: about 3 bits a number in the download. docs/adr/0004 has the loss.
 */
const FACTOR_FINENESS = 4;
const ITEM_TOWER = { regularization: 10, baseWeight: 1 };

export interface SignalModels {
  /** The parts of an engine with an untrained gate and without a user tower. */
  parts: EngineParts;
  /** Predictions of the item tower for every warm item, warm × dims. */
  contentFactors: Float32Array;
  /** How relatedness was weighed. */
  relatedWeights: RelatedWeights;
}

/**
 * Trains the models of all signals.
 *
 * @param weighRelated finds or knows the weights of relatedness
 */
export async function trainSignalModels(
  dataset: Dataset,
  training: Training,
  weighRelated: (data: RelatedData) => RelatedWeights,
  options: TrainingOptions,
): Promise<SignalModels> {
  const { config, items } = dataset;
  options.progress.start('Terms');
  const headItems = dataset.warmItems > 0 ? dataset.warmItems : items.length;
  const content = extractTerms(items, config.fields, config.notNamed, headItems);
  options.progress.stop();
  const byItem = transpose(dataset.likes, dataset.warmItems);
  const termRows = weighTerms(content);
  const termCount = content.terms.length;
  const { latent, itemTower, contentFactors } = await trainLatent(
    dataset,
    byItem,
    { termRows, termCount },
    training,
    options,
  );
  const neighbours = await trainItemItem(dataset, byItem, training, options);
  const { related, relatedWeights } = await trainRelatedness(dataset, byItem, termRows, weighRelated, options);
  const parts: EngineParts = {
    manifest: createManifest(dataset, content, training, headItems),
    version: 'unversioned',
    catalog: toCatalogColumns(dataset),
    content,
    latent,
    itemTower,
    neighbours,
    related,
    gate: initialGate(options.seed),
  };
  return { parts, contentFactors, relatedWeights };
}

async function trainLatent(
  dataset: Dataset,
  byItem: SparseRows,
  { termRows, termCount }: { termRows: SparseMatrix; termCount: number },
  { latent: { dims, epochs, unobservedWeight, regularization } }: Training,
  { seed, threads, progress, onLoss, unquantised }: TrainingOptions,
): Promise<{ latent: LatentColumns; itemTower: ItemTowerColumns; contentFactors: Float32Array }> {
  progress.start('Latent factors (epochs)', epochs);
  const { itemFactors } = await trainIals(
    dataset.likes,
    byItem,
    { dims, epochs, unobservedWeight, regularization, seed, threads },
    (epoch, loss) => {
      progress.update(epoch);
      onLoss?.(epoch, loss);
    },
  );
  progress.stop();
  progress.start('Item tower');
  const termFactors = trainItemTower(termRows, termCount, itemFactors, dataset.popularity, {
    dims,
    ...ITEM_TOWER,
  });
  progress.stop();
  const warm = dataset.warmItems;
  return {
    latent: {
      dims,
      ...(unquantised ? unscaled(itemFactors, dims) : quantiseUniformly(itemFactors, dims, FACTOR_FINENESS)),
      unobservedWeight,
      regularization,
      itemCount: warm,
    },
    itemTower: unquantised
      ? { dims, termCount, terms: Uint32Array.from({ length: termCount }, (_, i) => i), ...unscaled(termFactors, dims) }
      : quantiseItemTower(termRows, termFactors, dims, warm),
    contentFactors: contentFactors(termRows, termFactors, dims, warm),
  };
}

/** Factors as they were trained, in the columns of quantised ones. */
const unscaled = (factors: Float32Array, dims: number) => ({
  quantised: factors,
  scales: new Float32Array(factors.length / dims).fill(1),
});

async function trainItemItem(
  dataset: Dataset,
  byItem: SparseRows,
  { neighbours }: Training,
  { threads, progress, unquantised }: TrainingOptions,
): Promise<NeighbourColumns> {
  progress.start('Neighbours (items)', dataset.warmItems);
  const columns = await trainNeighbours(
    dataset.likes,
    byItem,
    { ...neighbours, maxWeights: Math.min(MAX_WEIGHTS, WEIGHTS_PER_ITEM * dataset.warmItems), unquantised, threads },
    (items) => progress.update(items),
  );
  progress.stop();
  return columns;
}

async function trainRelatedness(
  dataset: Dataset,
  byItem: SparseRows,
  termRows: SparseMatrix,
  weighRelated: (data: RelatedData) => RelatedWeights,
  { threads, progress, unquantised }: TrainingOptions,
): Promise<{ related: NeighbourColumns; relatedWeights: RelatedWeights }> {
  progress.start('Related items (items)', dataset.warmItems);
  const data = prepareRelatedData(dataset, byItem, termRows);
  const relatedWeights = weighRelated(data);
  const related = await trainRelated(data, relatedWeights, { threads, unquantised }, (items) => progress.update(items));
  progress.stop();
  return { related, relatedWeights };
}

/** Trains the user tower on the models of a data set. Its weights are rounded as in the artifact. */
export function trainTowerOn(
  { likes, popularity }: Dataset,
  { parts: { latent, neighbours, manifest }, contentFactors }: SignalModels,
  { seed, progress }: TrainingOptions,
): Mlp {
  const examples = Math.min(MAX_TOWER_EXAMPLES, TOWER_EXAMPLES_PER_LIKE * likes.columns.length);
  progress.start('User tower (examples)', examples);
  const space = new LatentRecommender(latent);
  const tower = trainUserTower(
    {
      likes,
      itemFactors: space.itemFactors(),
      dims: latent.dims,
      contentFactors,
      counts: popularity,
      similar: neighbours.rows,
      interests: manifest.interests.map(({ items }) => ({
        vector: space.interestVector(items.slice(0, ITEMS_PER_INTEREST)) ?? new Float32Array(latent.dims),
        items: new Set(items),
      })),
    },
    { seed, examples, onBatch: (seen) => progress.update(seen) },
  );
  progress.stop();
  // Rounded already here, so that the comparison with the fold-in judges the tower as shipped.
  return roundWeights(tower);
}
