import { Engine } from '../../lib/engine/engine';
import type { DomainFolder } from '../domain-folder/read';
import { BOOTSTRAP_ROUNDS } from '../metrics/bootstrap';
import type { TrainingOptions } from '../train/options';
import { trainEngine } from '../train/train-engine';
import { measureAboutness } from './aboutness';
import { measureAnnRecall } from './ann';
import { measureColdItems } from './cold-items';
import { LENGTHS, ROWS } from './compared-recommenders';
import { diversitiesToMeasure, largestDiversity, measureDiversity } from './diversity';
import { type CatalogFacts, differences, measureRow, summarise } from './measure';
import type { Evaluation, Quality } from './schema';
import { type HeldOutUser, makeColdSplit, splitUsers } from './split';

/** Users for measurements that are repeated many times: enough for a narrow interval. The first of a shuffled list. */
const FEWER_USERS = 300;

export interface EvaluationOptions extends TrainingOptions {
  /** The users to measure on. Design choices must be made on validation users; test users are for the report. */
  on: 'test' | 'validation';
  /** The largest number of users to measure on; all if absent. */
  users?: number;
  /** Whether to measure cold items too, which takes a second training. */
  cold: boolean;
  /** The product's default diversity, at which the slider starts. */
  defaultDiversity: number;
}

/**
 * Runs the evaluation protocol on one domain: trains on some users and measures the recommendations for others. The
 * same folder, options and seed give the same figures.
 */
export async function evaluate(folder: DomainFolder, options: EvaluationOptions): Promise<Evaluation> {
  const { progress, seed, on } = options;
  const split = splitUsers(folder, seed);
  let gate: Evaluation['gate'] = [];
  const onCurve = (curve: Evaluation['gate']) => {
    gate = curve;
  };
  const parts = await trainEngine(folder, split.users, { ...options, onCurve });
  const engine = new Engine(parts, () => performance.now());
  const users = split[on].slice(0, options.users);
  const fewer = users.slice(0, FEWER_USERS);
  const { counts, positiveAbove } = parts.manifest;
  const facts: CatalogFacts = { items: counts.items, trainingUsers: split.users.training.size, warm: split.warm };

  const quality = await measureQuality(engine, users, fewer, facts, options);
  progress.start('Aboutness');
  const aboutness = measureAboutness(engine, folder, fewer, seed);
  progress.stop();
  const diversities = diversitiesToMeasure(options.defaultDiversity);
  progress.start('Diversity (steps)', diversities.length);
  const points = [];
  for (const diversity of diversities) {
    points.push(measureDiversity(engine, fewer, diversity, seed));
    progress.update(points.length);
    await yieldToEventLoop();
  }
  progress.stop();
  const ann = await measureAnnRecall(engine, fewer, options);
  return {
    format: 'inkpick-evaluation',
    domain: {
      id: folder.config.id,
      label: folder.config.label,
      item: folder.config.item,
      users: folder.config.users,
    },
    protocol: {
      seed,
      on,
      trainingUsers: split.users.training.size,
      heldOutUsers: split[on].length,
      limit: options.users ?? null,
      unquantised: options.unquantised ?? false,
      fewerUsers: FEWER_USERS,
      bootstrapRounds: BOOTSTRAP_ROUNDS,
      positiveAbove,
    },
    catalog: { items: counts.items, warmItems: split.warm.length, interactions: counts.interactions },
    quality,
    aboutness,
    gate,
    cold: options.cold ? await measureCold(folder, split, users, options) : null,
    ann,
    diversity: { users: fewer.length, points, largest: largestDiversity(points), inForce: options.defaultDiversity },
  };
}

/** Measures every row at every length of history, with all users at full length and fewer at the others. */
async function measureQuality(
  engine: Engine,
  users: readonly HeldOutUser[],
  fewer: readonly HeldOutUser[],
  facts: CatalogFacts,
  { progress, seed }: EvaluationOptions,
): Promise<Quality[]> {
  progress.start('Rankings (rows by length)', LENGTHS.length * ROWS.length);
  const quality: Quality[] = [];
  for (const length of LENGTHS) {
    const measuredUsers = length === null ? users : fewer;
    const measured = [];
    for (const row of ROWS) {
      measured.push(measureRow(engine, row, measuredUsers, length, facts));
      progress.update(quality.length * ROWS.length + measured.length);
      await yieldToEventLoop();
    }
    quality.push({
      length,
      users: measuredUsers.length,
      rows: measured.map((row) => summarise(row, seed)),
      differences: differences(measured, ['ndcg10', 'ndcg100'], seed),
    });
  }
  progress.stop();
  return quality;
}

async function measureCold(
  folder: DomainFolder,
  split: ReturnType<typeof splitUsers>,
  users: readonly HeldOutUser[],
  options: EvaluationOptions,
) {
  const coldSplit = makeColdSplit(split, users, options.seed);
  const parts = await trainEngine(folder, split.users, { ...options, coldItems: coldSplit.coldItems });
  const engine = new Engine(parts, () => performance.now());
  options.progress.start('Cold items');
  const result = measureColdItems(engine, coldSplit.coldItems, coldSplit.users, options.seed);
  options.progress.stop();
  return result;
}

/** Gives the progress bar a chance to redraw. */
const yieldToEventLoop = () => new Promise((resolve) => setImmediate(resolve));
