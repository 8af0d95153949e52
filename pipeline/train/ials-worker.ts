import { parentPort } from 'node:worker_threads';
import { type HalfStep, solveRows } from './ials-task';

/** A thread that solves ranges of rows. Every message carries its whole task; arrays are shared, not copied. */
export interface RangeTask {
  step: HalfStep;
  fixedGram: Float64Array;
  from: number;
  to: number;
}

parentPort!.on('message', ({ step, fixedGram, from, to }: RangeTask) => {
  parentPort!.postMessage(solveRows(step, fixedGram, from, to));
});
