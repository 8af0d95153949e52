import { popularItems } from './browser';
import type { Part } from './context';
import { fire } from './fire';
import { type Measured, single, summarise } from './lines';
import { agreedVisitors, batches } from './visitors';
import { MAIN_DOMAIN } from './worker';
import { histories } from './workload';

const MINUTES = 10;
const VISITORS = 64;
const KNOWN_ITEMS = 2000;
const EVENTS_PER_BATCH = 10;
/** Requests of each kind in a round, which takes a second or two. */
const REQUESTS = 100;
const CONNECTIONS = 4;
/** Share of the rounds that fill caches and compile code. */
const SETTLED_AFTER = 0.3;

/** Traffic of every kind for ten minutes: memory of the process after warm-up and at the end. */
export const benchSoak: Part = async ({ server, domains, log }) => {
  if (!domains.includes(MAIN_DOMAIN)) return [];
  const base = await server();
  const items = (await popularItems(base, MAIN_DOMAIN, KNOWN_ITEMS)).map(({ id }) => id);
  const cookies = await agreedVisitors(base, VISITORS);
  const end = performance.now() + MINUTES * 60_000;
  const resident: number[] = [];
  const times: number[] = [];
  for (let round = 1; performance.now() < end; round++) {
    const amount = REQUESTS;
    const [events, lists] = [
      batches(MAIN_DOMAIN, items, amount, EVENTS_PER_BATCH, round),
      histories(items, amount, round).map((history) => JSON.stringify({ history })),
    ];
    const fired = await fire({ name: 'events', url: `${base}/api/events`, bodies: events, cookies }, CONNECTIONS, {
      amount,
    });
    times.push(...fired.times);
    await fire({ name: 'lists', url: `${base}/api/recommend/${MAIN_DOMAIN}`, bodies: lists }, CONNECTIONS, { amount });
    for (const path of ['trending', 'popular', 'shared'])
      await fire({ name: path, url: `${base}/api/${path}/${MAIN_DOMAIN}` }, CONNECTIONS, { amount });
    resident.push(await residentBytes(base));
    if (round % 20 === 0)
      log(`${Math.round((end - performance.now()) / 1000)} s to go, ${Math.round(resident.at(-1)! / 1e6)} MB`);
  }
  const settled = resident.slice(Math.floor(SETTLED_AFTER * resident.length));
  const third = Math.max(1, Math.floor(settled.length / 3));
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [first, last] = [mean(settled.slice(0, third)), mean(settled.slice(-third))];
  const lines: Measured[] = [
    { domain: null, name: 'memory of the process, once settled', unit: 'bytes', ...single(first) },
    {
      domain: null,
      name: 'the same at the end, over that',
      unit: 'share',
      ...single(last / first),
      targets: [{ figure: 'value', atMost: 1.1 }],
      note: `${resident.length} rounds in ${MINUTES} minutes`,
    },
    { domain: null, name: 'POST /api/events meanwhile', unit: 'ms', ...summarise(times) },
  ];
  return lines;
};

async function residentBytes(base: string): Promise<number> {
  const text = await (await fetch(`${base}/api/metrics`)).text();
  const found = /^process_resident_memory_bytes (\S+)/m.exec(text);
  if (!found) throw new Error('/api/metrics does not report process_resident_memory_bytes');
  return Number(found[1]);
}
