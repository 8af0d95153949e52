import { join } from 'node:path';
import { readManifest } from '../lib/artifacts/node';
import { plainScan } from './baseline';
import { popularItems, WorkerSession } from './browser';
import type { BenchContext, Part } from './context';
import { type Measured, summarise, type Target } from './lines';
import { SCAN_K } from './node';
import { throttled } from './throttle';
import { DIVERSITY, histories, MEASURED_MODES, REQUESTS, TOP_K, WARM_UP } from './workload';

/** The domain whose figures have targets. */
export const MAIN_DOMAIN = 'cinema';
/** Number of popular items to sample histories from; fewer than in Node, because the API returns pages of 100. */
const KNOWN_TO_BROWSERS = 1000;
/** Assumed slowdown of a phone against this machine. */
export const PHONE_SLOWDOWN = 4;
const THROTTLED_REQUESTS = 200;
const SETTLING_MS = 6000;
/** Gives other histories than those that are measured. */
const SETTLING_SEED = 24;

interface Targets {
  hybrid: Target[];
}

/** The engine in its worker in headless Chromium, at the speed of this machine. */
export const benchWorker: Part = async (context) => {
  const lines: Measured[] = [];
  for (const domain of context.domains) {
    context.log(`${domain}: the engine in its worker`);
    const session = await WorkerSession.open(await context.browser(), await context.server(), domain);
    await settle(context, session, domain);
    const hybrid = domain === MAIN_DOMAIN ? atMost({ median: 3, p99: 10 }) : [];
    lines.push(...(await measure(context, session, domain, REQUESTS, { hybrid })));
    await session.close();
  }
  return lines;
};

/** The same at the speed of a phone. */
export const benchThrottled: Part = async (context) => {
  const lines: Measured[] = [];
  for (const domain of context.domains) {
    context.log(`${domain}: the engine in its worker, ${PHONE_SLOWDOWN}× slower`);
    const browser = await context.browser();
    const session = await WorkerSession.open(browser, await context.server(), domain);
    await settle(context, session, domain);
    const hybrid = domain === MAIN_DOMAIN ? atMost({ p99: 40 }) : [];
    const { result, slowdown } = await throttled(
      browser,
      PHONE_SLOWDOWN,
      () => session.spin(),
      () => measure(context, session, domain, THROTTLED_REQUESTS, { hybrid }),
    );
    lines.push({
      domain,
      name: 'a loop of arithmetic, to check the throttle',
      unit: 'times',
      figures: { value: slowdown },
      samples: 1,
    });
    lines.push(...result);
    await session.close();
  }
  return lines;
};

export const atMost = (figures: Record<string, number>): Target[] =>
  Object.entries(figures).map(([figure, limit]) => ({ figure, atMost: limit }));

/** Requests first lists, then waits for the tail, both indexes and ONNX Runtime to load. */
async function settle({ server }: BenchContext, session: WorkerSession, domain: string): Promise<void> {
  const known = await popularItems(await server(), domain, KNOWN_TO_BROWSERS);
  const lists = histories(
    known.map(({ id }) => id),
    WARM_UP + 1,
    SETTLING_SEED,
  );
  await session.run(
    lists.map((ids) =>
      session.recommendCall({
        mode: 'hybrid',
        history: ids.map((id) => ({ id })),
        topK: TOP_K,
        diversity: DIVERSITY,
      }),
    ),
  );
  await new Promise((resolve) => setTimeout(resolve, SETTLING_MS));
}

async function measure(
  { artifacts, server }: BenchContext,
  session: WorkerSession,
  domain: string,
  requests: number,
  targets: Targets,
): Promise<Measured[]> {
  const known = await popularItems(await server(), domain, KNOWN_TO_BROWSERS);
  const pool = histories(
    known.map(({ id }) => id),
    WARM_UP + requests,
  );
  const { manifest } = await readManifest(join(artifacts, domain));
  const { dims } = manifest.training.latent;
  const scan = summarise(await scanInWorker(session, manifest.counts.warmItems, dims, requests));
  const size = manifest.counts.warmItems.toLocaleString('en-GB');
  const lines: Measured[] = [{ domain, name: `plain scan of ${size} × ${dims}`, unit: 'ms', ...scan }];
  for (const mode of MEASURED_MODES) {
    const { worker, page, index, candidates } = await session.run(
      pool.map((ids) =>
        session.recommendCall({ mode, history: ids.map((id) => ({ id })), topK: TOP_K, diversity: DIVERSITY }),
      ),
    );
    const baseline = { name: 'plain scan', figures: scan.figures };
    const note = `${candidates.toLocaleString('en-GB')} candidates${index === 'none' ? '' : `, ${index === 'hnsw' ? 'HNSW' : 'exact'} index`}`;
    lines.push({
      domain,
      name: `recommend, ${mode}`,
      unit: 'ms',
      ...summarise(worker),
      baseline,
      note,
      targets: mode === 'hybrid' ? targets.hybrid : [],
    });
    lines.push({ domain, name: `recommend, ${mode}, as the page sees it`, unit: 'ms', ...summarise(page) });
  }
  // One user moves a slider: the engine may cache what does not depend on it.
  const history = pool[0].map((id) => ({ id }));
  const moved = await session.run(
    pool.map((_, i) =>
      session.recommendCall({
        mode: 'hybrid',
        history,
        topK: TOP_K,
        alpha: ((i * 7) % 100) / 100,
        diversity: DIVERSITY,
      }),
    ),
  );
  lines.push({ domain, name: 'recommend again, another content share', unit: 'ms', ...summarise(moved.worker) });
  return lines;
}

/** Runs {@link plainScan} in the session's worker over random vectors. */
function scanInWorker(session: WorkerSession, size: number, dims: number, requests: number): Promise<number[]> {
  return session.worker.evaluate(
    ({ source, size, dims, k, warmUp, requests }) => {
      const scan = new Function(`return ${source}`)() as typeof plainScan;
      const vectors = new Float32Array(size * dims);
      let state = 23;
      for (let i = 0; i < vectors.length; i++) {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        vectors[i] = state / 2 ** 32 - 0.5;
      }
      const samples: number[] = [];
      for (let i = 0; i < warmUp + requests; i++) {
        const begin = performance.now();
        scan(vectors, dims, vectors.subarray(i * dims, (i + 1) * dims), k);
        if (i >= warmUp) samples.push(performance.now() - begin);
      }
      return samples;
    },
    { source: plainScan.toString(), size, dims, k: SCAN_K, warmUp: WARM_UP, requests },
  );
}
