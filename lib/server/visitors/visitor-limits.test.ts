import { afterEach, describe, expect, it, vi } from 'vitest';
import { countNewVisitor } from './visitor-limits';

describe('countNewVisitor', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('allows 30 an hour from one address', async () => {
    for (let i = 0; i < 30; i++) await countNewVisitor('198.51.100.40');
    await expect(countNewVisitor('198.51.100.40')).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      message: expect.stringContaining('30 new visitors'),
    });
    await countNewVisitor('198.51.100.41');
    vi.stubEnv('INKPICK_RATE_LIMIT', '0');
    await countNewVisitor('198.51.100.40');
  });
});
