import type { Progress } from '../io/progress';
import type { GatePoint } from './choose-gate';
import type { SearchOptions } from './hyperparameters';

/** Options of every training. */
export interface TrainingOptions {
  seed: number;
  threads: number;
  progress: Progress;
  /** Called with the iALS loss after each epoch. */
  onLoss?: (epoch: number, loss: number) => void;
  /** Called with what each setting of the gate costs and gains. */
  onCurve?: (curve: GatePoint[]) => void;
  /** Called for each hyperparameter setting that the search has measured. */
  onTried?: SearchOptions['onTried'];
}
