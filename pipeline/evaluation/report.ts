import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { InkpickError } from '../../lib/contracts/errors';
import { MOST_GIVEN_UP } from '../metrics/diversity';
import { diversityChart } from './chart';
import { bestSignal, findings } from './findings';
import { count, fraction, lengthName, percent, signedInterval, withInterval } from './format';
import { CONTENT, HAND_WEIGHTED, HYBRID, LENGTHS, POPULAR } from './rows';
import { type ColdTrial, type Evaluation, evaluationSchema, type Quality } from './schema';
import { COLD_ITEMS, HELD_OUT_USERS, HIDDEN_ITEMS } from './split';
import { standing, VALIDATION_CAUTION } from './table';

/**
 * Writes the report of some evaluations, in Markdown, and beside it one chart a domain, `evaluation-<domain>.svg`.
 *
 * @param files what `inkpick evaluate --json` wrote, in the order of the report
 * @returns the files written
 */
export async function writeReport(files: readonly string[], out: string): Promise<string[]> {
  const evaluations = await Promise.all(files.map(readEvaluation));
  const twice = evaluations.find(
    ({ domain }, i) => evaluations.findIndex((other) => other.domain.id === domain.id) < i,
  );
  if (twice) throw new InkpickError('INVALID_REQUEST', `${twice.domain.id} is in two of the files; give one a domain.`);
  const folder = dirname(out);
  await mkdir(folder, { recursive: true });
  await writeFile(out, formatReport(evaluations));
  const charts = evaluations.map((evaluation) => ({
    path: join(folder, chartName(evaluation)),
    svg: diversityChart(evaluation),
  }));
  await Promise.all(charts.map(({ path, svg }) => writeFile(path, svg)));
  return [out, ...charts.map(({ path }) => path)];
}

