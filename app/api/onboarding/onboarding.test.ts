import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { AGE_BANDS } from '@/lib/contracts/events';
import type { Engine } from '@/lib/engine/engine';
import { cache } from '@/lib/server/cache/cache';
import { getEngine } from '@/lib/server/engines';
import type { FirstListItem } from '@/lib/server/onboarding/first-list';
import { segmentTrend, trend, visitor } from '@/lib/server/store/schema';
import { store } from '@/lib/server/store/store';
import { logWeight } from '@/lib/server/trends/decay';
import { halfLife } from '@/lib/server/trends/half-lives';
import { MIN_SEGMENT_VISITORS } from '@/lib/server/trends/trending';
import { call } from '@/testing/server/call';
import { embeddedFolder } from '@/testing/server/stores';
import * as next from './next/route';
import * as onboarding from './route';

const DOMAIN = 'courses';
let engine: Engine;
let interests: string[];
let known: string[];
let folder: string;

beforeEach(() => {
  vi.stubEnv('INKPICK_DATA', folder);
  vi.stubEnv('INKPICK_RATE_LIMIT', '0');
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});
beforeAll(async () => {
  folder = await embeddedFolder();
  vi.stubEnv('INKPICK_DATA', folder);
  // Opened beforehand, because a list does not wait long for it.
  await store().check();
  engine = await getEngine(DOMAIN);
  interests = engine.info.interests.map(({ id }) => id);
  known = engine.popular(300).map(({ id }) => id);
});

interface Answer {
  status: number;
  results: FirstListItem[];
  done: boolean;
  error: { field: string; message: string };
}
const ask = async (route: Record<string, unknown>, body: object): Promise<Answer> => {
  const { status, json } = await call(route, 'POST', { body: { domain: DOMAIN, ...body } });
  return { ...json<Answer>(), status };
};
const onboard = (body: object) => ask(onboarding, body);
const askNext = (body: object) => ask(next, body);

const ids = (results: readonly { id: string }[]) => results.map(({ id }) => id);
const levels = ({ results }: Answer) => [...new Set(results.map(({ level }) => level))].sort();
const likes = (...ids: string[]) => ids.map((id) => ({ id, value: 1 }));

