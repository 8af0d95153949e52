import { beforeAll, describe, expect, it } from 'vitest';
import { domainConfigSchema, type ItemRow } from '../../lib/contracts/domain-folder';
import { manifestSchema } from '../../lib/contracts/manifest';
import { trainingSchema } from '../../lib/contracts/training';
import { Engine, type EngineParts } from '../../lib/engine/engine';
import { toSparseRows } from '../../lib/math/sparse';
import { readTinyDomain, TINY } from '../../testing/tiny-domain';
import { type DomainFolder, RowProblems } from '../domain-folder/read';
import { silentProgress } from '../io/progress';
import type { TrainingOptions } from './options';
import { trainEngine, trainRelease, tune } from './train-engine';
import { initialGate } from './train-gate';

const items: ItemRow[] = [
  { id: 'b1', title: 'Bare' },
  {
    id: 'b2',
    title: 'Full',
    aka: ['Plein', 'Voll'],
    year: -44,
    creators: ['Ana', 'Bo'],
    tags: { genres: ['Drama', 'War'], moods: ['dark'], cast: ['Zoë Quux'] },
    external: { imdb: 'tt2', tmdb: '7' },
  },
  {
    id: 'b3',
    title: 'Half',
    creators: ['Bo'],
    tags: { genres: ['War'], cast: ['Zoë Quux'] },
    external: { imdb: 'tt3' },
  },
];
const folder: DomainFolder = {
  config: domainConfigSchema.parse({
    id: 'books',
    label: 'Books',
    item: { one: 'book', many: 'books' },
    fields: [
      { name: 'moods', kind: 'tags', weight: 1 },
      { name: 'genres', kind: 'tags', weight: 1, show: true },
      { name: 'cast', kind: 'tags', weight: 0, search: true },
    ],
    links: { imdb: 'https://imdb.example/{imdb}' },
    minItemInteractions: 2,
    training: { latent: { epochs: 3, regularization: 0.02 }, neighbours: { neighbours: 7 } },
  }),
  items,
  // Likes: b2 has three, b3 two, b1 one.
  interactions: {
    userIds: ['u', 'v', 'w'],
    users: Uint32Array.of(0, 1, 2, 0, 1, 2),
    items: Uint32Array.of(1, 1, 1, 2, 2, 0),
    values: new Float32Array(6).fill(Number.NaN),
    timestamps: new Float64Array(6),
  },
  related: [],
  problems: new RowProblems(),
};
const train = (changes: Partial<TrainingOptions> = {}) =>
  trainRelease(folder, { seed: 1, threads: 1, progress: silentProgress, ...changes });

let parts: EngineParts;
let losses: number[];
beforeAll(async () => {
  losses = [];
  parts = await train({ onLoss: (_, loss) => losses.push(loss) });
});

describe('trainRelease', () => {
  it('writes the items as columns, most liked first', () => {
    expect(parts.catalog).toEqual({
      ids: ['b2', 'b3', 'b1'],
      titles: ['Full', 'Half', 'Bare'],
      aka: new Map([[0, ['Plein', 'Voll']]]),
      years: Int16Array.of(-44, 0, 0),
      creatorNames: ['Ana', 'Bo'],
      creators: toSparseRows([[0, 1], [1], []]),
      tagNames: ['Drama', 'War'],
      tags: toSparseRows([[0, 1], [1], []]),
      popularity: Uint32Array.of(3, 2, 1),
      external: new Map([
        ['imdb', ['tt2', 'tt3', '']],
        ['tmdb', ['7', '', '']],
      ]),
    });
  });

  it('writes a valid manifest with correct counts', () => {
    expect(manifestSchema.parse(parts.manifest)).toEqual(parts.manifest);
    expect(parts.manifest).toMatchObject({
      domain: { id: 'books', verb: 'choose', users: 'users', links: folder.config.links },
      counts: { items: 3, warmItems: 2, headItems: 2, users: 3, interactions: 5, terms: parts.content.terms.length },
      positiveAbove: null,
      artifacts: [],
    });
  });

  it('trains with the hyperparameters of the domain, and writes all of them into the manifest', () => {
    expect(losses).toHaveLength(3);
    const { latent, neighbours } = parts.manifest.training;
    expect(latent).toMatchObject({ epochs: 3, regularization: 0.02 });
    expect(neighbours).toMatchObject({ neighbours: 7 });
    const { dims, regularization, unobservedWeight } = latent;
    expect(parts.latent).toMatchObject({ itemCount: 2, dims, regularization, unobservedWeight });
    expect(parts.latent.quantised).toHaveLength(2 * dims);
    expect(parts.itemTower).toMatchObject({ dims, termCount: parts.content.terms.length });
    expect(parts.neighbours.scales).toHaveLength(2);
  });

  it('has no user tower and the initial gate without validation users', () => {
    expect(parts.tower).toBeUndefined();
    expect(parts.manifest.towerMostLikes).toBe(0);
    expect(parts.gate).toEqual(initialGate(1));
  });

  it('makes titles, other names, creators, years and search fields findable', () => {
    const engine = new Engine(parts, () => 0);
    const found = (query: string) => engine.search(query, 5).hits.map(({ id }) => id);
    for (const query of ['full', 'plein', 'voll', 'ana', '44']) expect(found(query), query).toEqual(['b2']);
    expect(found('quux')).toEqual(['b2', 'b3']);
    expect(found('drama')).toEqual([]);
  });

  it('gives the same parts for the same seed', async () => {
    expect(await train()).toEqual(parts);
    expect((await train({ seed: 2 })).latent.quantised).not.toEqual(parts.latent.quantised);
  });
});

