import { type SQL, sql } from 'drizzle-orm';
import { InkpickError } from '../../contracts/errors';
import type { PublishedItem } from '../../contracts/live-signals';
import type { Database } from '../store/database';
import { rows } from '../store/rows';

/** An item of the vector index. */
export interface VectorItem {
  id: string;
  /** Of the length of the model's factors. */
  factors: Float32Array;
  /** What a device needs to show and rank the item; null for items of the head, which devices have. */
  record: Omit<PublishedItem, 'factors'> | null;
}

export interface Neighbour {
  id: string;
  /** Inner product with the user's factors. */
  score: number;
  /** As loaded, see {@link VectorItem.record}. */
  record: Omit<PublishedItem, 'factors'> | null;
  /** Null where `record` is null. */
  factors: number[] | null;
}

/** Items of one insert statement, a few hundred kilobytes. */
const BATCH_SIZE = 500;

/**
 * `m` and `ef_construction` of the graph, pgvector's defaults. Recall is worse with less and hardly better with more.
 */
const LINKS = 16;
const BUILD_WIDTH = 64;
/** Bounds of `hnsw.ef_search`: pgvector's default and its maximum. */
const MIN_SEARCH_WIDTH = 40;
const MAX_SEARCH_WIDTH = 1000;

/**
 * The table of a model's vectors. Each model has its own, because vectors of two models cannot be compared. By the
 * schema of the manifest, domain ids are lower-case letters, digits and hyphens, and versions are hexadecimal digits.
 */
const tableOf = (domain: string, version: string): SQL => {
  const name = `item_vector_${domain}_${version}`;
  if (!/^[a-z0-9_-]+$/.test(name)) throw new RangeError(`not a valid name of a table: ${name}`);
  return sql`${sql.identifier(name)}`;
};

const asVector = (factors: ArrayLike<number>): string => `[${Array.from(factors).join()}]`;

/**
 * Loads the vectors of a catalog in half precision and builds the HNSW graph over them, which takes minutes for a
 * hundred thousand items. {@link nearestItems} uses them once this is done. A load that was interrupted can be started
 * again.
 *
 * @param dims length of each item's factors
 * @param onProgress called with the number of items loaded so far
 * @returns the number of items
 */
export async function loadVectors(
  db: Database,
  { domain, version, dims }: { domain: string; version: string; dims: number },
  items: Iterable<VectorItem>,
  onProgress: (count: number) => void = () => {},
): Promise<number> {
  await db.execute(sql`create table if not exists vector_catalog (
    domain text not null, version text not null, items int not null, primary key (domain, version))`);
  const table = tableOf(domain, version);
  await db.execute(sql`delete from vector_catalog where domain = ${domain} and version = ${version}`);
  await db.execute(sql`drop table if exists ${table}`);
  await db.execute(
    sql`create table ${table} (id text primary key, record jsonb, factors halfvec(${sql.raw(String(dims))}) not null)`,
  );
  let count = 0;
  const write = async (batch: VectorItem[]) => {
    const [ids, records, factors] = [
      batch.map(({ id }) => id),
      batch.map(({ record }) => (record ? JSON.stringify(record) : null)),
      batch.map((item) => asVector(item.factors)),
    ];
    await db.execute(
      sql`insert into ${table} select id, record::jsonb, factors::halfvec
          from unnest(${sql.param(ids)}::text[], ${sql.param(records)}::text[], ${sql.param(factors)}::text[])
          as input(id, record, factors)`,
    );
    count += batch.length;
    onProgress(count);
  };
  let batch: VectorItem[] = [];
  for (const item of items) {
    batch.push(item);
    if (batch.length === BATCH_SIZE) await write(batch.splice(0));
  }
  if (batch.length > 0) await write(batch);
  batch = [];
  await db.execute(
    sql`create index on ${table} using hnsw (factors halfvec_ip_ops)
        with (m = ${sql.raw(String(LINKS))}, ef_construction = ${sql.raw(String(BUILD_WIDTH))})`,
  );
  await db.execute(sql`insert into vector_catalog values (${domain}, ${version}, ${count})`);
  return count;
}

/** Number of loaded vectors of a model; 0 if it was not loaded. */
export async function loadedVectors(db: Database, domain: string, version: string): Promise<number> {
  const [{ exists }] = await rows<{ exists: boolean }>(
    db,
    sql`select to_regclass('vector_catalog') is not null as exists`,
  );
  if (!exists) return 0;
  const [found] = await rows<{ items: number }>(
    db,
    sql`select items from vector_catalog where domain = ${domain} and version = ${version}`,
  );
  return found?.items ?? 0;
}

/**
 * The items with the highest inner product with a user's factors, highest first. The search is approximate, and
 * pgvector limits how wide it is.
 *
 * @param factors of the user, of the length of the items' factors
 * @throws STORE_UNAVAILABLE if the vectors of this model are not loaded
 */
export async function nearestItems(
  db: Database,
  { domain, version }: { domain: string; version: string },
  factors: ArrayLike<number>,
  limit: number,
): Promise<Neighbour[]> {
  if ((await loadedVectors(db, domain, version)) === 0) {
    throw new InkpickError(
      'STORE_UNAVAILABLE',
      `The vectors of ${domain} are not loaded. Run: npm run inkpick -- load <artifacts folder>`,
    );
  }
  const table = tableOf(domain, version);
  const vector = asVector(factors);
  return db.transaction(async (transaction) => {
    await transaction.execute(
      sql`select set_config('hnsw.ef_search', ${String(Math.min(MAX_SEARCH_WIDTH, Math.max(limit, MIN_SEARCH_WIDTH)))}, true)`,
    );
    return rows<Neighbour>(
      transaction,
      sql`select id, -(factors <#> ${vector}::halfvec)::float8 as score, record,
            case when record is not null then factors::real[] end as factors
          from ${table} order by factors <#> ${vector}::halfvec limit ${limit}`,
    );
  });
}
