import { parentPort } from 'node:worker_threads';
import { type RelatedTask, relatedLists } from './related-task';

parentPort!.on('message', (task: RelatedTask) => parentPort!.postMessage(relatedLists(task)));
