// `npx tsx scripts/load-many.ts 10000000` loads that many random vectors into the Postgres of DATABASE_URL and measures
// nearest-neighbour queries: a capacity test for catalogs that do not exist yet.
import { gaussian, mulberry32 } from '../lib/math/random';
import { openStore } from '../lib/server/store/database';
import { loadVectors, nearestItems, type VectorItem } from '../lib/server/vectors/vectors';

const DIMS = 64;
const LIMIT = 400;
const QUERIES = 200;
const MODEL = { domain: 'load-many', version: '0' };

const count = Number(process.argv[2]);
const url = process.env.DATABASE_URL;
if (!Number.isInteger(count) || count < 1 || !url) {
  console.error('Usage: DATABASE_URL=postgres://… npx tsx scripts/load-many.ts <number of vectors>');
  process.exit(1);
}

const random = gaussian(mulberry32(1));
const vector = () => Float32Array.from({ length: DIMS }, random);
function* items(): Generator<VectorItem> {
  for (let i = 0; i < count; i++) yield { id: `item ${i}`, factors: vector(), record: null };
}

const store = await openStore({ url, withoutTimeouts: true });
try {
  if (!store.vectors) throw new Error('This Postgres has no pgvector.');
  const begin = performance.now();
  await loadVectors(store.db, { ...MODEL, dims: DIMS }, items(), (done) => {
    if (done % 100_000 === 0)
      console.log(`${done} vectors loaded after ${Math.round((performance.now() - begin) / 1000)} s`);
  });
  console.log(`${count} vectors and the HNSW graph: ${Math.round((performance.now() - begin) / 1000)} s`);
  const times: number[] = [];
  for (let i = 0; i < QUERIES; i++) {
    const start = performance.now();
    await nearestItems(store.db, MODEL, vector(), LIMIT);
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  const at = (q: number) => times[Math.ceil(q * QUERIES) - 1].toFixed(1);
  console.log(`the ${LIMIT} nearest: median ${at(0.5)} ms, p99 ${at(0.99)} ms`);
} finally {
  await store.close();
}
