import 'server-only';
import type { ExperimentReport } from '../../contracts/admin';
import type { Experiment } from '../../contracts/experiments';
import { experimentResults, MEASURES, type VariantResult } from '../experiments/results';
import type { Database } from '../store/database';

const means = ({ samples }: VariantResult) =>
  Object.fromEntries(
    MEASURES.map((measure) => {
      const { visitors, mean } = samples[measure];
      return [measure, { visitors, mean }];
    }),
  ) as ExperimentReport['variants'][number]['means'];

/** The experiments with their questions, and the results of their variants. */
export async function reportExperiments(db: Database, experiments: readonly Experiment[]): Promise<ExperimentReport[]> {
  const reports: ExperimentReport[] = [];
  for (const experiment of experiments) {
    const results = await experimentResults(db, experiment);
    reports.push({
      id: experiment.id,
      question: experiment.question,
      variants: experiment.variants.map(({ id, share, settings }, i) => {
        const result = results[i];
        const { visitors, lists, against } = result;
        return { id, share, settings: { ...settings }, visitors, lists, means: means(result), against };
      }),
    });
  }
  return reports;
}
