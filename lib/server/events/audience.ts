import 'server-only';
import { sql } from 'drizzle-orm';
import type { Database } from '../store/database';
import { given } from '../store/given';
import { sumBy } from './sum-by';
import type { Gain } from './voices';

type Shown = Pick<Gain, 'domain' | 'item' | 'impressions' | 'clicks'>;

/** Counts what was shown, and what of it was answered to. */
export async function addAudience(db: Database, gains: readonly Gain[]): Promise<void> {
  const shown = gains.filter(({ impressions, clicks }) => impressions > 0 || clicks > 0);
  const parts = shown.map(({ domain, item, impressions, clicks }): [string, Shown] => [
    `${domain}/${item}`,
    { domain, item, impressions, clicks },
  ]);
  const sums = sumBy(parts, (sum, { impressions, clicks }) => {
    sum.impressions += impressions;
    sum.clicks += clicks;
  });
  if (sums.length === 0) return;
  const columns = { domain: 'text', item: 'text', impressions: 'int', clicks: 'int' };
  await db.execute(
    sql`insert into audience as held (domain, item, impressions, clicks)
        select domain, item, impressions, clicks from ${given(sums, columns)}
        on conflict (domain, item) do update set
          impressions = held.impressions + excluded.impressions, clicks = held.clicks + excluded.clicks`,
  );
}
