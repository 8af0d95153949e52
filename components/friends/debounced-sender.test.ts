import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Choice } from '../picks/picks';
import { DebouncedSender } from './debounced-sender';
import { likesToShare } from './likes-to-share';

const WAIT_MS = 1500;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A send function that records its calls; each call resolves at `endNext`. */
function recorder() {
  const sent: [string, boolean][] = [];
  const ends: (() => void)[] = [];
  const send = (domain: string, leaving: boolean) => {
    sent.push([domain, leaving]);
    return new Promise<void>((resolve) => ends.push(resolve));
  };
  return { sent, send, endNext: () => ends.shift()!() };
}

describe('DebouncedSender', () => {
  it('sends once after the last of several requests, for each domain', async () => {
    const { sent, send } = recorder();
    const sender = new DebouncedSender(send, WAIT_MS);
    sender.request('cinema');
    await vi.advanceTimersByTimeAsync(WAIT_MS - 1);
    sender.request('cinema');
    sender.request('music');
    await vi.advanceTimersByTimeAsync(WAIT_MS - 1);
    expect(sent).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(sent).toEqual([
      ['cinema', false],
      ['music', false],
    ]);
    await vi.advanceTimersByTimeAsync(10 * WAIT_MS);
    expect(sent).toHaveLength(2);
  });

  it('waits for the previous send of the domain', async () => {
    const { sent, send, endNext } = recorder();
    const sender = new DebouncedSender(send, WAIT_MS);
    for (let i = 0; i < 2; i++) {
      sender.request('cinema');
      await vi.advanceTimersByTimeAsync(WAIT_MS);
    }
    expect(sent).toHaveLength(1);
    endNext();
    await vi.advanceTimersByTimeAsync(0);
    expect(sent).toHaveLength(2);
  });

  it('flushes scheduled updates at once, and once', async () => {
    const { sent, send } = recorder();
    const sender = new DebouncedSender(send, WAIT_MS);
    sender.request('cinema');
    sender.flush();
    sender.flush();
    await vi.advanceTimersByTimeAsync(10 * WAIT_MS);
    expect(sent).toEqual([['cinema', true]]);
  });
});

describe('likesToShare', () => {
  const DAY_MS = 24 * 3600 * 1000;
  const now = 1_800_000_000_000;
  const choice = (id: string, days: number, value: 1 | -1 = 1): Choice => {
    return { id, value, at: now - days * DAY_MS, item: { id, title: 'A secret', year: null, creators: [], tags: [] } };
  };

  it('selects the likes of the last 30 days, with id and time only', () => {
    const choices = [choice('new', 0), choice('not for me', 1, -1), choice('older', 29.9), choice('old', 30)];
    expect(likesToShare(choices, now)).toEqual({
      sent_at: now,
      items: [
        { id: 'new', at: now },
        { id: 'older', at: now - 29.9 * DAY_MS },
      ],
    });
  });

  it('selects no more than the server accepts, newest first', () => {
    const { items } = likesToShare(
      Array.from({ length: 6000 }, (_, i) => choice(`${i}`, i / 1000)),
      now,
    );
    expect([items.length, items[0].id, items.at(-1)!.id]).toEqual([5000, '0', '4999']);
  });
});
