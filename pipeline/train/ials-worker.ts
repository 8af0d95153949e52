import { parentPort } from 'node:worker_threads';
import { type RangeTask, solveRange } from './ials-task';

parentPort!.on('message', (task: RangeTask) => parentPort!.postMessage(solveRange(task)));
