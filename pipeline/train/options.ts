import type { Progress } from '../io/progress';
import type { SearchOptions } from './hyperparameters';

/** Options of every training. */
export interface TrainingOptions {
  seed: number;
  threads: number;
  progress: Progress;
  /** Called with the iALS loss after each epoch. */
  onLoss?: (epoch: number, loss: number) => void;
  /** Called for each hyperparameter setting that the search has measured. */
  onTried?: SearchOptions['onTried'];
}
