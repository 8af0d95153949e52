import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import * as events from '@/app/api/events/route';
import * as me from '@/app/api/me/route';
import type { EventKind } from '@/lib/contracts/events';
import type { Engine } from '@/lib/engine/engine';
import type { CacheName } from '@/lib/server/cache/cache';
import { getEngine } from '@/lib/server/engines';
import { publishItems } from '@/lib/server/items/service';
import { metrics } from '@/lib/server/metrics/metrics';
import { call, cookieOf } from '@/testing/server/call';
import { type Service, startPostgres } from '@/testing/server/processes';
import { embeddedFolder, POSTGRES } from '@/testing/server/stores';
import { tinyArtifacts } from '@/testing/tiny-artifacts';
import * as recommend from './[domain]/route';

const DOMAIN = 'tiny';
const TOKEN = 'a token that only operators know';
const OPERATOR = { authorization: `Bearer ${TOKEN}` };
const params = { domain: DOMAIN };

let root: string;
let engine: Engine;
let ids: string[];

beforeAll(async () => {
  root = await tinyArtifacts();
  vi.stubEnv('INKPICK_ARTIFACTS', root);
  vi.stubEnv('INKPICK_DATA', await embeddedFolder());
  vi.stubEnv('INKPICK_RATE_LIMIT', '0');
  vi.stubEnv('INKPICK_ADMIN_TOKEN', TOKEN);
  engine = await getEngine(DOMAIN);
  ids = engine.popular(engine.info.itemCount).map(({ id }) => id);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(root, { recursive: true });
});

interface Body {
  results: { id: string }[];
  unknown: string[];
  latency_ms: number;
  error: { code: string; message: string; field?: string };
}
const ask = async (body: object, headers: Record<string, string> = {}) => {
  const answer = await call(recommend, 'POST', { params, body, headers });
  return { status: answer.status, body: answer.json<Body>() };
};
const send = async (sender: { user?: string; cookie?: string }, kinds: [EventKind, string][]) => {
  const at = Date.now();
  const { user, cookie } = sender;
  const batch = {
    sent_at: at,
    user,
    // A second apart, because histories have times in seconds.
    events: kinds.map(([kind, item], i) => ({
      id: randomUUID(),
      kind,
      domain: DOMAIN,
      item,
      at: at - 1000 * (kinds.length - i),
    })),
  };
  const answer = await call(events, 'POST', { body: batch, headers: user ? OPERATOR : { cookie: cookie! } });
  expect(answer.status).toBe(200);
};
const agree = async () => cookieOf((await call(me, 'POST', { body: { agree: true } })).headers)!;

async function reads(cache: CacheName): Promise<{ computed: number; found: number }> {
  const { values } = await metrics().cacheReads.get();
  const of = (levels: string[]) =>
    values
      .filter(({ labels }) => labels.cache === cache && levels.includes(String(labels.level)))
      .reduce((sum, { value }) => sum + value, 0);
  return { computed: of(['miss']), found: of(['memory', 'redis']) };
}

