import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { serverTime } from '../events/clock';
import { logWeight, weightNow } from './decay';

const DAY_MS = 24 * 3600 * 1000;
const NOW = Date.UTC(2031, 5, 1);
// Earlier weights underflow a double with the shortest half-life.
const moment = fc.integer({ min: -400, max: 0 }).map((days) => NOW + days * DAY_MS);
const halfLife = fc.constantFrom(DAY_MS / 2, 7 * DAY_MS, 90 * DAY_MS);
const weight = fc.double({ min: 1e-3, max: 1e6, noNaN: true });

describe('forward decay', () => {
  it('halves a weight in each half-life', () => {
    fc.assert(
      fc.property(weight, moment, halfLife, (w, at, h) => {
        const expected = w * 2 ** (-(NOW - at) / h);
        const now = weightNow(logWeight(w, at, h), NOW, h);
        expect(Math.abs(now - expected)).toBeLessThanOrEqual(1e-6 * expected);
      }),
    );
  });
});

describe('the time of an event by the server’s clock', () => {
  it('is as long ago as by the device’s clock, within 30 days, and never in the future', () => {
    const clock = fc.double({ min: 0, max: 8e15, noNaN: true });
    fc.assert(
      fc.property(clock, clock, (at, sentAt) => {
        const time = serverTime(at, sentAt, NOW);
        expect(time).toBeLessThanOrEqual(NOW);
        expect(time).toBeGreaterThanOrEqual(NOW - 30 * DAY_MS);
        if (sentAt >= at && sentAt - at < 30 * DAY_MS)
          expect(Math.abs(NOW - time - (sentAt - at))).toBeLessThanOrEqual(1);
      }),
    );
  });
});
