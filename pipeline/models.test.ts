import { beforeAll, describe, expect, it } from 'vitest';
import { domainConfigSchema, type ItemRow } from '../lib/contracts/domain-folder';
import { manifestSchema } from '../lib/contracts/manifest';
import type { EngineParts } from '../lib/engine/engine';
import { toRagged } from '../lib/format/container';
import { prepareDataset } from './dataset';
import { type DomainFolder, RowProblems } from './domain-folder/read';
import { type TrainingOptions, trainModels } from './models';
import { silentProgress } from './progress';

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
  { id: 'b3', title: 'Half', creators: ['Bo'], tags: { genres: ['War'] }, external: { imdb: 'tt3' } },
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
    training: { epochs: 3, regularization: 0.02 },
  }),
  items,
  // b2 is liked by three, b3 by two, b1 by one.
  interactions: {
    userIds: ['u', 'v', 'w'],
    users: Uint32Array.of(0, 1, 2, 0, 1, 2),
    items: Uint32Array.of(1, 1, 1, 2, 2, 0),
    values: new Float32Array(6).fill(Number.NaN),
    timestamps: new Float64Array(6),
  },
  problems: new RowProblems(),
};
const train = (changes: Partial<TrainingOptions> = {}) =>
  trainModels(prepareDataset(folder), { seed: 1, threads: 1, progress: silentProgress, ...changes });

let parts: EngineParts;
let losses: number[];
beforeAll(async () => {
  losses = [];
  parts = await train({ onLoss: (_, loss) => losses.push(loss) });
});

describe('trainModels', () => {
  it('puts the items in columns, most liked first', () => {
    expect(parts.catalog).toEqual({
      ids: ['b2', 'b3', 'b1'],
      titles: ['Full', 'Half', 'Bare'],
      aka: new Map([[0, ['Plein', 'Voll']]]),
      years: Int16Array.of(-44, 0, 0),
      creatorNames: ['Ana', 'Bo'],
      creators: toRagged([[0, 1], [1], []]),
      tagNames: ['Drama', 'War'],
      tags: toRagged([[0, 1], [1], []]),
      popularity: Uint32Array.of(3, 2, 1),
      external: new Map([
        ['imdb', ['tt2', 'tt3', '']],
        ['tmdb', ['7', '', '']],
      ]),
    });
  });

  it('writes a manifest that its schema accepts and that counts what is there', () => {
    expect(manifestSchema.parse(parts.manifest)).toEqual(parts.manifest);
    expect(parts.manifest).toMatchObject({
      domain: { id: 'books', verb: 'choose', users: 'users', links: folder.config.links },
      counts: { items: 3, warmItems: 2, users: 3, interactions: 5, terms: parts.content.terms.length },
      positiveAbove: null,
      artifacts: [],
    });
  });

  it('trains with what the domain says, and the defaults for the rest', () => {
    expect(losses).toHaveLength(3);
    expect(parts.latent).toMatchObject({ itemCount: 2, dims: 64, regularization: 0.02, unobservedWeight: 0.1 });
    expect(parts.latent.quantised).toHaveLength(2 * 64);
  });

  it('makes titles, other names, creators, years and marked fields findable', () => {
    for (const token of ['full', 'plein', 'voll', 'ana', '44', 'quux', 'zoe'])
      expect(parts.search.tokens).toContain(token);
    expect(parts.search.tokens).not.toContain('drama');
  });

  it('gives the same for the same seed', async () => {
    expect(await train()).toEqual(parts);
    expect((await train({ seed: 2 })).latent.quantised).not.toEqual(parts.latent.quantised);
  });
});
