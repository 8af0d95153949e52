import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DomainConfig } from '../lib/contracts/domain-folder';
import { mulberry32 } from '../lib/math/random';

/**
 * A catalog like none of those shipped: invented board games, rated from 1 to 10 by players who each have a favourite way of
 * playing. Seeded, so that it is the same each time; the first game of a way is the best known and the best rated.
 */
const WAYS: readonly { mechanic: string; second: string; nouns: readonly string[] }[] = [
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
const GAMES_A_WAY = 60;
const PLAYERS = 300;
/** The last games of each way are too new for anyone to have played them. */
const NEW_GAMES_A_WAY = 4;

export const GENERATED = {
  id: 'board-games',
  games: WAYS.length * GAMES_A_WAY,
  /** Games of the first way: their mechanic, and the titles of the two best known. */
  mechanic: WAYS[0].mechanic,
  titles: [titleOf(0, 0), titleOf(0, 1)],
  ids: [idOf(0, 0), idOf(0, 1)],
  /** Of the first way: all but a few of the games that have been played, and the titles of those that nobody has. */
  played: Array.from({ length: GAMES_A_WAY - NEW_GAMES_A_WAY - 4 }, (_, n) => idOf(0, n)),
  newTitles: Array.from({ length: NEW_GAMES_A_WAY }, (_, n) => titleOf(0, GAMES_A_WAY - NEW_GAMES_A_WAY + n)),
} as const;

/** The same games as a domain whose candidates the server finds. */
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
  // Said rather than searched for, which would be most of a build's time.
  training: {
    latent: { dims: 16, unobservedWeight: 0.1, regularization: 0.003 },
    neighbours: { regularization: 100, dropout: 1 },
  },
};

function idOf(way: number, n: number): string {
  return `game-${way * GAMES_A_WAY + n}`;
}

function titleOf(way: number, n: number): string {
  const { nouns } = WAYS[way];
  const [noun, place] = [nouns[n % nouns.length], PLACES[Math.floor(n / nouns.length) % PLACES.length]];
  return n < nouns.length * PLACES.length ? `${noun} of ${place}` : `${noun} of ${place} II`;
}

function items(): unknown[] {
  return WAYS.flatMap(({ mechanic, second }, way) =>
    Array.from({ length: GAMES_A_WAY }, (_, n) => ({
      id: idOf(way, n),
      title: titleOf(way, n),
      year: 1990 + ((7 * n + way) % 35),
      creators: [`${'ABCDEF'[way]}. Designer ${n % 5}`],
      tags: { mechanics: [mechanic, ...(n % 2 ? [second] : []), ...(n % 7 ? [] : ['Dice'])] },
      numbers: { minutes: 30 + 15 * (n % 8) },
      external: { shop: `sku-${way}-${n}` },
    })),
  );
}

/** Players rate what they play, which is mostly of their favourite way, from 6 to 10, anything else from 2 to 7. */
function interactions(): string[] {
  const random = mulberry32(20);
  const rows: string[] = [];
  for (let player = 0; player < PLAYERS; player++) {
    const favourite = player % WAYS.length;
    const played = new Set<string>();
    for (let tries = 0; tries < 24; tries++) {
      const way = random() < 0.8 ? favourite : Math.floor(random() * WAYS.length);
      const game = idOf(way, Math.floor(random() ** 2 * (GAMES_A_WAY - NEW_GAMES_A_WAY)));
      if (played.has(game)) continue;
      played.add(game);
      const rating = (way === favourite ? 6 : 2) + Math.floor(random() * 5);
      rows.push(`player ${player},${game},${rating},${1_600_000_000 + 3600 * (24 * player + tries)}`);
    }
  }
  return rows;
}

/** Writes the domain folder, made if it is missing. @param changes to its `domain.json` */
export async function writeGeneratedDomain(folder: string, changes: Partial<DomainConfig> = {}): Promise<void> {
  await mkdir(folder, { recursive: true });
  const lines = (rows: readonly string[]) => `${rows.join('\n')}\n`;
  await writeFile(join(folder, 'domain.json'), JSON.stringify({ ...config, ...changes }));
  await writeFile(join(folder, 'items.jsonl'), lines(items().map((item) => JSON.stringify(item))));
  await writeFile(join(folder, 'interactions.csv'), lines(['user,item,value,timestamp', ...interactions()]));
}