async function readEvaluation(file: string): Promise<Evaluation> {
  const text = await readFile(file, 'utf8').catch((cause) => {
    throw new InkpickError('INVALID_REQUEST', `${file} cannot be read.`, { cause });
  });
  const found = evaluationSchema.safeParse(parseJson(text));
  if (found.success) return found.data;
  throw new InkpickError(
    'INVALID_REQUEST',
    `${file} is not what \`inkpick evaluate --json\` writes now: ${z.prettifyError(found.error).split('\n')[0]}`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const chartName = ({ domain }: Evaluation) => `evaluation-${domain.id}.svg`;

/** The report as Markdown. */
export function formatReport(evaluations: readonly Evaluation[]): string {
  return `${[INTRODUCTION, summary(evaluations), PROTOCOL, ...evaluations.map(domainSection)].join('\n\n')}\n`;
}

const INTRODUCTION = `# Evaluation

How good the recommendations are, measured on users whom no model was trained on. Made by \`inkpick evaluation-report\` out of what \`inkpick evaluate\` measured: to change it, measure again.`;

const PROTOCOL = `## How it was measured

- **Split.** Strong generalisation, seeded: ${percent(HELD_OUT_USERS, 0)} of the users are for testing, ${percent(HELD_OUT_USERS, 0)} for validation; the models are trained on the rest, and whatever is chosen or blended is fitted on validation users. Nothing is fitted on a test user. Of each held-out user ${percent(HIDDEN_ITEMS, 0)} of the liked items are hidden, and the rest is the history given.
- **Ranking.** Each row answers from the whole catalog less the history, as the product does: about 1,000 candidates, then their scores; by relevance alone (λ = 1) unless said, and with the exact vector index. No sampled negatives.
- **Length.** At ${LENGTHS.flatMap((length) => length ?? []).join(', ')} items the last so many of the history, in random order, are given.
- **Measures.** Precision@10; Recall@k divides by min(k, hidden), and R@1000 is that of the candidate stage, before the blend ranks; NDCG is binary, its ideal cut off at k; MRR looks at 100 places. Of the first 20: coverage is the share of the catalog that anyone is shown; Gini is that of how often each warm item is shown, lower being more even; ILD is 1 − the mean similarity of two items of a list, the similarity that re-ranking uses; novelty is the mean −log₂ of the share of users who chose the item, in bits.
- **Intervals.** In brackets, 95 %, percentile bootstrap over users. Differences are paired, user by user. *Above* and *below* mean that the interval is clear of zero; *level* that it is not.
- **Rows.** *popular*, *content*, *collaborative* and *hybrid* are the modes of the product; *alone* is one signal by itself; *${HAND_WEIGHTED.name}* is a blend of fixed weights, ${Object.entries(
  HAND_WEIGHTED.options?.weights ?? {},
)
  .map(([signal, weight]) => `${weight} ${signal}`)
  .join(
    ' + ',
  )}; *hybrid* is the learned one. The best single signal is chosen by the figures compared, which favours it.`;

function summary(evaluations: readonly Evaluation[]): string {
  const lines = evaluations.flatMap((evaluation) => {
    const whole = evaluation.quality.find(({ length }) => length === null);
    if (!whole) return [];
    const ndcg = (name: string | undefined) => {
      const metrics = whole.rows.find((row) => row.name === name)?.metrics;
      return metrics ? `${fraction(metrics.ndcg10.mean)} / ${fraction(metrics.ndcg100.mean)}` : '–';
    };
    const best = bestSignal(whole, 'ndcg10')?.against;
    const all = findings(evaluation);
    const met = all.filter(({ verdict }) => verdict === 'met').length;
    return [
      [
        cell(evaluation.domain.label),
        ndcg(POPULAR.name),
        `${ndcg(best)} (${best})`,
        ndcg(HAND_WEIGHTED.name),
        `**${ndcg(HYBRID.name)}**`,
        `${met} of ${all.length}`,
      ],
    ];
  });
  return `## In short

NDCG@10 / NDCG@100 with the whole history given:

${table(['', 'popular', 'best single signal', HAND_WEIGHTED.name, HYBRID.name, 'aims met'], lines)}`;
}

function domainSection(evaluation: Evaluation): string {
  const { domain, protocol, catalog, quality } = evaluation;
  const limit = protocol.limit === null ? '' : ` --users ${protocol.limit}`;
  const options = `--seed ${protocol.seed} --diversity ${evaluation.diversity.inForce}${protocol.on === 'test' ? '' : ` --on ${protocol.on}`}${limit}${evaluation.cold ? '' : ' --no-cold'}`;
  return [
    `## ${domain.label}`,
    `${count(catalog.items)} ${domain.item.many}, ${count(catalog.warmItems)} of them warm; ${count(protocol.trainingUsers)} ${domain.users} in training, ${count(protocol.heldOutUsers)} in ${protocol.on}; ${
      protocol.positiveAbove === null
        ? 'every interaction is a like'
        : `values above ${Number(protocol.positiveAbove.toFixed(4))} are likes`
    }. Short histories, diversity and ANN are measured on the first ${count(protocol.fewerUsers)} at the most.`,
    ...(protocol.on === 'validation' ? [`**${VALIDATION_CAUTION}**`] : []),
    `\`\`\`\nnpm run inkpick -- evaluate data/${domain.id} ${options} --json data/${domain.id}.evaluation.json\n\`\`\``,
    aimsSection(evaluation),
    `### Every row\n\n${quality.map(qualityTable).join('\n\n')}`,
    coverageNote(evaluation),
    differencesSection(evaluation),
    coldSection(evaluation.cold),
    annSection(evaluation),
    diversitySection(evaluation),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function aimsSection(evaluation: Evaluation): string {
  const rows = findings(evaluation).map(({ aim, measured, verdict }) => [
    aim,
    measured,
    verdict === 'met' ? 'met' : `**${verdict}**`,
  ]);
  return `### Aims\n\n${table(['aim', 'measured', ''], rows)}`;
}

function qualityTable({ length, users, rows }: Quality): string {
  const title = length === null ? 'The whole history' : `${lengthName(length)} of history`;
  return `**${title}**, ${count(users)} users\n\n${table(
    ['', 'P@10', 'R@20', 'R@50', 'R@1000', 'NDCG@10', 'NDCG@100', 'MRR', 'coverage', 'Gini', 'ILD', 'novelty'],
    rows.map(({ name, metrics, coverage20, gini20 }) => [
      name === HYBRID.name ? `**${name}**` : cell(name),
      withInterval(metrics.precision10),
      withInterval(metrics.recall20),
      withInterval(metrics.recall50),
      withInterval(metrics.recall1000),
      withInterval(metrics.ndcg10),
      withInterval(metrics.ndcg100),
      withInterval(metrics.mrr),
      percent(coverage20, 2),
      fraction(gini20),
      fraction(metrics.diversity20.mean),
      metrics.novelty20.mean.toFixed(2),
    ]),
  )}`;
}

/** Coverage means little without this: few lists cannot show a large catalog. */
function coverageNote({ quality, catalog }: Evaluation): string {
  const users = quality.find(({ length }) => length === null)?.users ?? 0;
  const most = Math.min(1, (20 * users) / Math.max(1, catalog.items));
  return `So many lists of 20 could cover ${percent(most)} of the catalog at the very most.`;
}

function differencesSection({ quality }: Evaluation): string {
  const metrics = [
    { metric: 'ndcg10', label: 'NDCG@10' },
    { metric: 'ndcg100', label: 'NDCG@100' },
  ] as const;
  const parts = metrics.map(({ metric, label }) => {
    const others = quality[0]?.differences.filter((difference) => difference.metric === metric) ?? [];
    const rows = others.map(({ against }) => [
      cell(against),
      ...quality.map(({ differences }) => {
        const found = differences.find((other) => other.metric === metric && other.against === against);
        if (!found) return '–';
        const text = `${signedInterval(found)} ${standing(found)}`;
        return found.isBestSignal ? `**${text}**` : text;
      }),
    ]);
    const head = [`${label}, less …`, ...quality.map(({ length }) => lengthName(length))];
    return `${table(head, rows)}\n\n${sentences(quality, metric, label)}`;
  });
  return `### Hybrid less each other row\n\nPaired over the same users; bold is the best single signal at that length.\n\n${parts.join('\n\n')}`;
}

/** Where hybrid stands at all lengths, in plain words. */
function sentences(quality: readonly Quality[], metric: 'ndcg10' | 'ndcg100', label: string): string {
  const lines = [
    { title: 'the best single signal', find: (step: Quality) => bestSignal(step, metric) },
    ...[HAND_WEIGHTED, POPULAR].map(({ name }) => ({
      title: name === POPULAR.name ? 'most popular' : 'the hand-weighted blend',
      find: ({ differences }: Quality) =>
        differences.find((difference) => difference.metric === metric && difference.against === name),
    })),
  ].flatMap(({ title, find }) => {
    const steps = quality.flatMap((step) => {
      const difference = find(step);
      return difference ? [{ length: step.length, difference }] : [];
    });
    if (steps.length === 0) return [];
    const not = steps.filter(({ difference }) => standing(difference) !== 'above');
    const exceptions = not
      .map(
        ({ length, difference }) => `${standing(difference)} at ${lengthName(length)} (${signedInterval(difference)})`,
      )
      .join('; ');
    const margins = steps.map(({ difference }) => difference.mean);
    return [
      not.length === 0
        ? `- Above ${title} at all lengths in ${label}: yes, by ${fraction(Math.min(...margins), 4)} to ${fraction(Math.max(...margins), 4)}.`
        : `- Above ${title} at all lengths in ${label}: no: ${exceptions}.`,
    ];
  });
  return lines.join('\n');
}

const COLD_TITLES: Record<ColdTrial['scenarios'][number]['name'], string> = {
  cold: 'cold: the items taken out, ranked among themselves',
  warm: 'warm: the whole catalog, warm hidden items counted',
  all: 'all: the whole catalog, both counted',
};

function coldSection(cold: ColdTrial | null): string {
  if (!cold) return '';
  const rows = cold.scenarios.flatMap(({ name, users, rows, differences }) =>
    rows.map((row, i) => {
      const less = (metric: 'recall20' | 'ndcg10') => {
        const found = differences.find((other) => other.metric === metric && other.against === row.name);
        return found ? `${signedInterval(found)} ${standing(found)}` : '';
      };
      return [
        i === 0 ? `${COLD_TITLES[name]} (${count(users)} users)` : '',
        cell(row.name),
        withInterval(row.recall20),
        withInterval(row.ndcg10),
        less('recall20'),
        less('ndcg10'),
      ];
    }),
  );
  const trial = cold.scenarios.find(({ name }) => name === 'cold');
  const difference = trial?.differences.find(
    ({ metric, against }) => metric === 'recall20' && against === CONTENT.name,
  );
  const verdict = difference
    ? `\n\nCold items found above content alone in Recall@20: ${standing(difference) === 'above' ? 'yes' : `no, ${standing(difference)}`}, ${signedInterval(difference)}.`
    : '';
  return `### Cold items\n\nA second training, without the interactions of ${count(cold.items)} items, ${percent(COLD_ITEMS, 0)} of the warm ones. Users are given what is left of their history.\n\n${table(
    ['', '', 'Recall@20', 'NDCG@10', 'hybrid less it, Recall@20', 'hybrid less it, NDCG@10'],
    rows,
  )}${verdict}`;
}

function annSection({ ann }: Evaluation): string {
  if (!ann) return '';
  return `### Vector index\n\nRecall@${ann.k} of an HNSW graph over ${count(ann.size)} vectors against the exact scan, for the latent vectors of these users:\n\n${table(
    ann.lengths.map(({ length }) => lengthName(length)),
    [ann.lengths.map(({ recall }) => withInterval(recall))],
  )}`;
}

function diversitySection(evaluation: Evaluation): string {
  const { points, users, largest, inForce } = evaluation.diversity;
  const relevance = points[0].ndcg10.mean || 1;
  const rows = points.map(({ diversity, ndcg10, diversity20 }) => [
    `${fraction(1 - diversity, 2)}${diversity === inForce ? ', default' : ''}`,
    withInterval(ndcg10),
    percent(ndcg10.mean / relevance - 1),
    withInterval(diversity20),
  ]);
  return `### Diversity\n\n![NDCG@10 against intra-list diversity as λ falls](${chartName(evaluation)})\n\nRe-ranking by maximal marginal relevance, λ = 1 − diversity, lists of 20, ${count(users)} users. The largest diversity that gives up at most ${percent(MOST_GIVEN_UP, 0)} of NDCG@10 is ${fraction(largest, 2)} (λ = ${fraction(1 - largest, 2)}); the default is ${fraction(inForce, 2)} (λ = ${fraction(1 - inForce, 2)}).\n\n${table(
    ['λ', 'NDCG@10', 'change', 'ILD'],
    rows,
  )}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Text that cannot end a cell of a table. */
const cell = (text: string): string => text.replaceAll('|', '\\|');
