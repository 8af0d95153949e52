import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { popularItems } from './browser';
import type { Part } from './context';
import { fire, type Load } from './fire';
import { fewRuns, type Measured, single, summarise } from './lines';
import { type RunningServer, startServer } from './server';
import { atMost, MAIN_DOMAIN } from './worker';
import { DIVERSITY, histories, TOP_K } from './workload';

const CONNECTIONS = [1, 16, 64];
/**
 * Empty handler and cached responses take turns, so that other load on the machine affects both; medians are compared.
 */
const ROUNDS = 5;
const SECONDS = 2;
const KNOWN_ITEMS = 1000;
/** Computed responses are for histories that were not requested before. */
const COMPUTED_WARM_UP = 100;
const COMPUTED = 1500;
const TARGET_CONNECTIONS = 16;
const MIN_SHARE = 0.6;

/** The API under load on one process, compared with an empty route handler behind the same server. */
export const benchApi: Part = async ({ server, domains, log, emptyPort }) => {
  if (!domains.includes(MAIN_DOMAIN)) return [];
  const base = await server();
  const empty = await startEmptyHandler(emptyPort, log);
  try {
    return await measure(base, `${empty.base}/empty`, log);
  } finally {
    await empty.stop();
  }
};

async function startEmptyHandler(port: number, log: (what: string) => void): Promise<RunningServer> {
  log('building an empty route handler');
  const folder = fileURLToPath(new URL('empty', import.meta.url));
  const next = fileURLToPath(new URL('../node_modules/next/dist/bin/next', import.meta.url));
  execFileSync(process.execPath, [next, 'build'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1' },
  });
  return startServer(folder, port);
}

async function measure(base: string, emptyUrl: string, log: (what: string) => void): Promise<Measured[]> {
  const known = (await popularItems(base, MAIN_DOMAIN, KNOWN_ITEMS)).map(({ id }) => id);
  const recommend = `${base}/api/recommend/${MAIN_DOMAIN}`;
  const bodyOf = (history: readonly string[]) => JSON.stringify({ history, top_k: TOP_K, diversity: DIVERSITY });
  const [likes] = histories(known, 1);
  const query = new URLSearchParams([...likes.map((id) => ['item_id', id]), ['top_k', String(TOP_K)]]);
  const empty: Load = { name: 'empty route handler', url: emptyUrl };
  const cached: Load[] = [
    { name: 'cached response, GET', url: `${recommend}?${query}` },
    { name: 'cached response, POST', url: recommend, bodies: [bodyOf(likes)] },
  ];
  const lines: Measured[] = [];
  for (const load of [empty, ...cached]) await fire(load, TARGET_CONNECTIONS, { duration: SECONDS });
  for (const connections of CONNECTIONS) {
    log(`the API at ${connections} ${connections === 1 ? 'connection' : 'connections'}`);
    const rates = new Map<Load, number[]>([empty, ...cached].map((load) => [load, []]));
    const times = new Map<Load, number[]>([empty, ...cached].map((load) => [load, []]));
    for (let round = 0; round < ROUNDS; round++) {
      for (const load of [empty, ...cached]) {
        const fired = await fire(load, connections, { duration: SECONDS });
        rates.get(load)!.push(fired.rate);
        times.get(load)!.push(...fired.times);
      }
    }
    const at = `at ${connections} ${connections === 1 ? 'connection' : 'connections'}`;
    const baseline = { name: empty.name, figures: fewRuns(rates.get(empty)!).figures };
    for (const load of [empty, ...cached]) {
      const line = {
        domain: load === empty ? null : MAIN_DOMAIN,
        baseline: load === empty ? undefined : baseline,
      };
      const share = fewRuns(rates.get(load)!.map((rate, round) => rate / rates.get(empty)![round]));
      lines.push(
        { ...line, name: `${load.name}, ${at}`, unit: 'per second', ...fewRuns(rates.get(load)!) },
        ...(load === empty
          ? []
          : [
              {
                domain: MAIN_DOMAIN,
                name: `${load.name}, ${at}: rate over that of the empty handler in the same round`,
                unit: 'share' as const,
                ...share,
                targets: [{ figure: 'median', atLeast: MIN_SHARE }],
              },
            ]),
        {
          domain: line.domain,
          name: `${load.name}, ${at}: response time`,
          unit: 'ms',
          ...summarise(times.get(load)!),
        },
      );
    }
    const bodies = histories(known, COMPUTED_WARM_UP + COMPUTED + 2 * connections, 1000 + connections).map(bodyOf);
    const computed: Load = { name: 'computed response', url: recommend, bodies };
    await fire({ ...computed, bodies: bodies.splice(0, COMPUTED_WARM_UP) }, connections, { amount: COMPUTED_WARM_UP });
    const fired = await fire(computed, connections, { amount: COMPUTED });
    lines.push(
      { domain: MAIN_DOMAIN, name: `${computed.name}, ${at}`, unit: 'per second', ...single(fired.rate), baseline },
      {
        domain: MAIN_DOMAIN,
        name: `${computed.name}, ${at}: response time`,
        unit: 'ms',
        ...summarise(fired.times),
        targets: connections === TARGET_CONNECTIONS ? atMost({ p99: 50 }) : [],
      },
    );
  }
  return lines;
}
