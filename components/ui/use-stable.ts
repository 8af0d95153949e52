'use client';

import { useCallback, useInsertionEffect, useRef } from 'react';

/**
 * A handler of one identity that always runs the newest `handler`, so that what it is passed to need not be drawn again.
 * For events only: while drawing, it still runs the one before.
 */
export function useStable<Args extends unknown[], Result>(handler: (...args: Args) => Result) {
  const newest = useRef(handler);
  useInsertionEffect(() => {
    newest.current = handler;
  });
  return useCallback((...args: Args) => newest.current(...args), []);
}
