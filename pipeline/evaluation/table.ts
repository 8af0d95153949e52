import { HYBRID } from './compared-recommenders';
import { findings } from './findings';
import { count, fraction, lengthName, percent, signedInterval, withInterval } from './format';
import type { Evaluation, Quality, QualityRow } from './schema';

/** Formats the evaluation as text for a terminal of 120 columns. */
export function formatEvaluation(evaluation: Evaluation): string {
  const { domain, protocol, catalog, quality } = evaluation;
  const lines = [
    `${domain.label}: ${count(catalog.items)} ${domain.item.many}, ${count(catalog.warmItems)} of them warm; trained on ${count(protocol.trainingUsers)} ${domain.users}, seed ${protocol.seed}`,
    ...(protocol.on === 'validation' ? [VALIDATION_WARNING] : []),
    '',
    ...quality.flatMap((step) => [...qualityLines(step), '']),
    `Hybrid minus …, NDCG@10, paired`,
    ...quality.flatMap(differenceLines),
    '',
    ...aboutLines(evaluation),
    ...coldLines(evaluation),
    ...annLines(evaluation),
    ...diversityLines(evaluation),
    'Aims',
    ...findings(evaluation).map(
      ({ aim, measured, verdict }) =>
        `  ${verdict.padEnd(10)}${[aim, ...measured.split('; ')].join(`\n${' '.repeat(12)}`)}`,
    ),
    '',
  ];
  return lines.join('\n');
}

/** Printed above figures of validation users. */
export const VALIDATION_WARNING =
  'Measured on validation users, on whom the blend is fitted: for making choices, not for reporting.';

const NAME_WIDTH = 18;
const COLUMNS: readonly [title: string, width: number, cell: (row: QualityRow) => string][] = [
  ['P@10', 6, ({ metrics }) => fraction(metrics.precision10.mean)],
  ['R@20', 6, ({ metrics }) => fraction(metrics.recall20.mean)],
  ['R@50', 6, ({ metrics }) => fraction(metrics.recall50.mean)],
  ['R@1000', 7, ({ metrics }) => fraction(metrics.recall1000.mean)],
  ['NDCG@10', 19, ({ metrics }) => withInterval(metrics.ndcg10)],
  ['NDCG@100', 20, ({ metrics }) => withInterval(metrics.ndcg100)],
  ['MRR', 6, ({ metrics }) => fraction(metrics.mrr.mean)],
  ['cover', 8, ({ coverage20 }) => percent(coverage20, 2)],
  ['Gini', 6, ({ gini20 }) => fraction(gini20)],
  ['ILD', 6, ({ metrics }) => fraction(metrics.diversity20.mean)],
  ['novel', 6, ({ metrics }) => metrics.novelty20.mean.toFixed(1)],
];

function qualityLines({ length, users, rows }: Quality): string[] {
  const head = `${length === null ? 'all history' : lengthName(length)}, ${count(users)}`.padEnd(NAME_WIDTH);
  return [
    head + COLUMNS.map(([title, width]) => title.padStart(width)).join(''),
    ...rows.map(
      (row) => row.name.padEnd(NAME_WIDTH) + COLUMNS.map(([, width, cell]) => cell(row).padStart(width)).join(''),
    ),
  ];
}

function differenceLines({ length, differences }: Quality): string[] {
  return differences
    .filter(({ metric }) => metric === 'ndcg10')
    .map(
      (difference, i) =>
        `  ${(i === 0 ? lengthName(length) : '').padEnd(9)}${difference.against.padEnd(NAME_WIDTH)}${signedInterval(difference)}  ${standing(difference)}${difference.isBestSignal ? ', the best single signal' : ''}`,
    );
}

/** Compares hybrid with another row by a paired interval: "level" if the interval contains zero. */
export function standing({ low, high }: { low: number; high: number }): 'above' | 'below' | 'level' {
  return low > 0 ? 'above' : high < 0 ? 'below' : 'level';
}

