import type { Manifest } from '../lib/contracts/manifest';
import { FORMAT_VERSION } from '../lib/contracts/manifest';
import type { EngineParts } from '../lib/engine/engine';
import { buildSearchData } from '../lib/engine/search/build';
import { type CatalogColumns, internNames } from '../lib/format/catalog';
import { type LatentColumns, quantiseRows } from '../lib/format/latent';
import { type Dataset, transpose } from './dataset';
import { drawInterests, shownField } from './features/interests';
import { extractTerms } from './features/terms';
import type { Progress } from './progress';
import { trainIals } from './train/ials';

export interface TrainingOptions {
  seed: number;
  threads: number;
  progress: Progress;
  /** Hears the loss after each epoch. */
  onLoss?: (epoch: number, loss: number) => void;
}

/** Latent dimensions of the shipped models. */
const DIMS = 64;
/** What matrix factorisation is trained with where `domain.json` does not say. */
const TRAINING = { epochs: 12, unobservedWeight: 0.1, regularization: 0.003 };

/** Everything the engine needs, made from a data set; the manifest names no files yet. */
export async function trainModels(dataset: Dataset, options: TrainingOptions): Promise<EngineParts> {
  const { config, items } = dataset;
  options.progress.start('Terms');
  const content = extractTerms(items, config.fields, config.notNamed);
  options.progress.stop();
  const latent = await trainLatent(dataset, options);
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
    blend: config.blend,
    artifacts: [],
  };
  return { manifest, version: 'unversioned', catalog: catalogColumns(dataset), content, latent, search };
}

async function trainLatent(
  dataset: Dataset,
  { seed, threads, progress, onLoss }: TrainingOptions,
): Promise<LatentColumns> {
  const { unobservedWeight, regularization, epochs } = { ...TRAINING, ...dataset.config.training };
  progress.start('Latent factors (epochs)', epochs);
  const { itemFactors } = await trainIals(
    dataset.likes,
    transpose(dataset.likes, dataset.warmItems),
    { dims: DIMS, epochs, unobservedWeight, regularization, seed, threads },
    (epoch, loss) => {
      progress.update(epoch);
      onLoss?.(epoch, loss);
    },
  );
  progress.stop();
  return {
    dims: DIMS,
    ...quantiseRows(itemFactors, DIMS),
    unobservedWeight,
    regularization,
    itemCount: dataset.warmItems,
  };
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