describe('POST /api/recommend/[domain] for a user', () => {
  it('equals the response for the same history in the body, in every mode and with every setting', async () => {
    await send({ user: 'same' }, [
      ['like', ids[0]],
      ['dislike', ids[5]],
      ['like', ids[8]],
      ['not_interested', ids[2]],
    ]);
    const history = [
      { item: ids[0], timestamp: 1 },
      { item: ids[5], value: -1, timestamp: 2 },
      { item: ids[8], timestamp: 3 },
    ];
    const hidden = [ids[5], ids[2]];
    const settings: { hidden?: string[]; [name: string]: unknown }[] = [
      {},
      { mode: 'content' },
      { mode: 'collaborative' },
      { mode: 'popular' },
      { alpha: 0.3, diversity: 0.6 },
      { interests: [engine.info.interests[0].id] },
      { candidates: ids.slice(0, 12) },
      { hidden: [ids[3]] },
    ];
    for (const setting of settings) {
      const expected = await ask({ history, ...setting, hidden: [...hidden, ...(setting.hidden ?? [])] });
      for (const time of ['computed', 'cached']) {
        const { status, body } = await ask({ user: 'same', ...setting }, OPERATOR);
        expect([time, status]).toEqual([time, 200]);
        const { latency_ms, ...rest } = body;
        const { latency_ms: _, ...others } = expected.body;
        // Timestamps are by the store's clock, but the gate uses their order only.
        expect(rest).toEqual(others);
      }
    }
  });

  it('uses the user’s next event at once', async () => {
    const cookie = await agree();
    const list = async () => (await ask({ user: 'me' }, { cookie })).body.results.map(({ id }) => id);
    expect(await list()).toEqual(ids.slice(0, 10));
    await send({ cookie }, [['like', ids[3]]]);
    const first = await list();
    expect(first).not.toContain(ids[3]);
    await send({ cookie }, [['not_interested', first[0]]]);
    const second = await list();
    expect(second).not.toContain(first[0]);
    await send({ cookie }, [['retract', ids[3]]]);
    expect(await list()).not.toEqual(second);
  });

  it('ignores the history of a visitor who has it erased', async () => {
    const cookie = await agree();
    await send({ cookie }, [['like', ids[3]]]);
    expect((await ask({ user: 'me' }, { cookie })).body.results.map(({ id }) => id)).not.toContain(ids[3]);
    await call(me, 'DELETE', { headers: { cookie } });
    expect((await ask({ user: 'me' }, { cookie })).body.results.map(({ id }) => id)).toEqual(ids.slice(0, 10));
  });

  it('requires the cookie of that visitor, or the operator’s token', async () => {
    const cookie = await agree();
    const refusals = await Promise.all([
      ask({ user: 'me' }),
      ask({ user: 'me' }, { cookie, 'sec-fetch-site': 'cross-site' }),
      ask({ user: 'me' }, { cookie, origin: 'https://elsewhere.example' }),
      ask({ user: 'anyone' }, { cookie }),
      ask({ user: 'anyone' }, { authorization: 'Bearer not the token of this server' }),
      // With the name of the field escaped.
      call(recommend, 'POST', { params, body: '{"\\u0075ser": "anyone"}' }).then((answer) => ({
        status: answer.status,
        body: answer.json<Body>(),
      })),
    ]);
    expect(refusals.map(({ status, body }) => [status, body.error.code])).toEqual([
      [403, 'CONSENT_REQUIRED'],
      [403, 'FORBIDDEN'],
      [403, 'FORBIDDEN'],
      [401, 'UNAUTHORISED'],
      [401, 'UNAUTHORISED'],
      [401, 'UNAUTHORISED'],
    ]);
    const both = await ask({ user: 'me', history: [ids[0]] }, { cookie });
    expect([both.status, both.body.error]).toEqual([
      400,
      {
        code: 'INVALID_REQUEST',
        field: 'history',
        message: 'history must be left out when user is given, whose stored history is used.',
      },
    ]);
  });

  it('caches histories, factors and candidates, and whole lists for the most active tenth of API users', async () => {
    for (let i = 0; i < 19; i++) await send({ user: `quiet ${i}` }, [['view', ids[i]]]);
    await send(
      { user: 'busy' },
      ids.slice(0, 12).map((id) => ['like', id]),
    );
    const gained = async (name: CacheName, work: () => Promise<unknown>) => {
      const before = await reads(name);
      await work();
      const after = await reads(name);
      return { computed: after.computed - before.computed, found: after.found - before.found };
    };
    const busy = () => ask({ user: 'busy' }, OPERATOR);
    const quiet = () => ask({ user: 'quiet 3' }, OPERATOR);
    expect(await gained('lists', busy)).toEqual({ computed: 1, found: 0 });
    expect(await gained('lists', busy)).toEqual({ computed: 0, found: 1 });
    expect(await gained('lists', quiet)).toEqual({ computed: 0, found: 0 });
    for (const name of ['histories', 'candidates', 'factors'] as const)
      expect([name, await gained(name, quiet)]).toEqual([name, { computed: 0, found: 1 }]);
    // Another diversity re-ranks the same candidates.
    expect(await gained('candidates', () => ask({ user: 'quiet 3', diversity: 0.9 }, OPERATOR))).toEqual({
      computed: 0,
      found: 1,
    });
    await send({ user: 'busy' }, [['like', ids[15]]]);
    expect(await gained('lists', busy)).toEqual({ computed: 1, found: 0 });
    await publishItems(engine, [{ id: 'brand-new', title: 'Brand new', creators: [], tags: {}, external: {} }]);
    expect(await gained('lists', busy)).toEqual({ computed: 1, found: 0 });
  });
});

describe.skipIf(!POSTGRES)('while Postgres is stopped', () => {
  let postgres: Service;
  beforeAll(async () => {
    postgres = await startPostgres();
    vi.stubEnv('DATABASE_URL', postgres.url);
  });
  afterAll(() => postgres?.remove());

  it('still serves users whose history is cached', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    await send({ user: 'regular' }, [['like', ids[4]]]);
    const before = await ask({ user: 'regular' }, OPERATOR);
    expect(before.status).toBe(200);
    await postgres.stop('SIGKILL');
    const during = await ask({ user: 'regular', diversity: 0 }, OPERATOR);
    expect([during.status, during.body.results]).toEqual([200, before.body.results]);
    const stranger = await ask({ user: 'stranger' }, OPERATOR);
    expect([stranger.status, stranger.body.error.code]).toEqual([503, 'STORE_UNAVAILABLE']);
  });
});
