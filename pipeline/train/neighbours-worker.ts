import { parentPort } from 'node:worker_threads';
import { type RegressionTask, regressRange } from './neighbours-task';

parentPort!.on('message', (task: RegressionTask) => parentPort!.postMessage(regressRange(task)));
