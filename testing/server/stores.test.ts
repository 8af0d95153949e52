import { sql } from 'drizzle-orm';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openStore } from '../../lib/server/store/database';
import { startPostgres } from './processes';
import { POSTGRES } from './stores';

describe.skipIf(!POSTGRES)('Postgres', () => {
  it('is migrated once by instances that start together', async () => {
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

  it('restarts at the same address with its data, also after a crash', async () => {
    const postgres = await startPostgres({ durable: true });
    onTestFinished(() => postgres.remove());
    const countAfterInsert = async () => {
      const store = await openStore({ url: postgres.url });
      try {
        await store.db.execute(sql`insert into setting (name, value) values (gen_random_uuid()::text, 'kept')`);
        const found = await store.db.execute(sql`select count(*)::int as count from setting`);
        return (found as unknown as { rows: { count: number }[] }).rows[0].count;
      } finally {
        await store.close();
      }
    };
    expect(await countAfterInsert()).toBe(1);
    for (const [i, signal] of (['SIGKILL', 'SIGINT'] as const).entries()) {
      await postgres.stop(signal);
      await expect(openStore({ url: postgres.url })).rejects.toThrow();
      await postgres.start();
      expect(await countAfterInsert()).toBe(2 + i);
    }
  });
});
