'use client';

import { useCallback, useEffect, useState } from 'react';
import { whenIdle } from '../ui/idle';
import type { Hits } from './hits';

let hits: Promise<typeof Hits> | null = null;

/** Loads the list of hits; after a failure, the next call loads again. */
function loadHits(): Promise<typeof Hits> {
  hits ??= import('./hits').then(
    (loaded) => loaded.Hits,
    (error) => {
      hits = null;
      throw error;
    },
  );
  return hits;
}

/**
 * The component with the list of hits, which the first render does not need; null until it is loaded. It is loaded when
 * the page is idle once `ready`, and at once by `prepare`.
 */
export function useHits(ready: boolean): { List: typeof Hits | null; prepare: () => void } {
  const [List, setList] = useState<typeof Hits | null>(null);
  const prepare = useCallback(() => {
    loadHits().then(
      (loaded) => setList(() => loaded),
      // The next key loads again.
      () => undefined,
    );
  }, []);
  useEffect(() => {
    if (ready) return whenIdle(prepare);
  }, [ready, prepare]);
  return { List, prepare };
}
