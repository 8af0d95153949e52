import type { Progress } from '../io/progress';
import type { GatePoint } from './choose-gate';
import type { SearchOptions } from './hyperparameters';

/** Options of every training. */
export interface TrainingOptions {
  seed: number;
  threads: number;
  progress: Progress;
  /** Keeps factors and item–item weights as trained: for measuring what their 8 bits cost. They cannot be written. */
  unquantised?: boolean;
  /** Called with the iALS loss after each epoch. */
  onLoss?: (epoch: number, loss: number) => void;
  /** Called with what each setting of the gate costs and gains. */
  onCurve?: (curve: GatePoint[]) => void;
  /** Called for each hyperparameter setting that the search has measured. */
  onTried?: SearchOptions['onTried'];
}
