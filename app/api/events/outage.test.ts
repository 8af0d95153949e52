import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import * as ready from '@/app/api/health/ready/route';
import * as me from '@/app/api/me/route';
import * as popular from '@/app/api/popular/[domain]/route';
import * as recommend from '@/app/api/recommend/[domain]/route';
import * as shared from '@/app/api/shared/[domain]/route';
import * as trending from '@/app/api/trending/[domain]/route';
import { getEngine } from '@/lib/server/engines';
import { call, cookieOf } from '@/testing/server/call';
import { type Cable, startCable } from '@/testing/server/cuttable-proxy';
import { postgresPrograms, type Service, startPostgres } from '@/testing/server/processes';
import * as events from './route';

const DOMAIN = 'courses';
const params = { domain: DOMAIN };

/** Polls until the condition is true. */
async function eventually(check: () => Promise<boolean>, milliseconds = 60_000): Promise<void> {
  for (const end = Date.now() + milliseconds; !(await check()); ) {
    if (Date.now() > end) throw new Error('it did not come about');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

describe.runIf(postgresPrograms())('Postgres stopping while events arrive', () => {
  let postgres: Service;
  let cable: Cable;
  let cookie: string;
  let history: string[];

  beforeAll(async () => {
    postgres = await startPostgres({ durable: true });
    cable = await startCable(postgres.url);
    vi.stubEnv('DATABASE_URL', cable.url);
    vi.stubEnv('INKPICK_RATE_LIMIT', '0');
    vi.spyOn(console, 'error').mockImplementation(() => {});
    history = (await getEngine(DOMAIN)).popular(3).map(({ id }) => id);
    cookie = cookieOf((await call(me, 'POST', { body: { agree: true } })).headers)!;
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
    await cable?.remove();
    await postgres?.remove();
  });

  const status = async () => {
    const answer = await call(ready, 'GET');
    return [answer.status, answer.json<{ status: string }>().status];
  };
  const readers = async () => {
    const answers = [
      await call(recommend, 'POST', { params, body: { history } }),
      await call(popular, 'GET', { params }),
      await call(trending, 'GET', { params }),
      await call(shared, 'GET', { params }),
    ];
    return answers.map((answer) => answer.status);
  };

  it.each([
    ['crashes', () => postgres.stop('SIGKILL'), () => postgres.start()],
    ['is cut off', async () => cable.cut(), async () => cable.mend()],
  ])(
    'lists go on, events wait and arrive once, where it %s',
    async (_, lose, regain) => {
      await eventually(async () => (await status())[1] === 'ready');
      await lose();
      /** Like a page's queue: sends until the response says that they are accepted. */
      const queue = Array.from({ length: 20 }, () => {
        const at = Date.now();
        return {
          sent_at: at,
          events: [{ id: randomUUID(), kind: 'view', domain: DOMAIN, item: history[0], at }],
        };
      });
      let refused = 0;
      const send = async () => {
        for (const batch of queue.slice()) {
          const answer = await call(events, 'POST', { body: batch, headers: { cookie } });
          if (answer.status === 200) queue.splice(queue.indexOf(batch), 1);
          else {
            refused++;
            expect(answer.status).toBe(503);
            expect(answer.json<{ error: { code: string } }>().error.code).toBe('STORE_UNAVAILABLE');
            expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
          }
        }
      };
      await send();
      expect(refused).toBe(20);
      expect(await readers()).toEqual([200, 200, 200, 200]);
      expect(await status()).toEqual([200, 'degraded']);
      const sent: string[] = queue.flatMap(({ events }) => events.map(({ id }) => id));
      await regain();
      await eventually(async () => {
        await send();
        return queue.length === 0;
      });
      await eventually(async () => (await status())[1] === 'ready');
      const { held } = (await call(me, 'GET', { headers: { cookie } })).json<{ held: { events: { id: string }[] } }>();
      const stored = held.events.map(({ id }) => id).filter((id) => sent.includes(id));
      expect(stored.toSorted()).toEqual(sent.toSorted());
      expect(await readers()).toEqual([200, 200, 200, 200]);
    },
    120_000,
  );
});
