import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DomainConfig } from '../lib/contracts/domain-folder';
import { mulberry32 } from '../lib/math/random';

/**
 * A catalog that is unlike the shipped ones: made-up board games, rated from 1 to 10 by players who each have a
 * favourite genre. Seeded, so it is always the same. The first game of a genre is the most popular one.
 */
const GENRES: readonly { mechanic: string; second: string; nouns: readonly string[] }[] = [
  { mechanic: 'Worker placement', second: 'Farming', nouns: ['Harvest', 'Vineyard', 'Orchard', 'Granary', 'Pasture'] },
  { mechanic: 'Deck building', second: 'Fantasy', nouns: ['Kingdom', 'Dragon', 'Wizard', 'Dungeon', 'Rune'] },
  { mechanic: 'Cooperative', second: 'Medicine', nouns: ['Outbreak', 'Rescue', 'Quarantine', 'Ward', 'Vaccine'] },
  { mechanic: 'Tile laying', second: 'Middle Ages', nouns: ['Cloister', 'Castle', 'Abbey', 'Rampart', 'Market'] },
  { mechanic: 'Hidden traitor', second: 'Spies', nouns: ['Cipher', 'Masquerade', 'Embassy', 'Dossier', 'Alibi'] },
  { mechanic: 'Engine building', second: 'Space', nouns: ['Nebula', 'Orbit', 'Colony', 'Comet', 'Reactor'] },
];
const PLACES = [
  'Aldermoor',
  'Bruges',
  'Carcassès',
  'Dunmore',
  'Évora',
  'Føroyar',
  'Ghent',
  'Havel',
  'Ísafjord',
  'Jutland',
];
const GAMES_PER_GENRE = 60;
const PLAYERS = 300;
/** The last games of each genre are new and have no interactions. */
const NEW_GAMES_PER_GENRE = 4;

export const GENERATED = {
  id: 'board-games',
  games: GENRES.length * GAMES_PER_GENRE,
  /** The first genre: its mechanic, and the titles and ids of its two most popular games. */
  mechanic: GENRES[0].mechanic,
  titles: [titleOf(0, 0), titleOf(0, 1)],
  ids: [idOf(0, 0), idOf(0, 1)],
  /** The first genre: most games with interactions, and the titles of the games without any. */
  played: Array.from({ length: GAMES_PER_GENRE - NEW_GAMES_PER_GENRE - 4 }, (_, n) => idOf(0, n)),
  newTitles: Array.from({ length: NEW_GAMES_PER_GENRE }, (_, n) =>
    titleOf(0, GAMES_PER_GENRE - NEW_GAMES_PER_GENRE + n),
  ),
} as const;

/** The same games as a domain whose candidates the server retrieves. */
export const GENERATED_ON_SERVER = { id: 'card-games', label: 'Card games', index: 'server' } as const;

const config = {
  id: GENERATED.id,
  label: 'Board games',
  item: { one: 'game', many: 'games' },
  verb: 'play',
  users: 'players',
  fields: [
    { name: 'mechanics', kind: 'tags', weight: 1, show: true },
    { name: 'creators', kind: 'tags', weight: 1 },
    { name: 'title', kind: 'text', weight: 0.5 },
    { name: 'minutes', kind: 'number', weight: 0.3 },
  ],
  links: { shop: 'https://games.example/{shop}' },
  // Fixed, because the search for hyperparameters would take most of a build's time.
  training: {
    latent: { dims: 16, unobservedWeight: 0.1, regularization: 0.003 },
    neighbours: { regularization: 100, dropout: 1 },
  },
};

function idOf(genre: number, n: number): string {
  return `game-${genre * GAMES_PER_GENRE + n}`;
}

function titleOf(genre: number, n: number): string {
  const { nouns } = GENRES[genre];
  const [noun, place] = [nouns[n % nouns.length], PLACES[Math.floor(n / nouns.length) % PLACES.length]];
  return n < nouns.length * PLACES.length ? `${noun} of ${place}` : `${noun} of ${place} II`;
}

function items(): unknown[] {
  return GENRES.flatMap(({ mechanic, second }, genre) =>
    Array.from({ length: GAMES_PER_GENRE }, (_, n) => ({
      id: idOf(genre, n),
      title: titleOf(genre, n),
      year: 1990 + ((7 * n + genre) % 35),
      creators: [`${'ABCDEF'[genre]}. Designer ${n % 5}`],
      tags: { mechanics: [mechanic, ...(n % 2 ? [second] : []), ...(n % 7 ? [] : ['Dice'])] },
      numbers: { minutes: 30 + 15 * (n % 8) },
      external: { shop: `sku-${genre}-${n}` },
    })),
  );
}

/** Players rate games of their favourite genre, which they play most, from 6 to 10, and others from 2 to 6. */
function interactions(): string[] {
  const random = mulberry32(20);
  const rows: string[] = [];
  for (let player = 0; player < PLAYERS; player++) {
    const favourite = player % GENRES.length;
    const played = new Set<string>();
    for (let tries = 0; tries < 24; tries++) {
      const genre = random() < 0.8 ? favourite : Math.floor(random() * GENRES.length);
      const game = idOf(genre, Math.floor(random() ** 2 * (GAMES_PER_GENRE - NEW_GAMES_PER_GENRE)));
      if (played.has(game)) continue;
      played.add(game);
      const rating = (genre === favourite ? 6 : 2) + Math.floor(random() * 5);
      rows.push(`player ${player},${game},${rating},${1_600_000_000 + 3600 * (24 * player + tries)}`);
    }
  }
  return rows;
}

/** Writes the domain folder and creates it if it is missing. @param changes to its `domain.json` */
export async function writeGeneratedDomain(folder: string, changes: Partial<DomainConfig> = {}): Promise<void> {
  await mkdir(folder, { recursive: true });
  const lines = (rows: readonly string[]) => `${rows.join('\n')}\n`;
  await writeFile(join(folder, 'domain.json'), JSON.stringify({ ...config, ...changes }));
  await writeFile(join(folder, 'items.jsonl'), lines(items().map((item) => JSON.stringify(item))));
  await writeFile(join(folder, 'interactions.csv'), lines(['user,item,value,timestamp', ...interactions()]));
}
