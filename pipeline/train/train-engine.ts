import type { Manifest } from '../../lib/contracts/manifest';
import { FORMAT_VERSION } from '../../lib/contracts/manifest';
import type { Training } from '../../lib/contracts/training';
import { weighTerms } from '../../lib/engine/catalog/tfidf';
import { Engine, type EngineParts } from '../../lib/engine/engine';
import { ITEMS_PER_INTEREST } from '../../lib/engine/ranking/evidence';
import { LatentRecommender } from '../../lib/engine/recommenders/latent';
import { type CatalogColumns, internNames } from '../../lib/format/catalog';
import type { ContentColumns } from '../../lib/format/content';
import type { ItemTowerColumns } from '../../lib/format/item-tower';
import type { LatentColumns } from '../../lib/format/latent';
import type { NeighbourColumns } from '../../lib/format/neighbours';
import { roundWeights } from '../../lib/format/onnx';
import type { Mlp } from '../../lib/math/mlp';
import { mulberry32 } from '../../lib/math/random';
import { shuffle } from '../../lib/math/shuffle';
import { type SparseRows, transpose } from '../../lib/math/sparse';
import { type Dataset, heldOutLikes, prepareDataset } from '../dataset';
import type { DomainFolder } from '../domain-folder/read';
import { drawInterests, shownField } from '../features/resolve-interests';
import { extractTerms } from '../features/terms';
import type { Progress } from '../io/progress';
import { initialGate, trainGate } from './gate';
import { drawGateSamples, type ValidationUser } from './gate-samples';
import { type SearchOptions, searchTraining } from './hyperparameters';
import { trainIals } from './ials';
import { contentFactors, packItemTower, trainItemTower } from './item-tower';
import { trainNeighbours } from './neighbours';
import { quantiseAlike } from './quantise-rows';
import { usefulTower } from './tower-use';
import { trainUserTower } from './two-tower';

export interface TrainingOptions {
  seed: number;
  threads: number;
  progress: Progress;
  /** Hears the loss after each epoch. */
  onLoss?: (epoch: number, loss: number) => void;
  /** Hears of every setting that the search for hyperparameters tried. */
  onTried?: SearchOptions['onTried'];
}

/** Users of a folder, by number, and what they are for. */
export interface UserSplit {
  training: ReadonlySet<number>;
  /** Nothing but the blend and the hyperparameters is chosen by them. */
  validation: readonly number[];
}

/** Item–item weights kept by item and in all: about 1.2 bytes each in the download. */
const WEIGHTS_PER_ITEM = 50;
const MOST_WEIGHTS = 1_400_000;
/** What the user tower learns from: enough that its loss has stopped falling on each of the shipped domains. */
const MOST_TOWER_EXAMPLES = 64_000;
const TOWER_EXAMPLES_PER_LIKE = 5;
/** Steps in the root mean square of the item factors: about 3 bits a number in the download; docs/adr/0004 has the loss. */
const FACTOR_FINENESS = 4;
const ITEM_TOWER = { regularization: 10, leastWeight: 1 };

/** Share of the users whom a build asks which settings and blend serve them best, and how many at the most. */
const VALIDATION_SHARE = 0.1;
const MOST_VALIDATION_USERS = 3000;

/**
 * Everything the engine needs, trained on some users, with hyperparameters, tower and blend chosen by others. Nothing of
 * any further user enters. The manifest names no files yet.
 *
 * @param options `coldItems`: ids of items whose interactions are left out
 */
export async function trainEngine(
  folder: DomainFolder,
  users: UserSplit,
  options: TrainingOptions & { coldItems?: ReadonlySet<string> },
): Promise<EngineParts> {
  const { coldItems, seed, progress } = options;
  const dataset = prepareDataset(folder, { isTrainingUser: (user) => users.training.has(user), coldItems });
  const validation = heldOutLikes(folder, dataset, users.validation);
  const training = await chooseTraining(dataset, validation, options);
  const models = await trainModels(dataset, training, options);
  let { parts } = models;
  const tower = trainTower(dataset, models, options);
  const towerMostLikes = usefulTower(parts, tower, validation, seed);
  if (towerMostLikes > 0) parts = { ...parts, tower, manifest: { ...parts.manifest, towerMostLikes } };
  progress.start('Gate');
  const engine = new Engine(parts, () => 0);
  const gate = trainGate(drawGateSamples(engine, validation, seed), seed);
  progress.stop();
  return { ...parts, gate };
}

/**
 * As {@link trainEngine}, for a release: once everything was chosen by the validation users, the models are trained again
 * on all users, theirs included.
 */
export async function trainRelease(folder: DomainFolder, options: TrainingOptions): Promise<EngineParts> {
  const users = splitForRelease(folder, options.seed);
  const chosen = await trainEngine(folder, users, options);
  if (users.validation.length === 0) return chosen;
  const { training, towerMostLikes } = chosen.manifest;
  const dataset = prepareDataset(folder);
  const models = await trainModels(dataset, training, options);
  const { parts } = models;
  const tower = chosen.tower && trainTower(dataset, models, options);
  return { ...parts, gate: chosen.gate, tower, manifest: { ...parts.manifest, towerMostLikes } };
}

/** The hyperparameters that a search finds for a folder, whatever its `domain.json` sets. */
export async function tune(folder: DomainFolder, options: TrainingOptions): Promise<Training> {
  const open = { ...folder, config: { ...folder.config, training: { latent: {}, neighbours: {} } } };
  const { training, validation } = splitForRelease(folder, options.seed);
  const dataset = prepareDataset(open, { isTrainingUser: (user) => training.has(user) });
  return chooseTraining(dataset, heldOutLikes(open, dataset, validation), options);
}

