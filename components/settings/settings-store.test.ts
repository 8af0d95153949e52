import { IDBFactory } from 'fake-indexeddb';
import { openDB } from 'idb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import 'fake-indexeddb/auto';
import { TasteDatabase } from '../picks/database';
import { SettingsDatabase } from './settings-database';
import { describeSettings } from './settings-row';
import { SettingsStore } from './settings-store';

const databases: { close(): void }[] = [];

/** The store of a page just loaded. */
async function load() {
  const database = await SettingsDatabase.open();
  databases.push(database!);
  const store = new SettingsStore(Promise.resolve(database));
  await store.settled();
  return { store, database: database!, chosen: () => store.getState().chosen };
}

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});
afterEach(() => {
  for (const database of databases.splice(0)) database.close();
});

describe('the settings store', () => {
  it('keeps what was chosen over a reload, and nothing else', async () => {
    const first = await load();
    expect(first.store.getState()).toEqual({ isReady: true, isStored: true, chosen: {} });
    first.store.change({ mode: 'collaborative' });
    first.store.change({ alpha: 0.4 });
    first.store.change({ alpha: null });
    expect(first.chosen()).toEqual({ mode: 'collaborative', alpha: null });
    await first.store.settled();
    expect((await load()).chosen()).toEqual({ mode: 'collaborative', alpha: null });
  });

  it('commits a change in the turn in which it is made, so that a reload right behind it loses nothing', async () => {
    const { store, database } = await load();
    let isCommitted = false;
    const { commit } = IDBTransaction.prototype;
    IDBTransaction.prototype.commit = function () {
      isCommitted = true;
      commit.call(this);
    };
    try {
      store.change({ mode: 'content' });
      // Microtasks only: no task of the event loop, such as an answer of the database.
      for (let i = 0; i < 10; i++) await Promise.resolve();
      expect(isCommitted).toBe(true);
    } finally {
      IDBTransaction.prototype.commit = commit;
    }
    await store.settled();
    expect(await database.read()).toEqual({ mode: 'content' });
  });

  it('lets two tabs change different settings', async () => {
    const [a, b] = [await load(), await load()];
    a.store.change({ mode: 'content' });
    b.store.change({ diversity: 0.7 });
    await Promise.all([a.store.settled(), b.store.settled()]);
    expect((await load()).chosen()).toEqual({ mode: 'content', diversity: 0.7 });
    expect(a.chosen()).toEqual({ mode: 'content' });
  });

  it('prefers what was chosen before the records were read', async () => {
    const first = await load();
    first.store.change({ mode: 'content', diversity: 0.7 });
    await first.store.settled();

    const store = new SettingsStore(SettingsDatabase.open());
    store.change({ mode: 'collaborative' });
    expect(store.getState()).toMatchObject({ isReady: false, chosen: { mode: 'collaborative' } });
    await store.settled();
    expect(store.getState()).toMatchObject({ isReady: true, chosen: { mode: 'collaborative', diversity: 0.7 } });
    expect((await load()).chosen()).toEqual({ mode: 'collaborative', diversity: 0.7 });
  });

  it('forgets all settings, or goes back to earlier ones', async () => {
    const { store, chosen } = await load();
    store.change({ mode: 'content', alpha: 0.4 });
    const before = chosen();
    store.change({ mode: 'hybrid', diversity: 0.7 });
    store.replace(before);
    await store.settled();
    expect((await load()).chosen()).toEqual({ mode: 'content', alpha: 0.4 });
    store.replace({});
    expect(chosen()).toEqual({});
    await store.settled();
    expect((await load()).chosen()).toEqual({});
  });

  it('passes over what another version of the page stored and this one cannot use', async () => {
    const { database } = await load();
    const db = await openDB('inkpick-settings');
    databases.push(db);
    for (const [name, value] of Object.entries({ mode: 'psychic', alpha: 7, diversity: 0.5, theme: 'dark' }))
      await db.put('settings', value, name);
    expect(await database.read()).toEqual({ diversity: 0.5 });
  });

  it('leaves the database of the picks at the version that older pages open', async () => {
    const { store } = await load();
    store.change({ mode: 'content' });
    await store.settled();
    databases.push((await TasteDatabase.open())!);
    const older = await openDB('inkpick', 2);
    databases.push(older);
    expect([...older.objectStoreNames]).toEqual(['choices', 'interests', 'saved']);
  });

  it('works from memory where there is no database, and where it fails', async () => {
    const memory = new SettingsStore(Promise.resolve(null));
    memory.change({ mode: 'content' });
    await memory.settled();
    expect(memory.getState()).toEqual({ isReady: true, isStored: false, chosen: { mode: 'content' } });

    const { store, database } = await load();
    database.close();
    store.change({ mode: 'content' });
    await store.settled();
    expect(store.getState()).toEqual({ isReady: true, isStored: false, chosen: { mode: 'content' } });
  });
});

describe('the description of settings', () => {
  it('names those that were chosen', () => {
    expect(describeSettings({ mode: 'collaborative', alpha: 0.4, diversity: 0.7 })).toBe(
      'Collaborative, content share 0.40, diversity 0.70',
    );
    expect(describeSettings({ alpha: null })).toBe('Content share auto');
  });
});
