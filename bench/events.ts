import { randomUUID } from 'node:crypto';
import { popularItems } from './browser';
import type { Part } from './context';
import { fire } from './fire';
import { fewRuns, type Measured, summarise } from './lines';
import { agreedVisitors, batches } from './visitors';
import { atMost, MAIN_DOMAIN } from './worker';

const CONNECTIONS = [1, 16];
const TARGET_CONNECTIONS = 16;
const VISITORS = 64;
const KNOWN_ITEMS = 2000;
const EVENTS_PER_BATCH = 10;
/** WebAssembly and the server's code reach full speed after a few thousand requests. */
const WARM_UP = 4000;
const REQUESTS = 2000;
const LAG_RUNS = 5;
const LAG_PAUSE_MS = 50;
const LAG_TIMEOUT_MS = 20_000;
const ONBOARDINGS = 500;
const ONBOARDINGS_WARM_UP = 1000;

/** Events, trending items and onboarding on the embedded store, which is the default. */
export const benchEvents: Part = async ({ server, domains, log }) => {
  if (!domains.includes(MAIN_DOMAIN)) return [];
  const base = await server();
  const items = (await popularItems(base, MAIN_DOMAIN, KNOWN_ITEMS)).map(({ id }) => id);
  const cookies = await agreedVisitors(base, VISITORS);
  const lines: Measured[] = [];
  const load = { name: 'events', url: `${base}/api/events`, cookies };
  const of = (count: number, seed: number) => ({
    ...load,
    bodies: batches(MAIN_DOMAIN, items, count, EVENTS_PER_BATCH, seed),
  });
  log('events to warm up');
  await fire(of(WARM_UP, 1), TARGET_CONNECTIONS, { amount: WARM_UP });
  for (const connections of CONNECTIONS) {
    log(`events at ${connections} ${connections === 1 ? 'connection' : 'connections'}`);
    const { rate, times } = await fire(of(REQUESTS, 1 + connections), connections, { amount: REQUESTS });
    const at = `at ${connections} ${connections === 1 ? 'connection' : 'connections'}`;
    lines.push(
      { domain: MAIN_DOMAIN, name: `POST /api/events, ${at}`, unit: 'per second', ...fewRuns([rate]) },
      {
        domain: MAIN_DOMAIN,
        name: `POST /api/events, ${at}: response time`,
        unit: 'ms',
        ...summarise(times),
        targets: connections === TARGET_CONNECTIONS ? atMost({ p99: 50 }) : [],
        note: `${EVENTS_PER_BATCH} events each, durable when the response arrives`,
      },
    );
  }
  log('from an event to trending');
  lines.push({
    domain: MAIN_DOMAIN,
    name: 'from an event sent to its item in /api/trending',
    unit: 'ms',
    ...summarise(await trendingLags(base, cookies)),
    targets: atMost({ p99: 5000 }),
  });
  for (const connections of CONNECTIONS) {
    log(`onboarding at ${connections} ${connections === 1 ? 'connection' : 'connections'}`);
    lines.push({
      domain: MAIN_DOMAIN,
      name: `POST /api/onboarding, at ${connections} ${connections === 1 ? 'connection' : 'connections'}: response time`,
      unit: 'ms',
      ...summarise(await onboardings(base, connections)),
      targets: atMost({ p99: 50 }),
    });
  }
  return lines;
};

/** @returns milliseconds from sending an event until polling /api/trending returns its item */
async function trendingLags(base: string, cookies: readonly string[]): Promise<number[]> {
  const unknown = (await popularItems(base, MAIN_DOMAIN, KNOWN_ITEMS + LAG_RUNS)).slice(-LAG_RUNS);
  const lags: number[] = [];
  for (const { id } of unknown) {
    const begin = performance.now();
    // Enough visitors for the item to be listed.
    for (const cookie of cookies.slice(0, 32)) {
      const now = Date.now();
      const event = { id: randomUUID(), kind: 'share', domain: MAIN_DOMAIN, item: id, at: now };
      await fetch(`${base}/api/events`, {
        method: 'POST',
        headers: { cookie },
        body: JSON.stringify({ sent_at: now, events: [event] }),
      });
    }
    while (performance.now() - begin < LAG_TIMEOUT_MS) {
      const { results } = (await (await fetch(`${base}/api/trending/${MAIN_DOMAIN}?window=day&limit=100`)).json()) as {
        results: { id: string; level: string }[];
      };
      if (results.some((item) => item.id === id && item.level === 'live')) break;
      await new Promise((resolve) => setTimeout(resolve, LAG_PAUSE_MS));
    }
    lags.push(performance.now() - begin);
  }
  return lags;
}

async function onboardings(base: string, connections: number): Promise<number[]> {
  const { domains } = (await (await fetch(`${base}/api/domains`)).json()) as {
    domains: { id: string; interests: { id: string }[] }[];
  };
  const interests = domains.find(({ id }) => id === MAIN_DOMAIN)!.interests.map(({ id }) => id);
  const bodies = Array.from({ length: ONBOARDINGS + ONBOARDINGS_WARM_UP }, (_, i) =>
    JSON.stringify({
      domain: MAIN_DOMAIN,
      visitor: `visitor ${i}`,
      interests: [0, 1, 2].map((j) => interests[(i * 3 + j) % interests.length]),
    }),
  );
  const load = { name: 'onboarding', url: `${base}/api/onboarding` };
  await fire({ ...load, bodies: bodies.splice(0, ONBOARDINGS_WARM_UP) }, TARGET_CONNECTIONS, {
    amount: ONBOARDINGS_WARM_UP,
  });
  return (await fire({ ...load, bodies }, connections, { amount: ONBOARDINGS })).times;
}
