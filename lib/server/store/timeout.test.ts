import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { POSTGRES } from '../../../testing/server/stores';
import { Store } from './store';

describe.runIf(POSTGRES)('a statement that takes too long', () => {
  let store: Store;
  beforeAll(async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    store = new Store({ url: await POSTGRES!.newDatabase() });
  });
  afterAll(async () => {
    vi.restoreAllMocks();
    await store?.close();
  });

  it('may be sent again, and does not close the store for others', async () => {
    const slow = store.run((db) =>
      db.transaction(async (transaction) => {
        await transaction.execute(sql`set local statement_timeout = '100ms'`);
        await transaction.execute(sql`select pg_sleep(10)`);
      }),
    );
    await expect(slow).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await store.run((db) => db.execute(sql`select 1`));
    expect(await store.check()).toMatchObject({ state: 'ready' });
  });

  it('is cancelled by the server, before its connection is discarded', async () => {
    const other = store.run((db) => db.execute(sql`select pg_sleep(4)`));
    await expect(store.run((db) => db.execute(sql`select pg_sleep(20)`))).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
    });
    await store.run((db) => db.execute(sql`select 1`));
    await other;
  });
});
