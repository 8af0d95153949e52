'use client';

import { startTransition, useEffect, useState } from 'react';

/** Cards a frame: about as many as fit on a screen. */
const STEP = 7;

/**
 * Replaces a list by one of another `kind` in steps of a few items a frame, because laying out twenty cards at once
 * blocks the page. Places not replaced yet show the list before, so that nothing jumps. A list of the same kind, which
 * keeps most of its items, is replaced at once.
 *
 * @returns the items to render, and whether all of them are of `list`
 */
export function useGradual<Item>(kind: string, list: readonly Item[]): { items: readonly Item[]; isComplete: boolean } {
  const [{ shown, next, replaced }, set] = useState({ shown: { kind, list }, next: kind, replaced: list.length });
  const isComplete = shown.kind === kind;

  // During render, so that no frame shows an outdated list.
  if (isComplete && shown.list !== list) set({ shown: { kind, list }, next: kind, replaced: list.length });
  else if (!isComplete && next !== kind) set({ shown, next: kind, replaced: STEP });

  useEffect(() => {
    if (isComplete) return;
    // After this frame has been laid out.
    const frame = requestAnimationFrame(() =>
      startTransition(() =>
        set((now) =>
          now.replaced + STEP < list.length
            ? { ...now, replaced: now.replaced + STEP }
            : { shown: { kind, list }, next: kind, replaced: list.length },
        ),
      ),
    );
    return () => cancelAnimationFrame(frame);
  });

  if (isComplete) return { items: list, isComplete };
  return { items: [...list.slice(0, replaced), ...shown.list.slice(replaced)], isComplete };
}
