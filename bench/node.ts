import { join } from 'node:path';
import Fuse from 'fuse.js';
import { loadEngineFromFolder } from '../lib/artifacts/node';
import { ExactIndex } from '../lib/engine/vector-index/exact';
import { formatLines, type Line, summarise } from './stats';
import { histories, queries, REQUESTS, WARM_UP } from './workload';

/** fuse.js alone takes half a second a query: a few are enough for a baseline. */
const FUSE_QUERIES = 15;
/** How many well-known items histories and queries are drawn from. */
const KNOWN = 3000;

const time = (action: () => unknown): number => {
  const begin = performance.now();
  action();
  return performance.now() - begin;
};

/** The engine in Node, as the API runs it. */
export async function benchNode(artifacts: string, domain: string): Promise<string> {
  const before = process.memoryUsage();
  const begin = performance.now();
  const engine = await loadEngineFromFolder(join(artifacts, domain));
  const loaded = performance.now() - begin;
  const after = process.memoryUsage();
  const known = engine.popular(KNOWN);
  const pool = histories(
    known.map(({ id }) => id),
    WARM_UP + REQUESTS,
  );
  const texts = queries(
    known.map(({ title }) => title),
    WARM_UP + REQUESTS,
  );

  const lines: Line[] = [];
  const measure = (name: string, target: string, count: number, action: (i: number) => unknown) => {
    const samples: number[] = [];
    for (let i = 0; i < WARM_UP + count; i++) {
      const milliseconds = time(() => action(i % (WARM_UP + REQUESTS)));
      if (i >= WARM_UP) samples.push(milliseconds);
    }
    lines.push({ name, target, ...summarise(samples) });
  };

  const exact = new ExactIndex(engine.itemFactors, 64);
  measure('exact scan alone, 400 of all vectors', '', REQUESTS, (i) =>
    exact.search(engine.itemFactors.subarray(i * 64, i * 64 + 64), 400),
  );
  for (const mode of ['hybrid', 'content', 'collaborative'] as const) {
    measure(`${mode}, top 20, MMR`, '', REQUESTS, (i) =>
      engine.recommend({ mode, history: pool[i].map((id) => ({ id })), topK: 20, diversity: 0.2 }),
    );
  }
  const table = formatLines(`${domain}, Node ${process.versions.node}`, lines, 'exact scan alone, 400 of all vectors');

  const searchLines: Line[] = [];
  lines.length = 0;
  const fuse = new Fuse(
    engine.popular(engine.info.itemCount).map(({ title }) => title),
    { includeScore: true },
  );
  const fuseSamples = texts.slice(0, FUSE_QUERIES).map((query) => time(() => fuse.search(query, { limit: 8 })));
  searchLines.push({ name: 'fuse.js alone', target: '', ...summarise(fuseSamples) });
  measure('search, typos and half-typed titles', 'p95 < 30', REQUESTS, (i) => engine.search(texts[i], 8));
  searchLines.push(...lines);
  const megabytes = (after.rss - before.rss) / 2 ** 20;
  return `${table}${formatLines(`${domain}, search`, searchLines, 'fuse.js alone')}loaded in ${loaded.toFixed(0)} ms, resident memory +${megabytes.toFixed(0)} MB\n`;
}
