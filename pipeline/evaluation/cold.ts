import type { Engine } from '../../lib/engine/engine';
import { estimate } from '../metrics/bootstrap';
import { ndcg, recall } from '../metrics/ranking-metrics';
import { differences, rank } from './measure';
import { CONTENT, HYBRID, LATENT, POPULAR } from './rows';
import { COLD_SCENARIOS, type ColdTrial } from './schema';
import type { ColdUser } from './split';

const ROWS = [POPULAR, CONTENT, LATENT, HYBRID];
const METRICS = ['recall20', 'ndcg10'] as const;

/**
 * How an engine does that was trained without the interactions of some items. "cold": those items alone are ranked, and
 * those that the user likes are to be found. "warm": the whole catalog is ranked, and the hidden warm items are. "all":
 * the same ranking, and both.
 *
 * @param engine trained with `coldItems` made cold
 */
export function coldTrial(
  engine: Engine,
  coldItems: ReadonlySet<string>,
  users: readonly ColdUser[],
  seed: number,
): ColdTrial {
  const candidates = [...coldItems];
  // Both rankings serve every scenario, so that they are made once.
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
