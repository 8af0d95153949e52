import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Choice } from '../picks/picks';
import { likesToShare } from './likes-to-share';
import { Renewals } from './debounced-sender';

const WAIT = 1500;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Sends that end when they are told to. */
function recorder() {
  const sent: [string, boolean][] = [];
  const ends: (() => void)[] = [];
  const send = (domain: string, leaving: boolean) => {
    sent.push([domain, leaving]);
    return new Promise<void>((resolve) => ends.push(resolve));
  };
  return { sent, send, endNext: () => ends.shift()!() };
}

describe('renewals', () => {
  it('go out a moment after the last of several changes, each domain by itself', async () => {
    const { sent, send } = recorder();
    const renewals = new Renewals(send, WAIT);
    renewals.ask('cinema');
    await vi.advanceTimersByTimeAsync(WAIT - 1);
    renewals.ask('cinema');
    renewals.ask('music');
    await vi.advanceTimersByTimeAsync(WAIT - 1);
    expect(sent).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(sent).toEqual([
      ['cinema', false],
      ['music', false],
    ]);
    await vi.advanceTimersByTimeAsync(10 * WAIT);
    expect(sent).toHaveLength(2);
  });

  it('wait for the one before', async () => {
    const { sent, send, endNext } = recorder();
    const renewals = new Renewals(send, WAIT);
    for (let i = 0; i < 2; i++) {
      renewals.ask('cinema');
      await vi.advanceTimersByTimeAsync(WAIT);
    }
    expect(sent).toHaveLength(1);
    endNext();
    await vi.advanceTimersByTimeAsync(0);
    expect(sent).toHaveLength(2);
  });

  it('go out at once, and once, when the page is left', async () => {
    const { sent, send } = recorder();
    const renewals = new Renewals(send, WAIT);
    renewals.ask('cinema');
    renewals.leave();
    renewals.leave();
    await vi.advanceTimersByTimeAsync(10 * WAIT);
    expect(sent).toEqual([['cinema', true]]);
  });
});

describe('what is shared', () => {
  const DAY = 24 * 3600 * 1000;
  const now = 1_800_000_000_000;
  const choice = (id: string, days: number, value: 1 | -1 = 1): Choice => {
    return { id, value, at: now - days * DAY, item: { id, title: 'A secret', year: null, creators: [], tags: [] } };
  };

  it('is the likes of the last 30 days, and of each only which and when', () => {
    const choices = [choice('new', 0), choice('not for me', 1, -1), choice('older', 29.9), choice('old', 30)];
    expect(likesToShare(choices, now)).toEqual({
      sent_at: now,
      items: [
        { id: 'new', at: now },
        { id: 'older', at: now - 29.9 * DAY },
      ],
    });
  });

  it('is no more than the server takes, the newest of them', () => {
    const { items } = likesToShare(
      Array.from({ length: 6000 }, (_, i) => choice(`${i}`, i / 1000)),
      now,
    );
    expect([items.length, items[0].id, items.at(-1)!.id]).toEqual([5000, '0', '4999']);
  });
});