describe('trainEngine', () => {
  const hyperparameters = {
    latent: { dims: 4, epochs: 2, unobservedWeight: 0.1, regularization: 0.01 },
    neighbours: { neighbours: 20, regularization: 5, dropout: 0.5 },
  };
  const options = { seed: 2, threads: 1, progress: silentProgress };
  const numbers = Array.from(Array(TINY.users).keys());
  const users = { training: new Set(numbers.slice(0, 60)), validation: numbers.slice(60, 70) };

  let tiny: DomainFolder;
  let trained: EngineParts;
  beforeAll(async () => {
    const read = await readTinyDomain();
    tiny = { ...read, config: { ...read.config, training: hyperparameters } };
    trained = await trainEngine(tiny, users, options);
  });

  /** The same folder with other interactions for some users. */
  const withOtherLikes = (isAltered: (user: number) => boolean): DomainFolder => {
    const { interactions } = tiny;
    const items = interactions.items.map((item, i) => (isAltered(interactions.users[i]) ? (7 * i + item) % 40 : item));
    return { ...tiny, interactions: { ...interactions, items } };
  };

  it('does not depend on held-out users', async () => {
    const altered = withOtherLikes((user) => user >= 70);
    expect(altered.interactions.items).not.toEqual(tiny.interactions.items);
    expect(await trainEngine(altered, users, options)).toEqual(trained);
  });

  it('depends on validation users in nothing but the tower, the gate and what relatedness is fitted to', async () => {
    const altered = withOtherLikes((user) => users.validation.includes(user));
    const { gate, tower: _, related: ___, manifest, ...models } = await trainEngine(altered, users, options);
    const { gate: trainedGate, tower: __, related: ____, manifest: trainedManifest, ...trainedModels } = trained;
    expect(models).toEqual(trainedModels);
    expect({ ...manifest, towerMostLikes: 0 }).toEqual({ ...trainedManifest, towerMostLikes: 0 });
    expect(gate).not.toEqual(trainedGate);
  });

  it('gives items that are made cold no factors and no popularity', async () => {
    const { ids } = trained.catalog;
    const cold = new Set([ids[0], ids[5]]);
    const { catalog, latent, neighbours, manifest } = await trainEngine(tiny, users, { ...options, coldItems: cold });
    const rows = [...cold].map((id) => catalog.ids.indexOf(id));
    for (const row of rows) {
      expect(row).toBeGreaterThanOrEqual(manifest.counts.warmItems);
      expect(catalog.popularity[row]).toBe(0);
    }
    expect(manifest.counts.warmItems).toBe(trained.manifest.counts.warmItems - 2);
    expect(latent.itemCount).toBe(manifest.counts.warmItems);
    expect(neighbours.scales).toHaveLength(manifest.counts.warmItems);
  });

  it('is repeated on all users for a release, which keeps the gate of the first training', async () => {
    const { manifest, gate } = await trainRelease(tiny, options);
    expect(manifest.counts).toMatchObject({ users: TINY.users, interactions: TINY.users * TINY.likesPerUser });
    expect(manifest.training).toEqual(hyperparameters);
    expect(gate).not.toEqual(initialGate(options.seed));
  });
});

describe('tune', () => {
  it('searches for values that the domain sets, too', async () => {
    const tried: string[] = [];
    const small = await readTinyDomain();
    const config = { ...small.config, training: { latent: { dims: 3 }, neighbours: { neighbours: 1 } } };
    const found = await tune(
      { ...small, config },
      {
        seed: 1,
        threads: 1,
        progress: silentProgress,
        onTried: (model) => tried.push(model),
      },
    );
    expect(new Set(tried)).toEqual(new Set(['latent', 'neighbours']));
    expect(trainingSchema.parse(found)).toEqual(found);
    expect(found.latent.dims).not.toBe(3);
    expect(found.neighbours.neighbours).not.toBe(1);
  });
});
