import { sql } from 'drizzle-orm';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openStore } from '../../lib/server/store/database';
import { startPostgres } from './processes';
import { POSTGRES } from './stores';

describe.skipIf(!POSTGRES)('Postgres', () => {
  it('is brought up to date once by instances that start together', async () => {
    const url = await POSTGRES!.newDatabase();
    const stores = await Promise.all([openStore({ url }), openStore({ url }), openStore({ url })]);
    onTestFinished(async () => {
      await Promise.all(stores.map((store) => store.close()));
    });
    for (const { db } of stores) {
      expect(await db.execute(sql`select * from visitor`)).toMatchObject({ rows: [] });
    }
    const [{ db }] = stores;
    const { rows } = (await db.execute(sql`select hash from drizzle.__drizzle_migrations`)) as unknown as {
      rows: { hash: string }[];
    };
    expect(new Set(rows.map(({ hash }) => hash)).size).toBe(rows.length);
    expect(rows.length).toBeGreaterThan(0);
  });

  it('comes back at the same address with what it held, after a crash too', async () => {
    const postgres = await startPostgres({ durable: true });
    onTestFinished(() => postgres.remove());
    const held = async () => {
      const store = await openStore({ url: postgres.url });
      try {
        await store.db.execute(sql`insert into setting (name, value) values (gen_random_uuid()::text, 'kept')`);
        const found = await store.db.execute(sql`select count(*)::int as held from setting`);
        return (found as unknown as { rows: { held: number }[] }).rows[0].held;
      } finally {
        await store.close();
      }
    };
    expect(await held()).toBe(1);
    for (const [i, signal] of (['SIGKILL', 'SIGINT'] as const).entries()) {
      await postgres.stop(signal);
      await expect(openStore({ url: postgres.url })).rejects.toThrow();
      await postgres.start();
      expect(await held()).toBe(2 + i);
    }
  });
});
