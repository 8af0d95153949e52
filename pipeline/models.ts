import type { Manifest } from '../lib/contracts/manifest';
import { FORMAT_VERSION } from '../lib/contracts/manifest';
import type { Training } from '../lib/contracts/training';
import { Engine, type EngineParts } from '../lib/engine/engine';
import { ITEMS_PER_INTEREST } from '../lib/engine/evidence';
import type { Mlp } from '../lib/engine/mlp';
import { mulberry32 } from '../lib/engine/random';
import { LatentRecommender } from '../lib/engine/recommenders/latent';
import { weighTerms } from '../lib/engine/recommenders/tfidf';
import { buildSearchData } from '../lib/engine/search/build';
import { type CatalogColumns, internNames } from '../lib/format/catalog';
import type { ContentColumns } from '../lib/format/content';
import { type LatentColumns, quantiseRows } from '../lib/format/latent';
import type { NeighbourColumns } from '../lib/format/neighbours';
import { type Dataset, heldOutLikes, prepareDataset, transpose } from './dataset';
import type { DomainFolder } from './domain-folder/read';
import { drawInterests, shownField } from './features/interests';
import { extractTerms } from './features/terms';
import type { Progress } from './progress';
import { shuffle } from './shuffle';
import { initialGate, trainGate } from './train/gate';
import { drawGateSamples, type ValidationUser } from './train/gate-samples';
import { trainIals } from './train/ials';
import type { SparseRows } from './train/ials-task';
import { trainItemTower } from './train/item-tower';
import { trainNeighbours } from './train/neighbours';
import { type SearchOptions, searchTraining } from './train/search';
import { usefulTower } from './train/tower-use';
import { trainUserTower } from './train/two-tower';

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

/** Item–item weights kept in all: about two bytes each in the download. */
const MOST_WEIGHTS = 1_600_000;
/** What the user tower learns from: enough that its loss has stopped falling on each of the shipped domains. */
const MOST_TOWER_EXAMPLES = 64_000;
const TOWER_EXAMPLES_PER_LIKE = 5;
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
  let parts = await trainModels(dataset, training, options);
  const tower = trainTower(dataset, parts, options);
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
  const parts = await trainModels(dataset, training, options);
  const tower = chosen.tower && trainTower(dataset, parts, options);
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

/** The models of every signal, and the blend as it is before anything was learned. */
async function trainModels(dataset: Dataset, training: Training, options: TrainingOptions): Promise<EngineParts> {
  const { config, items } = dataset;
  options.progress.start('Terms');
  const content = extractTerms(items, config.fields, config.notNamed);
  options.progress.stop();
  const byItem = transpose(dataset.likes, dataset.warmItems);
  const latent = await trainLatent(dataset, byItem, content, training, options);
  const neighbours = await trainItemItem(dataset, byItem, training, options);
  options.progress.start('Search index');
  const search = buildSearchData(
    items.map((item) => ({
      titles: [item.title, ...(item.aka ?? [])],
      creators: [
        ...(item.creators ?? []),
        ...config.fields.flatMap(({ name, search: wanted }) => (wanted ? (item.tags?.[name] ?? []) : [])),
      ],
      year: item.year ?? null,
    })),
  );
  options.progress.stop();
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
    },
    counts: {
      items: items.length,
      warmItems: dataset.warmItems,
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
  return {
    manifest,
    version: 'unversioned',
    catalog: catalogColumns(dataset),
    content,
    latent,
    neighbours,
    gate: initialGate(options.seed),
    search,
  };
}

async function trainLatent(
  dataset: Dataset,
  byItem: SparseRows,
  content: ContentColumns,
  { latent: { dims, epochs, unobservedWeight, regularization } }: Training,
  { seed, threads, progress, onLoss }: TrainingOptions,
): Promise<LatentColumns> {
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
  const termFactors = trainItemTower(weighTerms(content), content.terms.length, itemFactors, dataset.popularity, {
    dims,
    ...ITEM_TOWER,
  });
  progress.stop();
  const terms = quantiseRows(termFactors, dims);
  return {
    dims,
    ...quantiseRows(itemFactors, dims),
    unobservedWeight,
    regularization,
    itemCount: dataset.warmItems,
    termQuantised: terms.quantised,
    termScales: terms.scales,
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
    { ...neighbours, mostWeights: MOST_WEIGHTS, threads },
    (items) => progress.update(items),
  );
  progress.stop();
  return columns;
}

function trainTower(
  { likes, popularity }: Dataset,
  { latent, content, neighbours, manifest }: EngineParts,
  { seed, progress }: TrainingOptions,
): Mlp {
  const examples = Math.min(MOST_TOWER_EXAMPLES, TOWER_EXAMPLES_PER_LIKE * likes.columns.length);
  progress.start('User tower (examples)', examples);
  const space = new LatentRecommender(latent, weighTerms(content));
  const tower = trainUserTower(
    {
      likes,
      itemFactors: space.factors,
      dims: latent.dims,
      contentFactors: space.contentFactors(),
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
  return tower;
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
