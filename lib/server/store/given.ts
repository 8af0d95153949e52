import { type SQL, sql } from 'drizzle-orm';

/**
 * Rows as a table called `given` that a statement can select from: one array for each column, so that any number of rows is one set of
 * parameters. Columns may be named after anything but what SQL keeps for itself.
 *
 * @param columns the type of each, in SQL
 */
export function given<Row extends object, Column extends keyof Row & string>(
  rows: readonly Row[],
  columns: Record<Column, string>,
): SQL {
  const names = Object.keys(columns) as Column[];
  const arrays = names.map((name) => sql`${sql.param(rows.map((row) => row[name]))}::${sql.raw(columns[name])}[]`);
  return sql`unnest(${sql.join(arrays, sql`, `)}) as given(${sql.raw(names.map((name) => `"${name}"`).join(', '))})`;
}
