import { describe, expect, it } from 'vitest';
import { withinEventLimits } from './event-limit';

describe('withinEventLimits', () => {
  const accepting = (accepted: number) => async () => ({ accepted });

  it('allows 20,000 events a day per visitor, and counts only accepted ones', async () => {
    const busy = { visitor: 'busy', address: '198.51.100.50' };
    for (let i = 0; i < 10; i++) await withinEventLimits(busy, 2000, accepting(1900));
    // Duplicates, and events that could not be written, do not count.
    await withinEventLimits(busy, 1000, accepting(0));
    const failing = withinEventLimits(busy, 1000, async () => {
      throw new Error('on purpose');
    });
    await expect(failing).rejects.toThrow('on purpose');
    await withinEventLimits(busy, 1000, accepting(1000));
    await expect(withinEventLimits(busy, 1, accepting(1))).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      message: expect.stringContaining('20000 events'),
    });
    await withinEventLimits({ ...busy, visitor: 'calm' }, 1, accepting(1));
  });

  it('allows 500,000 a day per address, whatever the number of visitors', async () => {
    const address = '198.51.100.51';
    for (let i = 0; i < 25; i++)
      await withinEventLimits({ visitor: `one of many ${i}`, address }, 20_000, accepting(20_000));
    await expect(withinEventLimits({ visitor: 'another', address }, 1, accepting(1))).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      message: expect.stringContaining('500000 events of one network'),
    });
    // The refusal does not use up the visitor's own allowance at another address.
    await withinEventLimits({ visitor: 'another', address: '198.51.100.52' }, 20_000, accepting(20_000));
  });
});
