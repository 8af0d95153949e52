import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gaussian, mulberry32 } from '../lib/math/random';
import { openStore } from '../lib/server/store/database';
import { loadVectors, nearestItems, type VectorItem } from '../lib/server/vectors/vectors';
import type { Part } from './context';
import { type Measured, single, summarise } from './lines';

const ITEMS = 100_000;
const DIMS = 64;
/** Latent factors form clusters. */
const CENTRES = 300;
const SPREAD = 0.6;
/** What a browser requests, and the maximum of pgvector's `ef_search`. */
const LIMITS = [400, 1000];
const WARM_UP = 10;
const QUERIES = 200;
const ORACLE_QUERIES = 20;
const MODEL = { domain: 'bench', version: 'bench' };

/** 100,000 items in pgvector in the embedded store: loading them, and the nearest items of a user. */
export const benchServerVectors: Part = async ({ log }) => {
  const random = gaussian(mulberry32(11));
  const around = (centre: Float32Array) => Float32Array.from(centre, (x) => x + SPREAD * random());
  const centres = Array.from({ length: CENTRES }, () => Float32Array.from({ length: DIMS }, random));
  const vectors = Array.from({ length: ITEMS }, (_, i) => around(centres[i % CENTRES]));
  const items = function* (): Generator<VectorItem> {
    for (const [i, factors] of vectors.entries()) yield { id: `item ${i}`, factors, record: null };
  };
  const folder = mkdtempSync(join(tmpdir(), 'inkpick-vectors-'));
  const store = await openStore({ folder });
  try {
    log(`loading ${ITEMS} vectors`);
    const begin = performance.now();
    await loadVectors(store.db, { ...MODEL, dims: DIMS }, items());
    const loading = performance.now() - begin;
    const lines: Measured[] = [
      { domain: null, name: `loading ${ITEMS} × ${DIMS} and building the graph`, unit: 'ms', ...single(loading) },
    ];
    for (const limit of LIMITS) {
      log(`the ${limit} nearest`);
      const times: number[] = [];
      let found = 0;
      for (let i = -WARM_UP; i < QUERIES; i++) {
        const user = around(centres[(7 * (i + WARM_UP)) % CENTRES]);
        const start = performance.now();
        const nearest = await nearestItems(store.db, MODEL, user, limit);
        if (i < 0) continue;
        times.push(performance.now() - start);
        if (i >= ORACLE_QUERIES) continue;
        const best = new Set(exactNearest(vectors, user, limit));
        found += nearest.filter(({ id }) => best.has(id)).length;
      }
      lines.push(
        { domain: null, name: `the ${limit} nearest`, unit: 'ms', ...summarise(times) },
        {
          domain: null,
          name: `recall@${limit} against an exact scan`,
          unit: 'share',
          ...single(found / (ORACLE_QUERIES * limit)),
          note: `${ORACLE_QUERIES} users`,
        },
      );
    }
    return lines;
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
};

function exactNearest(vectors: readonly Float32Array[], user: Float32Array, limit: number): string[] {
  return vectors
    .map((vector, i) => ({ id: `item ${i}`, score: vector.reduce((sum, x, d) => sum + x * user[d], 0) }))
    .sort((a, b) => b.score - a.score)
    .slice(0, limit)
    .map(({ id }) => id);
}