describe('a first list', () => {
  it('is from the prior alone without answers and events', async () => {
    const answer = await onboard({});
    expect(ids(answer.results)).toEqual(known.slice(0, 20));
    expect(levels(answer)).toEqual(['prior']);
  });

  it('is the mix for interests alone', async () => {
    const { results } = await onboard({ interests: interests.slice(0, 3) });
    const count = (slot: string) => results.filter((item) => item.slot === slot).length;
    expect([count('popular'), count('interest'), count('explore')]).toEqual([4, 12, 4]);
    for (const { slot, level } of results) expect(level).toBe(slot === 'interest' ? 'interests' : 'prior');
  });

  it('is the engine’s own list for likes and dislikes, without those items', async () => {
    const answers = [...likes(...known.slice(0, 3)), { id: known[3], value: -1 }, { id: known[4], value: 0 }];
    const answer = await onboard({ answers, interests: interests.slice(0, 3) });
    expect(levels(answer)).toEqual(['taste']);
    expect(ids(answer.results)).toHaveLength(20);
    for (const id of known.slice(0, 4)) expect(ids(answer.results)).not.toContain(id);
    expect(answer.results.some(({ reasons }) => reasons[0].kind === 'history')).toBe(true);
    const others = await onboard({ answers: likes(...known.slice(50, 53)), interests: interests.slice(0, 3) });
    expect(ids(others.results)).not.toEqual(ids(answer.results));
  });

  it('falls back to the survey if no answer is a like or dislike', async () => {
    const survey = { interests: interests.slice(0, 3), visitor: 'anna' };
    const answers = [...likes('no such course'), { id: known[0], value: 0 }];
    expect((await onboard({ ...survey, answers })).results).toEqual((await onboard(survey)).results);
    // Of two answers for an item the last one counts.
    const changed = [...likes(known[0]), { id: known[0], value: 0 }];
    expect((await onboard({ ...survey, answers: changed })).results).toEqual((await onboard(survey)).results);
  });

  it('follows the visitor’s segments, then all visitors, for a profile', async () => {
    const [withSegment, withAll] = [known[150], known[200]];
    const of = (item: string, weight: number) => ({
      domain: DOMAIN,
      item,
      logWeight: logWeight(weight, Date.now(), halfLife('month')),
    });
    await store().run(async (db) => {
      const members = Array.from({ length: MIN_SEGMENT_VISITORS }, () => ({ id: randomUUID(), language: 'nl' }));
      await db.insert(visitor).values(members);
      await db.insert(segmentTrend).values({ segment: 'language:nl', ...of(withSegment, 50_000) });
      await db.insert(trend).values({ window: 'month', ...of(withAll, 50_000) });
    });
    // Live weights are cached for two seconds.
    await vi.waitFor(async () => expect(levels(await onboard({}))).toEqual(['popular', 'prior']), {
      timeout: 10_000,
      interval: 300,
    });
    // On a busy machine the store may miss its timeout, and is then ignored.
    await vi.waitFor(async () => {
      const { results } = await onboard({ profile: { language: 'nl', ageBand: AGE_BANDS[2] } });
      expect(results[0]).toMatchObject({ id: withSegment, level: 'segment', slot: 'popular' });
      expect(results[1]).toMatchObject({ id: withAll, level: 'popular' });
      expect(results).toHaveLength(20);
      const elsewhere = await onboard({ profile: { language: 'fr' } });
      expect(elsewhere.results).toEqual((await onboard({})).results);
      expect((await onboard({ profile: { language: null } })).results).toEqual(elsewhere.results);
    });
  });

  it('is from the prior while the store is unavailable, for any profile', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    vi.stubEnv('DATABASE_URL', 'postgres://127.0.0.1:1/none');
    // Otherwise the cached live weights would be used.
    await cache().forget('live', `${DOMAIN}/month`);
    // Segments that no other test has read, and that are not cached.
    const profile = { region: 'NZ', language: 'mi' };
    await vi.waitFor(async () => expect(levels(await onboard({ profile }))).toEqual(['prior']), {
      timeout: 10_000,
      interval: 300,
    });
    const { results } = await onboard({ profile, interests: interests.slice(0, 3), top_k: 100 });
    expect(new Set(ids(results)).size).toBe(100);
    expect(levels(await onboard({ profile, answers: likes(known[0]) }))).toEqual(['taste']);
  });

  it('is full, each item once, for any subset of the answers', async () => {
    const body = fc.record(
      {
        interests: fc.subarray(
          engine.info.interests.map(({ id }) => id),
          { minLength: 3, maxLength: 5 },
        ),
        answers: fc.array(fc.record({ id: fc.constantFrom('gone', ...known), value: fc.constantFrom(1, -1, 0) }), {
          maxLength: 20,
        }),
        profile: fc.record(
          {
            ageBand: fc.constantFrom(null, ...AGE_BANDS),
            region: fc.constantFrom(null, 'NL', 'GB'),
            language: fc.constantFrom(null, 'nl', 'en'),
          },
          { requiredKeys: [] },
        ),
        visitor: fc.string(),
        top_k: fc.integer({ min: 1, max: 100 }),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(body, async (answers) => {
        const { status, results } = await onboard(answers);
        expect(status).toBe(200);
        expect(new Set(ids(results)).size).toBe(answers.top_k ?? 20);
        const last = new Map(answers.answers?.map(({ id, value }) => [id, value]));
        expect(ids(results).filter((id) => (last.get(id) ?? 0) !== 0)).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  it('requires a valid profile and valid answers', async () => {
    const refused: [object, string][] = [
      [{ profile: { ageBand: '30' } }, 'profile.ageBand'],
      [{ profile: { region: 'nl' } }, 'profile.region'],
      [{ profile: { language: 'nl-NL' } }, 'profile.language'],
      [{ profile: { name: 'Anna' } }, 'profile'],
      [{ answers: [{ id: 'a', value: 2 }] }, 'answers[0].value'],
      [{ answers: [{ id: '', value: 1 }] }, 'answers[0].id'],
      [{ answers: Array(101).fill({ id: 'a', value: 1 }) }, 'answers'],
      [{ interests: [interests[0]] }, 'interests'],
    ];
    for (const [body, field] of refused) {
      const { status, error } = await onboard(body);
      expect([status, error.field]).toEqual([400, field]);
    }
  });
});

describe('the quick pick', () => {
  it('has as many questions as requested, none twice, and depends on each answer', async () => {
    const first = await askNext({ interests: interests.slice(0, 3) });
    expect(first).toMatchObject({ status: 200, done: false });
    expect(new Set(ids(first.results)).size).toBe(6);
    const [asked] = ids(first.results);
    const [liked, disliked, unknown] = await Promise.all(
      [1, -1, 0].map((value) =>
        askNext({ answers: [{ id: asked, value }], interests: interests.slice(0, 3), count: 12 }),
      ),
    );
    for (const { results } of [liked, disliked, unknown]) {
      expect(results).toHaveLength(12);
      expect(ids(results)).not.toContain(asked);
    }
    expect(ids(liked.results)).not.toEqual(ids(disliked.results));
  });

  it('is done after five likes and dislikes or fifteen questions, and not before', async () => {
    const answers: { id: string; value: number }[] = [];
    const dones: boolean[] = [];
    for (let i = 0; i < 15; i++) {
      const { results, done } = await askNext({ answers, count: 1 });
      dones.push(done);
      answers.push({ id: results[0].id, value: 0 });
    }
    expect(dones).not.toContain(true);
    expect(new Set(ids(answers)).size).toBe(15);
    expect((await askNext({ answers })).done).toBe(true);
    const opinions = likes(...known.slice(0, 5));
    expect((await askNext({ answers: opinions.slice(1) })).done).toBe(false);
    expect((await askNext({ answers: opinions })).done).toBe(true);
    expect((await askNext({ answers: likes('1', '2', '3', '4', 'gone') })).done).toBe(false);
    expect((await askNext({ answers: Array(6).fill({ id: known[0], value: 1 }) })).done).toBe(false);
  });

  it('refuses unknown interests and domains', async () => {
    expect(await askNext({ count: 13 })).toMatchObject({ status: 400, error: { field: 'count' } });
    const unknown = await askNext({ interests: [...interests.slice(0, 2), 'nothing'] });
    expect(unknown).toMatchObject({ status: 400, error: { field: 'interests[2]' } });
    expect(unknown.error.message).toContain(interests[0]);
    expect((await askNext({ domain: 'nowhere' })).status).toBe(404);
  });
});
