import type { Estimate } from '../metrics/bootstrap';
import { CONTENT, HAND_WEIGHTED, HYBRID, LATENT, POPULAR } from './compared-recommenders';
import { MAX_NDCG_LOSS } from './diversity';
import { fraction, lengthName, percent, signedInterval, withInterval } from './format';
import type { ComparedMetric, Difference, Evaluation, Quality } from './schema';

/** An aim and the measurement that decides it. "undecided" means that the interval contains zero. */
export interface Finding {
  aim: string;
  measured: string;
  verdict: 'met' | 'missed' | 'undecided';
}

/** Target levels of the shipped domains, for hybrid with the whole history. */
const LEVELS: Record<string, { ndcg10: number; ndcg100: number; recall1000?: number }> = {
  cinema: { ndcg10: 0.3, ndcg100: 0.385, recall1000: 0.9 },
  music: { ndcg10: 0.395, ndcg100: 0.435 },
  courses: { ndcg10: 0.115, ndcg100: 0.17 },
};
const ANN_RECALL = 0.98;

/** Compares an evaluation with every aim that applies to it. */
export function findings(evaluation: Evaluation): Finding[] {
  const whole = evaluation.quality.find(({ length }) => length === null);
  const shortest = evaluation.quality.find(({ length }) => length === 1);
  return [
    ...(whole ? levelFindings(evaluation.domain.id, whole) : []),
    ...(whole
      ? [
          clearlyAbove('Above the best single signal, NDCG@10', bestSignal(whole, 'ndcg10')),
          clearlyAbove('Above the hand-weighted blend, NDCG@10', against(whole, HAND_WEIGHTED.name)),
        ]
      : []),
    noWorseAtAnyLength(evaluation.quality),
    ...(shortest
      ? [clearlyAbove('Above most popular at one item of history, NDCG@10', against(shortest, POPULAR.name))]
      : []),
    ...(whole ? spreadFindings(whole) : []),
    ...coldFindings(evaluation),
    ...annFindings(evaluation),
    diversityFinding(evaluation),
  ];
}

/** Hybrid minus the best single signal at one length. */
export function bestSignal({ differences }: Quality, metric: ComparedMetric): Difference | undefined {
  return differences.find((difference) => difference.metric === metric && difference.isBestSignal);
}

function against({ differences }: Pick<Quality, 'differences'>, name: string, metric: ComparedMetric = 'ndcg10') {
  return differences.find((difference) => difference.metric === metric && difference.against === name);
}

const atLeast = (aim: string, measured: Estimate, bound: number): Finding => ({
  aim: `${aim} at least ${fraction(bound)}`,
  measured: withInterval(measured),
  verdict: measured.mean >= bound ? 'met' : 'missed',
});

function levelFindings(domain: string, whole: Quality): Finding[] {
  const levels = LEVELS[domain];
  const metrics = whole.rows.find(({ name }) => name === HYBRID.name)?.metrics;
  if (!levels || !metrics) return [];
  return [
    atLeast('NDCG@10', metrics.ndcg10, levels.ndcg10),
    atLeast('NDCG@100', metrics.ndcg100, levels.ndcg100),
    ...(levels.recall1000 === undefined
      ? []
      : [atLeast('Recall@1000 of the candidate stage', metrics.recall1000, levels.recall1000)]),
  ];
}

function clearlyAbove(aim: string, difference: Difference | undefined): Finding {
  if (!difference) return { aim, measured: 'not measured', verdict: 'undecided' };
  const verdict = difference.low > 0 ? 'met' : difference.mean > 0 ? 'undecided' : 'missed';
  return { aim, measured: over(difference), verdict };
}

/** Met if no mean difference is negative; missed if one is significantly negative. */
function notBelow(differences: readonly Difference[]): Finding['verdict'] {
  if (differences.some(({ high }) => high < 0)) return 'missed';
  return differences.some(({ mean }) => mean < 0) ? 'undecided' : 'met';
}

const over = (difference: Difference): string => `${signedInterval(difference)} over ${difference.against}`;

function noWorseAtAnyLength(quality: readonly Quality[]): Finding {
  const steps = quality.flatMap((step) => {
    const difference = bestSignal(step, 'ndcg10');
    return difference ? [{ length: step.length, difference }] : [];
  });
  const behind = steps.filter(({ difference }) => difference.mean < 0);
  const describe = ({ length, difference }: (typeof steps)[number]) => `${lengthName(length)}: ${over(difference)}`;
  return {
    aim: 'No worse than the best single signal at any length, NDCG@10',
    measured:
      behind.length === 0
        ? `ahead at every length, by at least ${fraction(Math.min(...steps.map(({ difference }) => difference.mean)), 4)}`
        : `behind at ${behind.map(describe).join('; ')}`,
    verdict: notBelow(steps.map(({ difference }) => difference)),
  };
}

function spreadFindings({ rows }: Quality): Finding[] {
  const hybrid = rows.find(({ name }) => name === HYBRID.name);
  const latent = rows.find(({ name }) => name === LATENT.name);
  if (!hybrid || !latent) return [];
  return [
    {
      aim: `Coverage@20 no lower than ${LATENT.name}`,
      measured: `${percent(hybrid.coverage20, 2)} and ${percent(latent.coverage20, 2)}`,
      verdict: hybrid.coverage20 >= latent.coverage20 ? 'met' : 'missed',
    },
    {
      aim: `Gini@20 no higher than ${LATENT.name}`,
      measured: `${fraction(hybrid.gini20)} and ${fraction(latent.gini20)}`,
      verdict: hybrid.gini20 <= latent.gini20 ? 'met' : 'missed',
    },
  ];
}

function coldFindings({ cold }: Evaluation): Finding[] {
  if (!cold) return [];
  const differencesOf = (scenario: string) => cold.scenarios.find(({ name }) => name === scenario)?.differences ?? [];
  const found = against({ differences: differencesOf('cold') }, CONTENT.name, 'recall20');
  const warm = differencesOf('warm').find(({ metric, isBestSignal }) => metric === 'ndcg10' && isBestSignal);
  return [
    clearlyAbove('Cold items above content alone, Recall@20', found),
    ...(warm
      ? [
          {
            aim: 'Warm items beside cold ones no worse than the best single signal, NDCG@10',
            measured: over(warm),
            verdict: notBelow([warm]),
          },
        ]
      : []),
  ];
}

function annFindings({ ann }: Evaluation): Finding[] {
  if (!ann || ann.lengths.length === 0) return [];
  const lowest = ann.lengths.reduce((a, b) => (b.recall.mean < a.recall.mean ? b : a));
  const { measured, ...finding } = atLeast(`ANN recall@${ann.k} at every length`, lowest.recall, ANN_RECALL);
  return [{ ...finding, measured: `${measured} where it is lowest (${lengthName(lowest.length)})` }];
}

function diversityFinding({ diversity: { points, inForce } }: Evaluation): Finding {
  const loss = 1 - ndcgAt(points, inForce) / (points[0].ndcg10.mean || 1);
  return {
    aim: `The default diversity loses at most ${percent(MAX_NDCG_LOSS, 0)} of NDCG@10`,
    measured:
      loss > 0 ? `${percent(loss)} at λ = ${fraction(1 - inForce, 2)}` : `nothing at λ = ${fraction(1 - inForce, 2)}`,
    verdict: loss <= MAX_NDCG_LOSS ? 'met' : 'missed',
  };
}

const ndcgAt = (points: Evaluation['diversity']['points'], diversity: number): number =>
  (points.find((point) => point.diversity === diversity) ?? points[0]).ndcg10.mean;
