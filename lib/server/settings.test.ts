import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { currentSettings, readSettings } from './settings';

describe('readSettings', () => {
  it('has defaults for everything', () => {
    expect(readSettings({})).toEqual({
      artifactsRoot: join(process.cwd(), 'public', 'artifacts'),
      rateLimit: 1000,
      proxies: 0,
      renewsPages: false,
      redisUrls: [],
      dataFolder: join(process.cwd(), 'data', 'store'),
      eventDays: 90,
    });
  });

  it('takes set variables, and treats empty ones as unset', () => {
    const settings = readSettings({
      INKPICK_ARTIFACTS: '/srv/artifacts',
      INKPICK_RATE_LIMIT: '0',
      INKPICK_PROXIES: '',
      INKPICK_OWN_SERVER: '1',
    });
    expect(settings).toMatchObject({ artifactsRoot: '/srv/artifacts', rateLimit: 0, proxies: 0, renewsPages: true });
  });

  it('stores shared data where configured, and on Vercel in memory by default', () => {
    expect(readSettings({ INKPICK_DATA: '/srv/store' }).dataFolder).toBe('/srv/store');
    expect(readSettings({ INKPICK_DATA: 'memory' }).dataFolder).toBeUndefined();
    expect(readSettings({ VERCEL: '1' }).dataFolder).toBeUndefined();
    expect(readSettings({ VERCEL: '1', DATABASE_URL: 'postgres://db/x' }).databaseUrl).toBe('postgres://db/x');
    expect(readSettings({ REDIS_URL: 'redis://a:1,rediss://b:2' }).redisUrls).toEqual(['redis://a:1', 'rediss://b:2']);
  });

  it.each([
    ['DATABASE_URL', 'mysql://db', 'must begin with postgres:// or postgresql://'],
    ['REDIS_URL', 'http://cache', 'must begin with redis:// or rediss://'],
    ['INKPICK_SECRET', 'short', 'must be at least 32 characters long'],
    ['INKPICK_ADMIN_TOKEN', 'short', 'must be at least 16 characters long'],
  ])('refuses %s=%s', (name, value, reason) => {
    expect(() => readSettings({ [name]: value })).toThrow(`The environment variable ${name} ${reason}.`);
  });

  it("counts Vercel's edge as a proxy", () => {
    expect(readSettings({ VERCEL: '1' }).proxies).toBe(1);
    expect(readSettings({ VERCEL: '1', INKPICK_PROXIES: '2' }).proxies).toBe(2);
  });

  it.each(['-1', 'many', '1.5'])('refuses INKPICK_RATE_LIMIT=%s with a message', (value) => {
    expect(() => readSettings({ INKPICK_RATE_LIMIT: value })).toThrow(
      'The environment variable INKPICK_RATE_LIMIT must be a whole number, 0 or more.',
    );
  });
});

describe('currentSettings', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('follows the environment, and parses it again only after a change', () => {
    vi.stubEnv('INKPICK_RATE_LIMIT', '7');
    const settings = currentSettings();
    expect(settings).toEqual(readSettings());
    expect(currentSettings()).toBe(settings);
    vi.stubEnv('INKPICK_RATE_LIMIT', '8');
    expect(currentSettings().rateLimit).toBe(8);
  });
});
