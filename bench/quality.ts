import { readFile } from 'node:fs/promises';
import { HYBRID } from '../pipeline/evaluation/compared-recommenders';
import { type Evaluation, evaluationSchema } from '../pipeline/evaluation/schema';
import type { Part } from './context';
import type { Measured } from './lines';

/** Maximum share of NDCG@10 that quantisation may lose. */
const MAX_LOSS = 0.005;

/**
 * Loss by quantisation, from two evaluations of the same users by `inkpick evaluate --json`. Without them the line is
 * not measured.
 */
export const benchQuality: Part = async ({ evaluations }) => {
  const pairs = await Promise.all(
    evaluations.map(async ({ shipped, unquantised }) => ({
      shipped: await read(shipped),
      unquantised: await read(unquantised),
    })),
  );
  const targets = [{ figure: 'value', atMost: MAX_LOSS }];
  const name = 'NDCG@10 lost by quantisation, whole history';
  if (pairs.length === 0)
    return [{ domain: null, name, unit: 'share', figures: {}, samples: 0, targets, note: 'see EVALUATION.md' }];
  return pairs.map(({ shipped, unquantised }): Measured => {
    if (shipped.domain.id !== unquantised.domain.id || shipped.protocol.seed !== unquantised.protocol.seed)
      throw new Error(`evaluations of ${shipped.domain.id} and ${unquantised.domain.id} are not of the same users`);
    const [ours, theirs] = [ndcgOf(shipped), ndcgOf(unquantised)];
    return {
      domain: shipped.domain.id,
      name,
      unit: 'share',
      figures: { value: 1 - ours / theirs },
      samples: shipped.protocol.heldOutUsers,
      targets,
      note: `${ours.toFixed(4)} as shipped, ${theirs.toFixed(4)} unquantised`,
    };
  });
};

async function read(file: string): Promise<Evaluation> {
  return evaluationSchema.parse(JSON.parse(await readFile(file, 'utf8')));
}

function ndcgOf({ quality, domain }: Evaluation): number {
  const row = quality.find(({ length }) => length === null)?.rows.find(({ name }) => name === HYBRID.name);
  if (!row) throw new Error(`the evaluation of ${domain.id} has no row of hybrid with the whole history`);
  return row.metrics.ndcg10.mean;
}
