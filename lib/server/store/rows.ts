import type { SQL } from 'drizzle-orm';
import type { Database } from './database';

/** The rows of a raw SQL statement: Drizzle's types differ between the two back ends. */
export async function rows<Row>(db: Database, statement: SQL): Promise<Row[]> {
  return ((await db.execute(statement)) as unknown as { rows: Row[] }).rows;
}
