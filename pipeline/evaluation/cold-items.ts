import type { Engine } from '../../lib/engine/engine';
import { estimate } from '../metrics/bootstrap';
import { ndcg, recall } from '../metrics/ranking-metrics';
import { CONTENT, HYBRID, LATENT, POPULAR } from './compared-recommenders';
import { differences, rank } from './measure';
import { COLD_SCENARIOS, type ColdResults } from './schema';
import type { ColdUser } from './split';

const ROWS = [POPULAR, CONTENT, LATENT, HYBRID];
const METRICS = ['recall20', 'ndcg10'] as const;

/**
 * Measures an engine that was trained without the interactions of some items, in three scenarios:
 *
 * - "cold": only the cold items are ranked, and hidden cold items are relevant.
 * - "warm": the whole catalog is ranked, and hidden warm items are relevant.
 * - "all": the whole catalog is ranked, and both are relevant.
 *
 * @param engine trained without the interactions of `coldItems`
 */
export function measureColdItems(
  engine: Engine,
  coldItems: ReadonlySet<string>,
  users: readonly ColdUser[],
  seed: number,
): ColdResults {
  const candidates = [...coldItems];
  // Each user is ranked twice, and the scenarios share these rankings.
  const rankings = ROWS.map((row) =>
    users.map(({ history, hiddenCold }) => {
      const ids = (items: { id: string }[]) => items.map(({ id }) => id);
      return {
        cold: hiddenCold.length > 0 ? ids(rank(engine, row, history, { candidates })) : [],
        catalog: ids(rank(engine, row, history)),
      };
    }),
  );
  const scenarios = COLD_SCENARIOS.map((name) => {
    const relevant = users.map(
      ({ hiddenCold, hiddenWarm }) =>
        new Set(name === 'cold' ? hiddenCold : name === 'warm' ? hiddenWarm : [...hiddenWarm, ...hiddenCold]),
    );
    const counted = [...users.keys()].filter((user) => relevant[user].size > 0);
    const measured = ROWS.map((row, i) => {
      const ranking = (user: number) => rankings[i][user][name === 'cold' ? 'cold' : 'catalog'];
      return {
        row,
        values: {
          recall20: Float64Array.from(counted, (user) => recall(ranking(user), relevant[user], 20)),
          ndcg10: Float64Array.from(counted, (user) => ndcg(ranking(user), relevant[user], 10)),
        },
      };
    });
    return {
      name,
      users: counted.length,
      rows: measured.map(({ row, values }) => ({
        name: row.name,
        recall20: estimate(values.recall20, seed),
        ndcg10: estimate(values.ndcg10, seed),
      })),
      differences: differences(measured, METRICS, seed),
    };
  });
  return { items: coldItems.size, scenarios };
}
