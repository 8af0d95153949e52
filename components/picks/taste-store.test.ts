import { IDBFactory } from 'fake-indexeddb';
import { openDB } from 'idb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import 'fake-indexeddb/auto';
import { TasteDatabase } from './database';
import { dislike, hide, like, remove, save } from './picks';
import { TasteStore } from './taste-store';

const item = (id: string) => ({ id, title: id, year: null, creators: [], tags: [], links: {} });
const open: { channels: BroadcastChannel[]; databases: (TasteDatabase | null)[] } = { channels: [], databases: [] };

async function tab(domain = 'cinema') {
  const channel = new BroadcastChannel('test');
  const database = await TasteDatabase.open();
  open.channels.push(channel);
  open.databases.push(database);
  const store = new TasteStore(domain, Promise.resolve(database), channel);
  await store.settled();
  return { store, channel, ids: () => store.getState().choices.map((choice) => choice.id) };
}

async function until(condition: () => boolean) {
  for (let i = 0; i < 200 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(condition()).toBe(true);
}

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});
afterEach(() => {
  for (const channel of open.channels.splice(0)) channel.close();
  for (const database of open.databases.splice(0)) database?.close();
});

describe('the taste store', () => {
  it('stores picks and interests of each domain over a reload', async () => {
    const first = await tab();
    first.store.change(like(item('a'), 1));
    first.store.change(dislike(item('b'), 2));
    first.store.setInterests([{ id: 'drama', label: 'Drama' }]);
    await first.store.settled();

    const again = await tab();
    expect(again.ids()).toEqual(['b', 'a']);
    expect(again.store.getState()).toMatchObject({ ready: true, isStored: true, interests: [{ id: 'drama' }] });
    expect((await tab('music')).ids()).toEqual([]);
  });

  it('stores saved and hidden items of each domain over a reload', async () => {
    const first = await tab();
    first.store.changeSaved(save({ ...item('a'), links: { imdb: 'https://example.com/a' } }, 1));
    first.store.changeSaved(save(item('b'), 2));
    first.store.change(like(item('a'), 3));
    first.store.change(hide(item('c'), 4));
    await first.store.settled();

    const { choices, saved } = (await tab()).store.getState();
    expect(saved).toMatchObject([{ id: 'b' }, { id: 'a', item: { links: { imdb: 'https://example.com/a' } } }]);
    expect(choices).toMatchObject([
      { id: 'c', value: 0 },
      { id: 'a', value: 1 },
    ]);
    expect((await tab('music')).store.getState()).toMatchObject({ saved: [], choices: [] });
  });

  it('keeps picks and saved items apart: removing from one list does not change the other', async () => {
    const first = await tab();
    first.store.change(like(item('a'), 1));
    first.store.changeSaved(save(item('a'), 2));
    const undo = first.store.changeSaved(remove('a'));
    await first.store.settled();
    expect((await tab()).store.getState()).toMatchObject({ saved: [], choices: [{ id: 'a' }] });
    undo();
    first.store.change(remove('a'));
    await first.store.settled();
    expect((await tab()).store.getState()).toMatchObject({ saved: [{ id: 'a' }], choices: [] });
  });

  it('does not lose what was saved before the records were read, and notifies other tabs', async () => {
    const first = await tab();
    first.store.changeSaved(save(item('a'), 1));
    await first.store.settled();
    const second = await tab();
    second.store.changeSaved(save(item('b'), 2));
    await until(() => first.store.getState().saved.length === 2);

    const store = new TasteStore('cinema', TasteDatabase.open(), null);
    store.changeSaved(save(item('c'), 3));
    await store.settled();
    expect(store.getState().saved.map(({ id }) => id)).toEqual(['c', 'b', 'a']);
  });

  it('takes over the picks that an older version of the page stored', async () => {
    const old = await openDB('inkpick', 1, {
      upgrade(database) {
        database.createObjectStore('choices', { keyPath: ['domain', 'id'] }).createIndex('domain', 'domain');
        database.createObjectStore('interests', { keyPath: 'domain' });
      },
    });
    await old.put('choices', { domain: 'cinema', id: 'a', value: 1, at: 1, item: item('a') });
    old.close();
    const { store, ids } = await tab();
    expect(ids()).toEqual(['a']);
    store.changeSaved(save(item('b'), 2));
    await store.settled();
    expect((await tab()).store.getState()).toMatchObject({
      isStored: true,
      choices: [{ id: 'a' }],
      saved: [{ id: 'b' }],
    });
  });

  it('undo changes the device too', async () => {
    const first = await tab();
    first.store.change(like(item('a'), 1));
    const undo = first.store.change(remove('a'));
    undo();
    await first.store.settled();
    expect((await tab()).ids()).toEqual(['a']);
  });

  it('does not lose what was picked before the records were read', async () => {
    const first = await tab();
    first.store.change(like(item('a'), 1));
    await first.store.settled();

    const store = new TasteStore('cinema', TasteDatabase.open(), null);
    store.change(like(item('b'), 2));
    await store.settled();
    expect(store.getState().choices.map((choice) => choice.id)).toEqual(['b', 'a']);
  });

  it.each([
    { when: 'after the records were read', wait: true },
    { when: 'before the records were read', wait: false },
  ])('undo $when restores the older pick that a click replaced before', async ({ wait }) => {
    const first = await tab();
    first.store.change(like(item('a'), 1));
    await first.store.settled();

    const store = new TasteStore('cinema', TasteDatabase.open(), null);
    const undo = store.change(dislike(item('a'), 2));
    expect(store.getState().choices).toMatchObject([{ id: 'a', value: -1 }]);
    if (wait) await store.settled();
    undo();
    await until(() => store.getState().choices[0]?.at === 1);
    await store.settled();
    expect((await tab()).store.getState().choices).toMatchObject([{ id: 'a', value: 1, at: 1 }]);
  });

  it('two tabs reach the same list, and then send no further messages', async () => {
    const [a, b] = [await tab(), await tab()];
    let messages = 0;
    for (const { channel } of [a, b]) channel.addEventListener('message', () => messages++);
    a.store.change(like(item('x'), 1));
    b.store.change(like(item('y'), 2));
    a.store.change(like(item('z'), 3));
    await until(() => a.ids().join() === 'z,y,x' && b.ids().join() === 'z,y,x');
    a.store.change(remove('y'));
    await until(() => b.ids().join() === 'z,x');
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(messages).toBe(4);
  });

  it('works from memory where there is no database', async () => {
    const store = new TasteStore('cinema', Promise.resolve(null), null);
    store.change(like(item('a'), 1));
    await store.settled();
    expect(store.getState()).toMatchObject({ ready: true, isStored: false, choices: [{ id: 'a' }] });
    expect(store.getState().choices).toHaveLength(1);
  });

  it('works from memory after the database fails', async () => {
    const { store } = await tab();
    open.databases.at(-1)!.close();
    store.change(like(item('a'), 1));
    await store.settled();
    expect(store.getState()).toMatchObject({ isStored: false, choices: [{ id: 'a' }] });
  });

  it('reports a pick that the device refused as not stored, also after later reads', async () => {
    const [a, b] = [await tab(), await tab()];
    // IndexedDB takes no functions.
    const refused = { ...item('x'), title: (() => 'x') as unknown as string };
    a.store.change(like(refused, 1));
    await a.store.settled();
    let isNotified = false;
    a.channel.addEventListener('message', () => {
      isNotified = true;
    });
    b.store.change(like(item('y'), 2));
    await until(() => isNotified);
    await a.store.settled();
    expect(a.store.getState()).toMatchObject({ ready: true, isStored: false, choices: [{ id: 'x' }] });
  });

  it('keeps the identity of a list that a read does not change', async () => {
    const { store } = await tab();
    store.change(like(item('a'), 1));
    await store.settled();
    const before = store.getState().choices;
    store.setInterests([]);
    await store.settled();
    expect(store.getState().choices).toBe(before);
  });
});
