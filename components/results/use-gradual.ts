'use client';

import { startTransition, useEffect, useState } from 'react';

/** So many cards at a time: about as many as a screen holds. */
const STEP = 7;

/**
 * A list that takes the place of another of its `kind` is handed over a few items a frame: to lay twenty cards out at once
 * holds the page up. What is still to come shows the list before, so that nothing jumps. A list of the same kind, which
 * mostly keeps its items, comes whole.
 *
 * @returns the items to draw, and whether all of them are of `list`
 */
export function useGradual<Item>(kind: string, list: readonly Item[]): { items: readonly Item[]; isWhole: boolean } {
  const [{ whole, next, drawn }, set] = useState({ whole: { kind, list }, next: kind, drawn: list.length });
  const isWhole = whole.kind === kind;

  // While drawing, so that no frame shows what is out of date.
  if (isWhole && whole.list !== list) set({ whole: { kind, list }, next: kind, drawn: list.length });
  else if (!isWhole && next !== kind) set({ whole, next: kind, drawn: STEP });

  useEffect(() => {
    if (isWhole) return;
    // After this frame has been laid out.
    const frame = requestAnimationFrame(() =>
      startTransition(() =>
        set((now) =>
          now.drawn + STEP < list.length
            ? { ...now, drawn: now.drawn + STEP }
            : { whole: { kind, list }, next: kind, drawn: list.length },
        ),
      ),
    );
    return () => cancelAnimationFrame(frame);
  });

  if (isWhole) return { items: list, isWhole };
  return { items: [...list.slice(0, drawn), ...whole.list.slice(drawn)], isWhole };
}
