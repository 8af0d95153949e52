import 'server-only';
import { sql } from 'drizzle-orm';
import type { Experiment } from '../../contracts/experiments';
import type { Database } from '../store/database';
import { rows } from '../store/rows';
import { confidenceSequence, type Interval, type Sample } from './confidence-sequence';

/** Measured for each visitor: clicks per impression, likes per list, mean diversity of the lists. */
export const MEASURES = ['clickThrough', 'likes', 'diversity'] as const;
export type Measure = (typeof MEASURES)[number];

export interface VariantResult {
  variant: string;
  visitors: number;
  lists: number;
  samples: Record<Measure, Sample>;
  /** Difference to the first variant; null for the first itself, and while there are too few visitors. */
  against: Record<Measure, Interval | null>;
}

type Row = { variant: string; visitors: number; lists: number } & Record<
  `${Measure}_${'n' | 'mean' | 'variance'}`,
  number
>;

/**
 * Reads the results of an experiment, variant by variant. An event belongs to the list it came from, and so to the
 * variant of that list. The units are visitors and not lists, because the lists of one visitor are not independent.
 */
export async function experimentResults(db: Database, experiment: Experiment): Promise<VariantResult[]> {
  const found = await rows<Row>(
    db,
    sql`with lists as (
          select exposure.visitor, exposure.variant, exposure.list, exposure.diversity,
            count(distinct event.item) filter (where event.kind = 'impression') as impressions,
            count(distinct event.item) filter (where event.kind in ('view', 'click', 'like', 'save', 'share')) as clicks,
            count(distinct event.item) filter (where event.kind = 'like') as likes
          from exposure left join event on event.visitor = exposure.visitor and event.list = exposure.list
          where exposure.experiment = ${experiment.id}
          group by exposure.visitor, exposure.variant, exposure.list, exposure.diversity
        ), visitors as (
          select visitor, variant, count(*) as lists, sum(likes)::float8 / count(*) as likes, avg(diversity) as diversity,
            case when sum(impressions) > 0 then sum(least(clicks, impressions))::float8 / sum(impressions) end as click_through
          from lists group by visitor, variant
        )
        select variant, count(*)::int as visitors, sum(lists)::int as lists,
          count(click_through)::int as "clickThrough_n", avg(click_through)::float8 as "clickThrough_mean",
          var_samp(click_through)::float8 as "clickThrough_variance",
          count(likes)::int as "likes_n", avg(likes)::float8 as "likes_mean", var_samp(likes)::float8 as "likes_variance",
          count(diversity)::int as "diversity_n", avg(diversity)::float8 as "diversity_mean",
          var_samp(diversity)::float8 as "diversity_variance"
        from visitors group by variant`,
  );
  const byVariant = new Map(found.map((row) => [row.variant, row]));
  const results = experiment.variants.map(({ id }) => {
    const row = byVariant.get(id);
    const sample = (measure: Measure): Sample => ({
      visitors: row?.[`${measure}_n`] ?? 0,
      mean: row?.[`${measure}_mean`] ?? 0,
      variance: row?.[`${measure}_variance`] ?? 0,
    });
    return { variant: id, visitors: row?.visitors ?? 0, lists: row?.lists ?? 0, samples: byMeasure(sample) };
  });
  return results.map((result, i) => ({
    ...result,
    against: byMeasure((measure) =>
      i === 0 ? null : confidenceSequence(results[0].samples[measure], result.samples[measure]),
    ),
  }));
}

const byMeasure = <T>(measured: (measure: Measure) => T) =>
  Object.fromEntries(MEASURES.map((measure) => [measure, measured(measure)])) as Record<Measure, T>;
