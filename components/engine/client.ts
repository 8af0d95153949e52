import type { LoadProgress } from '../../lib/contracts/engine';
import { createEngineClient } from '../../lib/worker/client';
import type { EngineClient } from '../../lib/worker/client-contract';

let client: EngineClient | null = null;

/** The page's one engine, started by the first call. Browser only. */
export function engine(): EngineClient {
  client ??= createEngineClient();
  return client;
}

/** Loads that were started before the page's components existed. */
const earlyLoads = new Map<string, AbortController>();

/** Starts to load a domain before the page's components exist; {@link load} takes over. Browser only. */
export function beginLoad(domain: string): void {
  const abort = new AbortController();
  earlyLoads.set(domain, abort);
  // The page calls `load` itself, which reports any failure.
  engine()
    .load(domain, { signal: abort.signal })
    .catch(() => undefined);
}

/** Loads a domain, continuing what {@link beginLoad} started. */
export async function load(
  domain: string,
  { signal, onProgress }: { signal: AbortSignal; onProgress: (progress: LoadProgress) => void },
): Promise<void> {
  /** Ends the early call once the worker has received this one; before that, the worker would cancel the download. */
  const takeOver = () => {
    earlyLoads.get(domain)?.abort();
    earlyLoads.delete(domain);
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
    resolveFirstLoad();
  }
}

let resolveFirstLoad = () => {};
const firstLoad = new Promise<void>((resolve) => {
  resolveFirstLoad = resolve;
});

/** Resolves when the first load has ended or failed; at once where none was started. Browser only. */
export const afterFirstLoad = (): Promise<void> => (client ? firstLoad : Promise.resolve());
