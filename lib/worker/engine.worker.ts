import { EngineHost } from './host';
import type { RequestMessage } from './protocol';

declare const self: DedicatedWorkerGlobalScope;

const host = new EngineHost((message) => self.postMessage(message));
self.onmessage = ({ data }: MessageEvent<RequestMessage>) => host.receive(data);
