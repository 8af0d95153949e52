import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { POSTGRES } from '../../../testing/server/stores';
import { dailyVote, event, exposure, opinion, sharedLike, sharing, visitor } from '../store/schema';
import { store } from '../store/store';
import { ensureVisitor } from './identity';
import { readStoredData } from './stored-data';

const at = new Date(Date.UTC(2026, 10, 22));
const texts = (n: number) => Array.from({ length: n }, (_, i) => `item ${i}`);

/** The stored data of a visitor, and the pieces in which it was read. */
async function read(id: string) {
  const pieces: string[] = [];
  for await (const piece of (await readStoredData(id))!) pieces.push(piece);
  return { pieces, data: JSON.parse(pieces.join('')) };
}

const STORES = [
  { name: 'PGlite', set: async () => vi.stubEnv('INKPICK_DATA', 'memory') },
  ...(POSTGRES
    ? [{ name: 'Postgres', set: async () => vi.stubEnv('DATABASE_URL', await POSTGRES!.newDatabase()) }]
    : []),
];

describe.each(STORES)('the stored data of a visitor in $name', ({ set }) => {
  beforeEach(async () => void (await set()));

  const newVisitor = async () => {
    const id = randomUUID();
    await ensureVisitor(id);
    return id;
  };

  it('is undefined for an unknown visitor', async () => {
    expect(await readStoredData(randomUUID())).toBeUndefined();
  });

  it('has a list for each table, empty without rows', async () => {
    const id = await newVisitor();
    const { data } = await read(id);
    expect(data).toEqual({
      about: {
        id,
        createdAt: expect.any(String),
        seenAt: expect.any(String),
        ageBand: null,
        region: null,
        language: null,
        name: null,
        friendCode: null,
      },
      opinions: [],
      events: [],
      voices: [],
      experiments: [],
      sharing: [],
      sharedLikes: [],
      following: 0,
      followers: 0,
      blocked: 0,
    });
  });

  it('is complete and the visitor’s alone, in pieces of limited size however much it is', async () => {
    const [id, other] = [await newVisitor(), await newVisitor()];
    // On and beside the limits of pages of 1,000 rows.
    const counts = { opinions: 999, events: 2500, voices: 1000, experiments: 2001, sharedLikes: 1001 };
    await store().run(async (db) => {
      for (const [owner, part] of [
        [id, 1],
        [other, 0.1],
      ] as const) {
        const some = (name: keyof typeof counts) => texts(Math.round(counts[name] * part));
        const of = { visitor: owner, domain: 'cinema', at };
        const opinions = some('opinions').map((item) => ({ ...of, item, value: 1, hidden: false }));
        const events = some('events').map((item) => ({ ...of, item, id: randomUUID(), kind: 'view' }));
        const votes = some('voices').map((item, i) => ({
          ...of,
          item,
          day: i % 2,
          weight: 1,
          impressed: 1,
          clicked: 0,
        }));
        const exposures = some('experiments').map((_, i) => {
          return { visitor: owner, experiment: `e${i % 2}`, list: randomUUID(), variant: 'v', at };
        });
        const likes = some('sharedLikes').map((item) => ({ ...of, item }));
        await db.insert(opinion).values(opinions);
        await db.insert(event).values(events);
        await db.insert(dailyVote).values(votes);
        await db.insert(exposure).values(exposures);
        await db.insert(sharedLike).values(likes);
        await db.insert(sharing).values({ visitor: owner, domain: 'cinema' });
      }
    });
    const { data, pieces } = await read(id);
    for (const [name, n] of Object.entries(counts)) {
      const rows: { visitor: string }[] = data[name];
      expect(new Set(rows.map((row) => JSON.stringify(row))).size, name).toBe(n);
      expect(rows.every((row) => row.visitor === id)).toBe(true);
    }
    expect(data.sharing).toEqual(['cinema']);
    const longest = Math.max(...data.events.map((row: object) => JSON.stringify(row).length));
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(1000 * (longest + 1) + 100);
  });

  it('is valid JSON when the visitor is erased while it is read', async () => {
    const id = await newVisitor();
    await store().run((db) =>
      db
        .insert(event)
        .values(
          texts(1500).map((item) => ({ visitor: id, domain: 'cinema', item, id: randomUUID(), kind: 'view', at })),
        ),
    );
    let text = '';
    for await (const piece of (await readStoredData(id))!) {
      text += piece;
      await store().run((db) => db.delete(visitor));
    }
    expect(JSON.parse(text).events.length).toBeLessThan(1500);
  });
});