function aboutLines({ aboutness, gate }: Evaluation): string[] {
  const { named, judgedPairs, rows, lengths } = aboutness;
  const optional = (value: { mean: number; low: number; high: number } | null) => (value ? withInterval(value) : '–');
  return [
    `About what was named: ${count(named)} items one by one, ${count(judgedPairs)} judged pairs`,
    '                    popular@10  distinct  overlap  siblings          recall@10          recall@20 popular@20',
    ...rows.map(
      (row) =>
        `  ${row.name.padEnd(NAME_WIDTH)}${fraction(row.headShare10).padStart(10)}${count(row.distinct10).padStart(10)}${fraction(row.overlap10).padStart(9)}${(row.siblings10 === null ? '–' : fraction(row.siblings10)).padStart(10)} ${optional(row.recall10).padStart(18)} ${optional(row.recall20).padStart(18)}${(row.judgedHeadShare20 === null ? '–' : fraction(row.judgedHeadShare20)).padStart(11)}`,
    ),
    'Calibration: divergence of popularity and of tags, NDCG@10 with β = 0, ½, 1',
    ...lengths.flatMap(({ length, rows: byRow }) =>
      byRow.map(
        ({ name, popularityDivergence, tagDivergence, stratifiedNdcg10 }, i) =>
          `  ${(i === 0 ? lengthName(length) : '').padEnd(13)}${name.padEnd(NAME_WIDTH)}${fraction(popularityDivergence.mean)}  ${tagDivergence ? tagDivergence.mean.toFixed(3) : '–'}  ${stratifiedNdcg10.map(({ mean }) => fraction(mean)).join('  ')}`,
      ),
    ),
    'Gate by cost of popular items, on validation users: related recall@20, popular@20 for one item,',
    '  NDCG@10 at 1, 2–3, 4–10, more likes',
    ...gate.map(
      ({ headCost, relatedRecall20, headShare20, ndcg10 }) =>
        `  ${headCost.toFixed(3)}  ${relatedRecall20 === null ? '–' : fraction(relatedRecall20)}  ${fraction(headShare20)}  ${ndcg10.map((value) => (value === null ? '–' : fraction(value, 4))).join('  ')}`,
    ),
    '',
  ];
}

function coldLines({ cold }: Evaluation): string[] {
  if (!cold) return [];
  return [
    `Cold items: ${count(cold.items)} removed from training; Recall@20, NDCG@10, and ${HYBRID.name} minus the row`,
    ...cold.scenarios.flatMap(({ name, users, rows, differences }) =>
      rows.map((row, i) => {
        const difference = differences.find(({ metric, against }) => metric === 'recall20' && against === row.name);
        const head = i === 0 ? `${name}, ${count(users)}` : '';
        return `  ${head.padEnd(13)}${row.name.padEnd(NAME_WIDTH)}${withInterval(row.recall20)}  ${withInterval(row.ndcg10)}  ${difference ? signedInterval(difference) : ''}`.trimEnd();
      }),
    ),
    '',
  ];
}

function annLines({ ann }: Evaluation): string[] {
  if (!ann) return [];
  return [
    `ANN recall@${ann.k} of an HNSW graph of ${count(ann.size)} vectors`,
    ...ann.lengths.map(({ length, recall }) => `  ${lengthName(length).padEnd(9)}${withInterval(recall)}`),
    '',
  ];
}

function diversityLines({ diversity: { points, users, largest, inForce } }: Evaluation): string[] {
  return [
    `Diversity, ${count(users)} users: λ, NDCG@10, intra-list diversity@20`,
    ...points.map(({ diversity, ndcg10, diversity20 }) => {
      const notes = [
        ...(diversity === inForce ? ['default'] : []),
        ...(diversity === largest ? ['largest within 2 %'] : []),
      ];
      return `  ${fraction(1 - diversity, 2).padEnd(6)}${fraction(ndcg10.mean, 4)}  ${fraction(diversity20.mean)}  ${notes.join(', ')}`.trimEnd();
    }),
    '',
  ];
}
