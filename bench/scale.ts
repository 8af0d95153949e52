import { gzipSync } from 'node:zlib';
import { Engine, type EngineParts } from '../lib/engine/engine';
import { finish } from '../lib/engine/search/build';
import { splitCatalog, writeCatalog } from '../lib/format/catalog';
import { splitContent, writeContent } from '../lib/format/content';
import { writeItemTower } from '../lib/format/item-tower';
import { writeLatent } from '../lib/format/latent';
import { writeNeighbours } from '../lib/format/neighbours';
import type { Part } from './context';
import { type Measured, single, summarise } from './lines';
import { memoryInUse, timed } from './node';
import { readWhole, sampleCatalog } from './sampled-catalog';
import { DIVERSITY, histories, KNOWN, queries, SEARCH_LIMIT, TOP_K } from './workload';

const SIZES = [10_000, 100_000, 1_000_000];
/** Fewer than in other parts, because the largest catalog is slow. */
const REQUESTS = 100;
const WARM_UP = 20;

/** Time, memory and download from ten thousand items to a million, sampled from the largest domain, in Node. */
export const benchScale: Part = async ({ artifacts, domains, log }) => {
  const wholes = await Promise.all(domains.map((domain) => readWhole(artifacts, domain)));
  const whole = wholes.reduce((a, b) => (b.manifest.counts.warmItems > a.manifest.counts.warmItems ? b : a));
  const domain = whole.manifest.domain.id;
  const lines: Measured[] = [];
  for (const size of SIZES) {
    log(`${size.toLocaleString('en-GB')} items sampled from ${domain}`);
    const parts = sampleCatalog(whole, size);
    const add = (name: string, measured: Omit<Measured, 'domain' | 'name'>) =>
      lines.push({ domain, name: `${size.toLocaleString('en-GB')} items: ${name}`, ...measured });
    const { head, all } = downloads(parts);
    const warm = parts.manifest.counts.warmItems.toLocaleString('en-GB');
    add('download before the first list', { unit: 'bytes', ...single(head), note: `${warm} items with factors` });
    add('download in all', { unit: 'bytes', ...single(all), note: 'without the HNSW graph' });

    const before = memoryInUse();
    const begin = performance.now();
    const engine = new Engine(parts, () => performance.now());
    add('opening the engine', { unit: 'ms', ...single(performance.now() - begin) });
    const known = engine.popular(KNOWN);
    const pool = histories(
      known.map(({ id }) => id),
      WARM_UP + REQUESTS,
    );
    const recommend = (i: number) =>
      engine.recommend({
        mode: 'hybrid',
        history: pool[i].map((id) => ({ id })),
        topK: TOP_K,
        diversity: DIVERSITY,
      });
    add('recommend, hybrid', { unit: 'ms', ...summarise(timed(recommend, REQUESTS, WARM_UP)), note: 'exact scan' });
    const indexing = performance.now();
    finish(engine.prepareSearch());
    add('the index of the search box', { unit: 'ms', ...single(performance.now() - indexing) });
    const typed = queries(
      known.map(({ title }) => title),
      WARM_UP + REQUESTS,
    );
    const search = timed((i) => engine.search(typed[i], SEARCH_LIMIT), REQUESTS, WARM_UP);
    add('search, half of the queries mistyped', { unit: 'ms', ...summarise(search) });
    add('memory of the engine, beside its files', { unit: 'bytes', ...single(memoryInUse() - before) });
  }
  return lines;
};

/** @returns bytes to download, written by the formats' writers and compressed by gzip */
function downloads({ manifest, catalog, content, latent, neighbours, related, itemTower }: EngineParts): {
  head: number;
  all: number;
} {
  const { headItems } = manifest.counts;
  const bytes = (file: Uint8Array) => gzipSync(file).length;
  const titles = splitCatalog(catalog, headItems);
  const terms = splitContent(content, headItems);
  const head =
    bytes(writeCatalog(titles.head)) +
    bytes(writeContent(terms.head, titles.head)) +
    bytes(writeLatent(latent)) +
    bytes(writeNeighbours(neighbours)) +
    bytes(writeNeighbours(related));
  const tail =
    bytes(writeCatalog(titles.tail, titles.head)) +
    bytes(writeContent(terms.tail, titles.tail, { catalog: titles.head, content: terms.head })) +
    (itemTower ? bytes(writeItemTower(itemTower)) : 0);
  return { head, all: head + tail };
}
