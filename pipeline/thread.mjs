// Entry point of every worker thread. Threads do not inherit the TypeScript loader, so it is registered here before the
// module that does the work is imported.
import { workerData } from 'node:worker_threads';
import { register } from 'tsx/esm/api';

register();
await import(workerData.module);
