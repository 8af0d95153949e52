'use client';

import { useCallback, useEffect, useState } from 'react';
import { whenIdle } from '../ui/idle';
import type { Hits } from './hits';

let hits: Promise<typeof Hits> | null = null;

/** The list of hits; a load that failed is tried again by the next who asks. */
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
 * The list of hits, which the page does not need to be drawn: null until it is there. It is fetched in a quiet moment once
 * `ready`, and at once by `prepare`.
 */
export function useHits(ready: boolean): { List: typeof Hits | null; prepare: () => void } {
  const [List, setList] = useState<typeof Hits | null>(null);
  const prepare = useCallback(() => {
    loadHits().then(
      (loaded) => setList(() => loaded),
      // The next key asks again.
      () => undefined,
    );
  }, []);
  useEffect(() => {
    if (ready) return whenIdle(prepare);
  }, [ready, prepare]);
  return { List, prepare };
}
