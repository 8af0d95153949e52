import { createEngineClient } from '../../lib/worker/client';
import type { EngineClient } from '../../lib/worker/client-contract';

let client: EngineClient | null = null;

/** The page's one engine, started by the first who asks. Browser only. */
export function engine(): EngineClient {
  client ??= createEngineClient();
  return client;
}
