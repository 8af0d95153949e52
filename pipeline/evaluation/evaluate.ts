import { Engine } from '../../lib/engine/engine';
import type { DomainFolder } from '../domain-folder/read';
import { BOOTSTRAP_ROUNDS } from '../metrics/bootstrap';
import { diversitiesWith, diversityPoint, largestDiversity } from '../metrics/diversity';
import { type TrainingOptions, trainEngine } from '../train/train-engine';
import { annTrial } from './ann';
import { coldTrial } from './cold';
import { differences, measureRow, type Setting, summarise } from './measure';
import { LENGTHS, ROWS } from './rows';
import type { Evaluation, Quality } from './schema';
import { type HeldOutUser, makeCold, splitUsers } from './split';

/** Enough users for a tight interval where everything is measured many times over; the first of a shuffled list. */
const FEWER_USERS = 300;

export interface EvaluationOptions extends TrainingOptions {
  /** Whom to measure on. What is chosen by these figures must be chosen on the validation users. */
  on: 'test' | 'validation';
  /** Measure on no more than so many of them. */
  users?: number;
  /** Train a second time for the trial of cold items. */
  cold: boolean;
  /** The diversity of the product where nobody moves the slider. */
  defaultDiversity: number;
}

/**
 * The whole protocol on one domain: trains on some users and measures what is recommended to others. The same folder,
 * options and seed give the same figures.
 */
export async function evaluate(folder: DomainFolder, options: EvaluationOptions): Promise<Evaluation> {
  const { progress, seed, on } = options;
  const split = splitUsers(folder, seed);
  const parts = await trainEngine(folder, split.users, options);
  const engine = new Engine(parts, () => performance.now());
  const users = split[on].slice(0, options.users);
  const fewer = users.slice(0, FEWER_USERS);
  const { counts, positiveAbove } = parts.manifest;
  const setting: Setting = { items: counts.items, trainingUsers: split.users.training.size, warm: split.warm };

  const quality = await measureQuality(engine, users, fewer, setting, options);
  const diversities = diversitiesWith(options.defaultDiversity);
  progress.start('Diversity (steps)', diversities.length);
  const points = [];
  for (const diversity of diversities) {
    points.push(diversityPoint(engine, fewer, diversity, seed));
    progress.update(points.length);
    await breathe();
  }
  progress.stop();
  const ann = await annTrial(engine, fewer, options);
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
      fewerUsers: FEWER_USERS,
      bootstrapRounds: BOOTSTRAP_ROUNDS,
      positiveAbove,
    },
    catalog: { items: counts.items, warmItems: split.warm.length, interactions: counts.interactions },
    quality,
    cold: options.cold ? await measureCold(folder, split, users, options) : null,
    ann,
    diversity: { users: fewer.length, points, largest: largestDiversity(points), inForce: options.defaultDiversity },
  };
}

/** Every row at every length of history: all users at full length, fewer at the others. */
async function measureQuality(
  engine: Engine,
  users: readonly HeldOutUser[],
  fewer: readonly HeldOutUser[],
  setting: Setting,
  { progress, seed }: EvaluationOptions,
): Promise<Quality[]> {
  progress.start('Rankings (rows by length)', LENGTHS.length * ROWS.length);
  const quality: Quality[] = [];
  for (const length of LENGTHS) {
    const asked = length === null ? users : fewer;
    const measured = [];
    for (const row of ROWS) {
      measured.push(measureRow(engine, row, asked, length, setting));
      progress.update(quality.length * ROWS.length + measured.length);
      await breathe();
    }
    quality.push({
      length,
      users: asked.length,
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
  const trial = makeCold(split, users, options.seed);
  const parts = await trainEngine(folder, split.users, { ...options, coldItems: trial.coldItems });
  const engine = new Engine(parts, () => performance.now());
  options.progress.start('Cold items');
  const result = coldTrial(engine, trial.coldItems, trial.users, options.seed);
  options.progress.stop();
  return result;
}

/** Lets the progress bar be drawn. */
const breathe = () => new Promise((resolve) => setImmediate(resolve));
