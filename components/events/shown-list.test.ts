import { describe, expect, it } from 'vitest';
import { eventSchema } from '../../lib/contracts/events';
import { placeEvent, showList, sourceOf } from './shown-list';
import { uuid } from './uuid';

const entries = (ids: string) => [...ids].map((item) => ({ item, source: 'latent' }));
const term = (signal: 'content' | 'latent' | 'social', contribution: number) => ({
  signal,
  contribution,
  weight: 1,
  z: contribution,
});

describe('the shown list', () => {
  it('is a new one when its items, their order, its domain or its variant change', () => {
    const first = showList(null, 'cinema', entries('ab'));
    expect(showList(first, 'cinema', entries('ab'))).toBe(first);
    const others = [
      showList(first, 'cinema', entries('ba')),
      showList(first, 'cinema', entries('abc')),
      showList(first, 'music', entries('ab')),
      showList(first, 'cinema', entries('ab'), { variant: 'mix:even' }),
    ];
    expect(new Set([first, ...others].map(({ id }) => id)).size).toBe(5);
  });

  it('gives an event its place, or none where the item was not in it', () => {
    const list = showList(null, 'cinema', [...entries('a'), { item: 'b', source: 'fresh' }], { variant: 'mix:even' });
    expect(placeEvent({ kind: 'click', item: 'b' }, 'cinema', list)).toEqual({
      kind: 'click',
      domain: 'cinema',
      item: 'b',
      list: list.id,
      slot: 1,
      source: 'fresh',
      variant: 'mix:even',
    });
    const alone = { kind: 'like', domain: 'cinema', item: 'c' };
    expect(placeEvent({ kind: 'like', item: 'c' }, 'cinema', list)).toEqual(alone);
    expect(placeEvent({ kind: 'like', item: 'c' }, 'cinema', null)).toEqual(alone);
    expect(placeEvent({ kind: 'like', item: 'a' }, 'music', list)).toEqual({
      kind: 'like',
      domain: 'music',
      item: 'a',
    });
  });

  it('makes events that the server accepts', () => {
    const list = showList(null, 'cinema', entries('a'));
    const event = { ...placeEvent({ kind: 'impression', item: 'a' }, 'cinema', list), id: uuid(), at: Date.now() };
    expect(eventSchema.parse(event)).toEqual(event);
  });

  it('names the reserved place, else the strongest signal', () => {
    expect(sourceOf({ slot: 'fresh', terms: [term('content', 3)] })).toBe('fresh');
    expect(sourceOf({ terms: [term('content', 1), term('latent', 3)] })).toBe('latent');
    expect(sourceOf({ terms: [term('content', 1), term('social', 2)] })).toBe('friends');
    expect(sourceOf({ terms: [term('content', -1)] })).toBe('popular');
    expect(sourceOf({ terms: [] })).toBe('popular');
  });
});

describe('a random UUID', () => {
  it('is valid and new each time, with and without the browser’s own function', () => {
    const { randomUUID } = crypto;
    const ids = [uuid(), uuid()];
    try {
      Object.defineProperty(crypto, 'randomUUID', { value: undefined, configurable: true });
      ids.push(uuid(), uuid());
    } finally {
      Object.defineProperty(crypto, 'randomUUID', { value: randomUUID, configurable: true });
    }
    for (const id of ids) expect(eventSchema.shape.id.parse(id)).toBe(id);
    expect(new Set(ids).size).toBe(4);
  });
});
