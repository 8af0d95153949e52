import 'server-only';
import { sql } from 'drizzle-orm';
import type { Database } from '../store/database';
import { given } from '../store/given';
import type { AcceptedEvent } from './write';

/** Notes under which variants lists were shown, each list once: a list that nobody saw tells nothing of them. */
export async function keepExposures(db: Database, events: readonly AcceptedEvent[]): Promise<void> {
  const exposures = events.flatMap(({ kind, visitor, list, variant, at, diversity }) => {
    if (kind !== 'impression' || list === null || variant === null) return [];
    return variant.split(',').map((name) => {
      const [experiment, variant] = name.split(':');
      return { visitor, experiment, variant, at, list, diversity: diversity ?? null };
    });
  });
  if (exposures.length === 0) return;
  const keyOf = ({ experiment, visitor, list }: (typeof exposures)[number]) => `${experiment}/${visitor}/${list}`;
  exposures.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const columns = {
    visitor: 'uuid',
    experiment: 'text',
    variant: 'text',
    at: 'float8',
    list: 'uuid',
    diversity: 'float8',
  };
  await db.execute(
    sql`insert into exposure (visitor, experiment, variant, at, list, diversity)
        select visitor, experiment, variant, to_timestamp(at / 1000), list, diversity
        from ${given(exposures, columns)}
        on conflict do nothing`,
  );
}
