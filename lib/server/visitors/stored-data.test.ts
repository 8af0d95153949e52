import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { POSTGRES } from '../../../testing/server/stores';
import { event, exposure, opinion, sharedLike, sharing, visitor, voice } from '../store/schema';
import { store } from '../store/store';
import { ensureVisitor } from './identity';
import { heldOf } from './stored-data';

const at = new Date(Date.UTC(2026, 10, 22));
const texts = (n: number) => Array.from({ length: n }, (_, i) => `item ${i}`);

/** What is held of a visitor, and the pieces in which it came. */
async function read(id: string) {
  const pieces: string[] = [];
  for await (const piece of (await heldOf(id))!) pieces.push(piece);
  return { pieces, held: JSON.parse(pieces.join('')) };
}

const STORES = [
  { name: 'PGlite', set: async () => vi.stubEnv('INKPICK_DATA', 'memory') },
  ...(POSTGRES
    ? [{ name: 'Postgres', set: async () => vi.stubEnv('DATABASE_URL', await POSTGRES!.newDatabase()) }]
    : []),
];

describe.each(STORES)('what is held of a visitor in $name', ({ set }) => {
  beforeEach(async () => void (await set()));

  const newVisitor = async () => {
    const id = randomUUID();
    await ensureVisitor(id);
    return id;
  };

  it('is nothing where there is nobody', async () => {
    expect(await heldOf(randomUUID())).toBeUndefined();
  });

  it('is an object with a list for each kind of thing, empty where there is none', async () => {
    const id = await newVisitor();
    const { held } = await read(id);
    expect(held).toEqual({
      about: expect.objectContaining({ id, language: null, createdAt: expect.any(String) }),
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

  it('is complete and the visitor’s alone, however much it is, and comes in pieces that are not', async () => {
    const [id, other] = [await newVisitor(), await newVisitor()];
    // Just beside and on the borders of a page of 1,000.
    const counts = { opinions: 999, events: 2500, voices: 1000, experiments: 2001, sharedLikes: 1001 };
    await store().run(async (db) => {
      for (const [who, part] of [
        [id, 1],
        [other, 0.1],
      ] as const) {
        const some = (name: keyof typeof counts) => texts(Math.round(counts[name] * part));
        const of = { visitor: who, domain: 'cinema', at };
        const opinions = some('opinions').map((item) => ({ ...of, item, value: 1, hidden: false }));
        const events = some('events').map((item) => ({ ...of, item, id: randomUUID(), kind: 'view' }));
        const voices = some('voices').map((item, i) => ({
          ...of,
          item,
          day: i % 2,
          weight: 1,
          impressed: 1,
          clicked: 0,
        }));
        const exposures = some('experiments').map((_, i) => {
          return { visitor: who, experiment: `e${i % 2}`, list: randomUUID(), variant: 'v', at };
        });
        const likes = some('sharedLikes').map((item) => ({ ...of, item }));
        await db.insert(opinion).values(opinions);
        await db.insert(event).values(events);
        await db.insert(voice).values(voices);
        await db.insert(exposure).values(exposures);
        await db.insert(sharedLike).values(likes);
        await db.insert(sharing).values({ visitor: who, domain: 'cinema' });
      }
    });
    const { held, pieces } = await read(id);
    for (const [name, n] of Object.entries(counts)) {
      const rows: { visitor: string }[] = held[name];
      expect(new Set(rows.map((row) => JSON.stringify(row))).size, name).toBe(n);
      expect(rows.every((row) => row.visitor === id)).toBe(true);
    }
    expect(held.sharing).toEqual(['cinema']);
    const longest = Math.max(...held.events.map((row: object) => JSON.stringify(row).length));
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(1000 * (longest + 1) + 100);
  });

  it('ends well where it is erased while it is read', async () => {
    const id = await newVisitor();
    await store().run((db) =>
      db
        .insert(event)
        .values(
          texts(1500).map((item) => ({ visitor: id, domain: 'cinema', item, id: randomUUID(), kind: 'view', at })),
        ),
    );
    let text = '';
    for await (const piece of (await heldOf(id))!) {
      text += piece;
      await store().run((db) => db.delete(visitor));
    }
    expect(JSON.parse(text).events.length).toBeLessThan(1500);
  });
});
