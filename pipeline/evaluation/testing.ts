import { HYBRID, LENGTHS, ROWS } from './compared-recommenders';
import { largestDiversity } from './diversity';
import { COLD_SCENARIOS, type Evaluation, type Quality, type QualityRow, USER_METRICS } from './schema';

const around = (mean: number, half = 0.01) => ({ mean, low: mean - half, high: mean + half });

/** The figures of a made-up evaluation that a test can set. */
interface MadeUpFigures {
  id?: string;
  label?: string;
  /** Hybrid's lead over the best single signal, by length; its lead over the other rows is larger. */
  leads?: readonly number[];
  /** Half the width of the intervals around differences. */
  half?: number;
  /** Hybrid's lead over content among cold items. */
  coldLead?: number;
  annRecall?: number;
  inForce?: number;
  /** NDCG@10 by step of diversity. */
  curve?: readonly number[];
}

/** A made-up evaluation with known figures: hybrid's NDCG@10 is .4 at every length. */
export function madeUpEvaluation(made: MadeUpFigures = {}): Evaluation {
  const { id = 'cinema', label = 'Cinema', leads = [0.06, 0.05, 0.04, 0.03, 0.02, 0.01], half = 0.005 } = made;
  const { coldLead = 0.02, annRecall = 0.995, inForce = 0.1, curve = [0.4, 0.399, 0.396, 0.393, 0.38, 0.36] } = made;
  const points = curve.map((ndcg10, i) => ({
    diversity: i / 20,
    ndcg10: around(ndcg10),
    diversity20: around(0.6 + 0.02 * i),
  }));
  const quality = LENGTHS.map((length, step): Quality => {
    const others = ROWS.filter((row) => row !== HYBRID);
    const lead = (i: number) => leads[step] + 0.01 * i;
    const metrics = (ndcg: number) =>
      ({
        ...Object.fromEntries(USER_METRICS.map((name) => [name, around(ndcg)])),
        recall1000: around(0.92),
      }) as QualityRow['metrics'];
    return {
      length,
      users: 300,
      rows: ROWS.map((row) => ({
        name: row.name,
        metrics: metrics(row === HYBRID ? 0.4 : 0.4 - lead(others.indexOf(row))),
        coverage20: row === HYBRID ? 0.3 : 0.2,
        gini20: row === HYBRID ? 0.7 : 0.8,
      })),
      differences: (['ndcg10', 'ndcg100'] as const).flatMap((metric) =>
        others.map((row, i) => ({ metric, against: row.name, isBestSignal: i === 0, ...around(lead(i), half) })),
      ),
    };
  });
  return {
    format: 'inkpick-evaluation',
    domain: { id, label, item: { one: 'film', many: 'films' }, users: 'viewers' },
    protocol: {
      seed: 1,
      on: 'test',
      trainingUsers: 2400,
      heldOutUsers: 300,
      limit: null,
      unquantised: false,
      fewerUsers: 600,
      bootstrapRounds: 1000,
      positiveAbove: 3.5,
    },
    catalog: { items: 10_000, warmItems: 2000, interactions: 50_000 },
    quality,
    aboutness: {
      named: 300,
      judgedPairs: 423,
      rows: ['popular', 'hybrid'].map((name) => ({
        name,
        headShare10: 0.11,
        distinct10: 1313,
        overlap10: 0.006,
        siblings10: 0.983,
        recall10: around(0.163),
        recall20: around(0.221),
        judgedHeadShare20: 0.157,
      })),
      lengths: LENGTHS.map((length) => ({
        length,
        rows: [
          {
            name: 'hybrid',
            popularityDivergence: around(0.12),
            tagDivergence: around(0.345),
            stratifiedNdcg10: [around(0.3), around(0.2), around(0.1)],
          },
        ],
      })),
    },
    gate: [{ headCost: 0.05, relatedRecall20: 0.359, headShare20: 0.153, ndcg10: [0.0672, 0.0989, null, 0.2654] }],
    cold: {
      items: 200,
      scenarios: COLD_SCENARIOS.map((name) => ({
        name,
        users: 290,
        rows: ['popular', 'content', 'latent alone', 'hybrid'].map((row) => ({
          name: row,
          recall20: around(0.2),
          ndcg10: around(0.1),
        })),
        differences: (['recall20', 'ndcg10'] as const).flatMap((metric) =>
          ['popular', 'content', 'latent alone'].map((against) => ({
            metric,
            against,
            isBestSignal: against === 'content',
            ...around(coldLead, half),
          })),
        ),
      })),
    },
    ann: {
      size: 2000,
      k: 100,
      lengths: LENGTHS.map((length) => ({ length, users: 300, recall: around(annRecall, 0.001) })),
    },
    diversity: { users: 300, points, largest: largestDiversity(points), inForce },
  };
}
