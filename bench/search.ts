import { join } from 'node:path';
import Fuse from 'fuse.js';
import { loadEngineFromFolder } from '../lib/artifacts/node';
import { popularItems, WorkerSession } from './browser';
import type { Part } from './context';
import { type Measured, summarise } from './lines';
import { timed } from './node';
import { atMost, MAIN_DOMAIN } from './worker';
import { KNOWN, queries, REQUESTS, SEARCH_LIMIT, WARM_UP } from './workload';

/** Few, because fuse.js alone takes half a second a query. */
const FUSE_QUERIES = 40;
const FUSE_WARM_UP = 3;
const MIN_SPEEDUP = 20;

/**
 * Search with typos and incomplete titles, in the worker and in Node, compared with fuse.js alone over the same titles.
 */
export const benchSearch: Part = async ({ artifacts, browser, server, domains, log }) => {
  const lines: Measured[] = [];
  for (const domain of domains) {
    log(`${domain}: search`);
    const isMain = domain === MAIN_DOMAIN;
    const known = await popularItems(await server(), domain, KNOWN);
    const texts = queries(
      known.map(({ title }) => title),
      WARM_UP + REQUESTS,
    );
    const session = await WorkerSession.open(await browser(), await server(), domain);
    const { worker, page } = await session.run(texts.map((text) => session.searchCall(text, SEARCH_LIMIT)));
    await session.close();
    const engine = await loadEngineFromFolder(join(artifacts, domain));
    const titles = engine.popular(engine.info.itemCount).map(({ title }) => title);
    const fuse = new Fuse(titles, { includeScore: true });
    const alone = summarise(
      timed((i) => fuse.search(texts[WARM_UP + i], { limit: SEARCH_LIMIT }), FUSE_QUERIES, FUSE_WARM_UP),
    );
    const ours = summarise(timed((i) => engine.search(texts[i], SEARCH_LIMIT)));
    const baseline = { name: 'fuse.js alone', figures: alone.figures };
    lines.push(
      {
        domain,
        name: `fuse.js alone over ${titles.length.toLocaleString('en-GB')} titles, in Node`,
        unit: 'ms',
        ...alone,
      },
      { domain, name: 'search, in Node', unit: 'ms', ...ours, baseline },
      {
        domain,
        name: 'search, in the worker',
        unit: 'ms',
        ...summarise(worker),
        targets: isMain ? atMost({ p95: 10 }) : [],
      },
      { domain, name: 'search, as the page sees it', unit: 'ms', ...summarise(page) },
      {
        domain,
        name: 'fuse.js alone, times as slow as search, both in Node',
        unit: 'times',
        figures: {
          median: alone.figures.median / ours.figures.median,
          p95: alone.figures.p95 / ours.figures.p95,
        },
        samples: FUSE_QUERIES,
        targets: isMain
          ? [
              { figure: 'median', atLeast: MIN_SPEEDUP },
              { figure: 'p95', atLeast: MIN_SPEEDUP },
            ]
          : [],
      },
    );
  }
  return lines;
};
