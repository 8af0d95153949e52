import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DomainConfig, ItemRow } from '../lib/contracts/domain-folder';
import { mulberry32 } from '../lib/math/random';
import { build } from '../pipeline/build';
import { type DomainFolder, readDomainFolder } from '../pipeline/domain-folder/read';
import { silentProgress } from '../pipeline/io/progress';

/**
 * A catalog that is small enough for unit tests and has known right answers: a checkerboard of two tastes. Users of
 * taste A like items with even numbers, users of taste B those with odd numbers; genres follow the taste. The last
 * items are cold.
 */
export const TINY = { items: 60, coldItems: 6, users: 80, likesPerUser: 12 } as const;

const WORDS = ['amber', 'birch', 'cinder', 'delta', 'ember', 'fjord', 'garnet', 'harbour', 'indigo', 'juniper'];

export const tinyConfig: DomainConfig = {
  id: 'tiny',
  label: 'Tiny',
  item: { one: 'thing', many: 'things' },
  verb: 'try',
  users: 'users',
  fields: [
    { name: 'genres', kind: 'tags', weight: 1, show: true },
    { name: 'creators', kind: 'tags', weight: 1 },
    { name: 'title', kind: 'text', weight: 0.5 },
    { name: 'year', kind: 'number', weight: 0.3 },
  ],
  links: { shop: 'https://shop.example/{sku}' },
  // Two tastes need few dimensions. The other values are fixed, because a search would take most of a test's time.
  training: {
    latent: { dims: 8, unobservedWeight: 0.1, regularization: 0.003 },
    neighbours: { regularization: 100, dropout: 1 },
  },
  minItemInteractions: 1,
  minUserInteractions: 1,
};

/** Item `n` has the title "<word> <word> n" and the external id `sku00n`. */
export function tinyItems(): ItemRow[] {
  return Array.from({ length: TINY.items }, (_, n) => {
    const even = n % 2 === 0;
    return {
      id: `t${n}`,
      title: `${WORDS[n % 10]} ${WORDS[Math.floor(n / 10)]} ${n}`,
      year: 1980 + (n % 40),
      creators: [even ? `Ada Even ${n % 3}` : `Bob Odd ${n % 3}`],
      tags: { genres: [even ? 'Even' : 'Odd', `Third ${n % 3}`, `Fifth ${n % 5}`] },
      external: { sku: `sku${String(n).padStart(3, '0')}` },
    };
  });
}

/** Lines of `interactions.csv`, seeded. Items with lower numbers have more likes. */
export function tinyInteractions(): string[] {
  const random = mulberry32(7);
  const warm = TINY.items - TINY.coldItems;
  const lines = ['user,item'];
  for (let user = 0; user < TINY.users; user++) {
    const liked = new Set<number>();
    while (liked.size < TINY.likesPerUser) liked.add(2 * Math.floor((random() ** 1.5 * warm) / 2) + (user % 2));
    for (const item of liked) lines.push(`u${user},t${item}`);
  }
  return lines;
}

export async function writeTinyDomain(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'domain.json'), JSON.stringify(tinyConfig));
  await writeFile(
    join(folder, 'items.jsonl'),
    tinyItems()
      .map((item) => JSON.stringify(item))
      .join('\n'),
  );
  await writeFile(join(folder, 'interactions.csv'), tinyInteractions().join('\n'));
}

/** The tiny domain as the pipeline reads it. */
export async function readTinyDomain(): Promise<DomainFolder> {
  const folder = await mkdtemp(join(tmpdir(), 'inkpick-tiny-'));
  try {
    await writeTinyDomain(folder);
    return await readDomainFolder(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Builds the tiny domain. @returns the artifacts root, which contains `index.json` and `tiny/` */
export async function buildTinyArtifacts(threads = 1): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'inkpick-tiny-'));
  await writeTinyDomain(join(root, 'source'));
  const artifacts = join(root, 'artifacts');
  await build(join(root, 'source'), join(artifacts, 'tiny'), { seed: 1, threads, progress: silentProgress });
  return artifacts;
}
