import { type SQL, sql } from 'drizzle-orm';
import { InkpickError } from '../../contracts/errors';
import type { PublishedItem } from '../../contracts/live-signals';
import type { Database } from '../store/database';
import { rows } from '../store/rows';

/** An item as devices get it, with the factors by which it is found. */
export interface VectorItem {
  id: string;
  factors: Float32Array;
  /** Of an item that devices do not hold; null for those that they do. */
  record: Omit<PublishedItem, 'factors'> | null;
}

export interface Neighbour {
  id: string;
  /** Inner product with the user's factors. */
  score: number;
  record: Omit<PublishedItem, 'factors'> | null;
  factors: number[] | null;
}

/** Items of one statement: a few hundred kilobytes. */
const BATCH = 500;

/** pgvector's own default; the graph finds its way worse with fewer, and is no better by much with more. */
const LINKS = 16;
const BUILD_WIDTH = 64;
/** pgvector keeps no more than this many nearest at hand while it searches. */
const WIDEST_SEARCH = 1000;

/**
 * Each model has a table of its own, made and filled before anybody reads it: vectors of two models mean nothing to each other.
 * Domain ids are lower-case letters, digits and hyphens, and versions hexadecimal digits, by the schema of the manifest.
 */
const tableOf = (domain: string, version: string): SQL => {
  const name = `item_vector_${domain}_${version}`;
  if (!/^[a-z0-9_-]+$/.test(name)) throw new RangeError(`no name for a table: ${name}`);
  return sql`${sql.identifier(name)}`;
};

const asVector = (factors: ArrayLike<number>): string => `[${Array.from(factors).join()}]`;

/**
 * Loads the vectors of a catalog, in half precision, and builds the graph (HNSW) over them: minutes for a hundred thousand.
 * Until it is done {@link nearestItems} knows nothing of them; one that was broken off is begun anew.
 *
 * @param progress called with the number of items that are in
 */
export async function loadVectors(
  db: Database,
  { domain, version, dims }: { domain: string; version: string; dims: number },
  items: Iterable<VectorItem>,
  progress: (count: number) => void = () => {},
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
          as given(id, record, factors)`,
    );
    count += batch.length;
    progress(count);
  };
  let batch: VectorItem[] = [];
  for (const item of items) {
    batch.push(item);
    if (batch.length === BATCH) await write(batch.splice(0));
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

/** How many vectors of a model are there to be searched; 0 where none were loaded. */
export async function loadedVectors(db: Database, domain: string, version: string): Promise<number> {
  const [{ there }] = await rows<{ there: boolean }>(
    db,
    sql`select to_regclass('vector_catalog') is not null as there`,
  );
  if (!there) return 0;
  const [found] = await rows<{ items: number }>(
    db,
    sql`select items from vector_catalog where domain = ${domain} and version = ${version}`,
  );
  return found?.items ?? 0;
}

/**
 * The items of highest inner product with a user's factors, highest first: about that, as the graph is searched no wider than
 * pgvector lets it.
 *
 * @throws `STORE_UNAVAILABLE` where the vectors of this model have not been loaded
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
      `The vectors of ${domain} have not been loaded: npm run inkpick -- load <artifacts folder> does that.`,
    );
  }
  const table = tableOf(domain, version);
  const vector = asVector(factors);
  return db.transaction(async (transaction) => {
    await transaction.execute(
      sql`select set_config('hnsw.ef_search', ${String(Math.min(WIDEST_SEARCH, Math.max(limit, 40)))}, true)`,
    );
    return rows<Neighbour>(
      transaction,
      sql`select id, -(factors <#> ${vector}::halfvec)::float8 as score, record,
            case when record is not null then factors::real[] end as factors
          from ${table} order by factors <#> ${vector}::halfvec limit ${limit}`,
    );
  });
}
