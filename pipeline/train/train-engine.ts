import type { Training } from '../../lib/contracts/training';
import { Engine, type EngineParts } from '../../lib/engine/engine';
import { type Dataset, prepareDataset } from '../dataset/dataset';
import { judgedBySeed } from '../dataset/judged';
import { collectWarmLikes, type UserLikes } from '../dataset/likes';
import type { DomainFolder } from '../domain-folder/read';
import { chooseGate } from './choose-gate';
import { ColdCopies } from './cold-copies';
import { coldLikeOf, judgedGateExamples, sampleGateExamples } from './gate-examples';
import { searchHyperparameters } from './hyperparameters';
import type { TrainingOptions } from './options';
import { fitRelated, type RelatedWeights } from './related/fit-related';
import { relatedTargets } from './related/related-targets';
import { trainSignalModels, trainTowerOn } from './signal-models';
import { findTowerMaxLikes } from './tower-max-likes';
import { splitUsersForBuild, type UserSplit } from './user-split';

/** Users for whom the gate has an example of an item without interactions. */
const MAX_COLD_USERS = 400;

/**
 * Trains all parts of an engine on the training users. Hyperparameters, the use of the user tower and the blend are
 * chosen on the validation users. Other users have no influence. The manifest lists no artifacts yet.
 *
 * @param options `coldItems`: ids of items whose interactions are left out
 */
export async function trainEngine(
  folder: DomainFolder,
  users: UserSplit,
  options: TrainingOptions & { coldItems?: ReadonlySet<string> },
): Promise<EngineParts> {
  return (await trainChosen(folder, users, options)).parts;
}

async function trainChosen(
  folder: DomainFolder,
  users: UserSplit,
  options: TrainingOptions & { coldItems?: ReadonlySet<string> },
): Promise<{ parts: EngineParts; relatedWeights: RelatedWeights }> {
  const { coldItems, seed, progress, onCurve } = options;
  const dataset = prepareDataset(folder, { isTrainingUser: (user) => users.training.has(user), coldItems });
  const validation = collectWarmLikes(folder, dataset, users.validation);
  const training = await chooseHyperparameters(dataset, validation, options);
  const models = await trainSignalModels(
    dataset,
    training,
    (data) => fitRelated(data, relatedTargets(folder, dataset, validation, seed)),
    options,
  );
  let { parts } = models;
  const tower = trainTowerOn(dataset, models, options);
  const towerMostLikes = findTowerMaxLikes(parts, tower, validation, seed);
  if (towerMostLikes > 0) parts = { ...parts, tower, manifest: { ...parts.manifest, towerMostLikes } };
  progress.start('Gate');
  const engine = new Engine(parts, () => 0);
  const warm = new Set(dataset.items.slice(0, dataset.warmItems).map(({ id }) => id));
  const judged = Array.from(
    judgedBySeed(folder, (id) => warm.has(id)),
    ([seed, related]) => ({ seed, related }),
  );
  const copies = new ColdCopies(new Engine(parts, () => 0), dataset.items, [
    ...validation.slice(0, MAX_COLD_USERS).map(coldLikeOf),
    ...judged.map((pairs) => pairs.seed),
  ]);
  const examples = sampleGateExamples(engine, validation, seed, copies);
  const { gate, curve } = chooseGate(examples, judgedGateExamples(engine, judged, copies), seed);
  onCurve?.(curve);
  progress.stop();
  return { parts: { ...parts, gate }, relatedWeights: models.relatedWeights };
}

/**
 * Trains as {@link trainEngine} does, then trains the models again on all users, validation users included. Everything
 * that was chosen on the validation users is kept.
 */
export async function trainRelease(folder: DomainFolder, options: TrainingOptions): Promise<EngineParts> {
  const users = splitUsersForBuild(folder, options.seed);
  const { parts: chosen, relatedWeights } = await trainChosen(folder, users, options);
  if (users.validation.length === 0) return chosen;
  const { training, towerMostLikes } = chosen.manifest;
  const dataset = prepareDataset(folder);
  const models = await trainSignalModels(dataset, training, () => relatedWeights, options);
  const { parts } = models;
  const tower = chosen.tower && trainTowerOn(dataset, models, options);
  return { ...parts, gate: chosen.gate, tower, manifest: { ...parts.manifest, towerMostLikes } };
}

/** Searches for all hyperparameters of a folder, including those that its `domain.json` sets. */
export async function tune(folder: DomainFolder, options: TrainingOptions): Promise<Training> {
  const open = { ...folder, config: { ...folder.config, training: { latent: {}, neighbours: {} } } };
  const { training, validation } = splitUsersForBuild(folder, options.seed);
  const dataset = prepareDataset(open, { isTrainingUser: (user) => training.has(user) });
  return chooseHyperparameters(dataset, collectWarmLikes(open, dataset, validation), options);
}

/** Searches for the hyperparameters that `domain.json` does not set. */
async function chooseHyperparameters(
  dataset: Dataset,
  validation: readonly UserLikes[],
  { seed, threads, progress, onTried }: TrainingOptions,
): Promise<Training> {
  const rowOf = new Map(dataset.items.slice(0, dataset.warmItems).map(({ id }, row) => [id, row]));
  const users = validation.map(({ likes }) => likes.flatMap(({ id }) => rowOf.get(id) ?? []));
  progress.start('Hyperparameters');
  const training = await searchHyperparameters(dataset.likes, dataset.warmItems, users, dataset.config.training, {
    seed,
    threads,
    onTried,
  });
  progress.stop();
  return training;
}
