import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { currentSettings, readSettings } from './settings';

describe('readSettings', () => {
  it('needs nothing', () => {
    expect(readSettings({})).toEqual({
      artifactsRoot: join(process.cwd(), 'public', 'artifacts'),
      rateLimit: 1000,
      proxies: 0,
      renewsPages: false,
    });
  });

  it('takes what is set, and an empty variable for unset', () => {
    const settings = readSettings({
      INKPICK_ARTIFACTS: '/srv/artifacts',
      INKPICK_RATE_LIMIT: '0',
      INKPICK_PROXIES: '',
      INKPICK_OWN_SERVER: '1',
    });
    expect(settings).toEqual({ artifactsRoot: '/srv/artifacts', rateLimit: 0, proxies: 0, renewsPages: true });
  });

  it("counts Vercel's edge as a proxy", () => {
    expect(readSettings({ VERCEL: '1' }).proxies).toBe(1);
    expect(readSettings({ VERCEL: '1', INKPICK_PROXIES: '2' }).proxies).toBe(2);
  });

  it.each(['-1', 'many', '1.5'])('refuses INKPICK_RATE_LIMIT=%s and says so', (value) => {
    expect(() => readSettings({ INKPICK_RATE_LIMIT: value })).toThrow(
      'The environment variable INKPICK_RATE_LIMIT must be a whole number, 0 or more.',
    );
  });
});

describe('currentSettings', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('follows the environment, and reads it anew only where it changed', () => {
    vi.stubEnv('INKPICK_RATE_LIMIT', '7');
    const settings = currentSettings();
    expect(settings).toEqual(readSettings());
    expect(currentSettings()).toBe(settings);
    vi.stubEnv('INKPICK_RATE_LIMIT', '8');
    expect(currentSettings().rateLimit).toBe(8);
  });
});