function splitForRelease({ interactions }: DomainFolder, seed: number): UserSplit {
  const users = Array.from(interactions.userIds.keys());
  shuffle(users, mulberry32(seed));
  const validation = users.slice(0, Math.min(MOST_VALIDATION_USERS, Math.floor(VALIDATION_SHARE * users.length)));
  return { training: new Set(users.slice(validation.length)), validation };
}

/** Hyperparameters that `domain.json` leaves open are searched for. */
async function chooseTraining(
  dataset: Dataset,
  validation: readonly ValidationUser[],
  { seed, threads, progress, onTried }: TrainingOptions,
): Promise<Training> {
  const rowOf = new Map(dataset.items.slice(0, dataset.warmItems).map(({ id }, row) => [id, row]));
  const users = validation.map(({ likes }) => likes.flatMap(({ id }) => rowOf.get(id) ?? []));
  progress.start('Hyperparameters');
  const training = await searchTraining(dataset.likes, dataset.warmItems, users, dataset.config.training, {
    seed,
    threads,
    onTried,
  });
  progress.stop();
  return training;
}

interface TrainedModels {
  parts: EngineParts;
  /** What content says of the factors of every warm item, warm × dims. */
  contentFactors: Float32Array;
}

/** The models of every signal, and the blend as it is before anything was learned. */
async function trainModels(dataset: Dataset, training: Training, options: TrainingOptions): Promise<TrainedModels> {
  const { config, items } = dataset;
  options.progress.start('Terms');
  const headItems = dataset.warmItems > 0 ? dataset.warmItems : items.length;
  const content = extractTerms(items, config.fields, config.notNamed, headItems);
  options.progress.stop();
  const byItem = transpose(dataset.likes, dataset.warmItems);
  const { latent, itemTower, contentFactors } = await trainLatent(dataset, byItem, content, training, options);
  const neighbours = await trainItemItem(dataset, byItem, training, options);
  const manifest: Manifest = {
    magic: 'inkpick',
    formatVersion: FORMAT_VERSION,
    domain: {
      id: config.id,
      label: config.label,
      item: config.item,
      verb: config.verb,
      users: config.users,
      links: config.links,
      ...(config.halfLifeDays !== undefined && { halfLifeDays: config.halfLifeDays }),
      ...(config.index !== undefined && { index: config.index }),
    },
    counts: {
      items: items.length,
      warmItems: dataset.warmItems,
      headItems,
      users: dataset.likes.offsets.length - 1,
      interactions: dataset.likes.columns.length,
      terms: content.terms.length,
    },
    interests: drawInterests(config, items, dataset.popularity, content),
    positiveAbove: dataset.positiveAbove,
    training,
    towerMostLikes: 0,
    artifacts: [],
  };
  const parts: EngineParts = {
    manifest,
    version: 'unversioned',
    catalog: catalogColumns(dataset),
    content,
    latent,
    itemTower,
    neighbours,
    gate: initialGate(options.seed),
  };
  return { parts, contentFactors };
}

async function trainLatent(
  dataset: Dataset,
  byItem: SparseRows,
  content: ContentColumns,
  { latent: { dims, epochs, unobservedWeight, regularization } }: Training,
  { seed, threads, progress, onLoss }: TrainingOptions,
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
  const rows = weighTerms(content);
  const termFactors = trainItemTower(rows, content.terms.length, itemFactors, dataset.popularity, {
    dims,
    ...ITEM_TOWER,
  });
  progress.stop();
  const warm = dataset.warmItems;
  return {
    latent: {
      dims,
      ...quantiseAlike(itemFactors, dims, FACTOR_FINENESS),
      unobservedWeight,
      regularization,
      itemCount: warm,
    },
    itemTower: packItemTower(rows, termFactors, dims, warm),
    contentFactors: contentFactors(rows, termFactors, dims, warm),
  };
}

async function trainItemItem(
  dataset: Dataset,
  byItem: SparseRows,
  { neighbours }: Training,
  { threads, progress }: TrainingOptions,
): Promise<NeighbourColumns> {
  progress.start('Neighbours (items)', dataset.warmItems);
  const columns = await trainNeighbours(
    dataset.likes,
    byItem,
    { ...neighbours, mostWeights: Math.min(MOST_WEIGHTS, WEIGHTS_PER_ITEM * dataset.warmItems), threads },
    (items) => progress.update(items),
  );
  progress.stop();
  return columns;
}

function trainTower(
  { likes, popularity }: Dataset,
  { parts: { latent, neighbours, manifest }, contentFactors }: TrainedModels,
  { seed, progress }: TrainingOptions,
): Mlp {
  const examples = Math.min(MOST_TOWER_EXAMPLES, TOWER_EXAMPLES_PER_LIKE * likes.columns.length);
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
  // As it is shipped, so that it is judged as it will be.
  return roundWeights(tower);
}

function catalogColumns({ config, items, popularity }: Dataset): CatalogColumns {
  const creators = internNames(items.map((item) => item.creators ?? []));
  const shown = shownField(config);
  const tags = internNames(items.map((item) => (shown === undefined ? [] : (item.tags?.[shown] ?? []))));
  const keys = [...new Set(items.flatMap((item) => Object.keys(item.external ?? {})))].sort();
  return {
    ids: items.map(({ id }) => id),
    titles: items.map(({ title }) => title),
    aka: new Map(items.flatMap((item, row) => (item.aka?.length ? [[row, item.aka] as const] : []))),
    years: Int16Array.from(items, ({ year }) => year ?? 0),
    creatorNames: creators.names,
    creators: creators.lists,
    tagNames: tags.names,
    tags: tags.lists,
    popularity,
    external: new Map(keys.map((key) => [key, items.map((item) => item.external?.[key] ?? '')])),
  };
}
