import type { LoadProgress } from '../../lib/contracts/engine';
import { createEngineClient } from '../../lib/worker/client';
import type { EngineClient } from '../../lib/worker/client-contract';

let client: EngineClient | null = null;

/** The page's one engine, started by the first who asks. Browser only. */
export function engine(): EngineClient {
  client ??= createEngineClient();
  return client;
}

/** Loads that were begun before there was a page to wait for them. */
const early = new Map<string, AbortController>();

/** Begins to load a domain for a page that is about to be there; {@link load} takes over. Browser only. */
export function beginLoad(domain: string): void {
  const abort = new AbortController();
  early.set(domain, abort);
  // The page asks for itself and hears of any failure.
  engine()
    .load(domain, { signal: abort.signal })
    .catch(() => undefined);
}

/** Loads a domain, going on with what {@link beginLoad} began. */
export async function load(
  domain: string,
  { signal, onProgress }: { signal: AbortSignal; onProgress: (progress: LoadProgress) => void },
): Promise<void> {
  /** Once the worker has heard of this call; before that it would give the load up. */
  const takeOver = () => {
    early.get(domain)?.abort();
    early.delete(domain);
  };
  try {
    await engine().load(domain, {
      signal,
      onProgress: (progress) => {
        takeOver();
        onProgress(progress);
      },
    });
  } finally {
    takeOver();
    settle();
  }
}

let settle = () => {};
const firstLoad = new Promise<void>((resolve) => {
  settle = resolve;
});

/** Resolves when the first domain is loaded or has failed to; at once where none was begun. Browser only. */
export const afterFirstLoad = (): Promise<void> => (client ? firstLoad : Promise.resolve());
