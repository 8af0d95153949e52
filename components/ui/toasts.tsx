'use client';

import { useEffect, useState, useSyncExternalStore } from 'react';
import { Button } from './button';

export interface Toast {
  message: string;
  action?: { label: string; run: () => void };
}

const VISIBLE_MS = 8000;
let current: Toast | null = null;
const listeners = new Set<() => void>();

function show(next: Toast | null) {
  current = next;
  for (const listener of listeners) listener();
}

/** Shows a short message at the bottom of the page; it replaces the one before. */
export function toast(message: string, action?: Toast['action']): void {
  show({ message, action });
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Renders the current toast, which stays while the pointer or the focus is on it. */
export function Toasts() {
  const shown = useSyncExternalStore(
    subscribe,
    () => current,
    () => null,
  );
  const [isPaused, setIsPaused] = useState(false);

  useEffect(() => {
    if (!shown || isPaused) return;
    const timer = setTimeout(() => show(null), VISIBLE_MS);
    return () => clearTimeout(timer);
  }, [shown, isPaused]);

  return (
    <section aria-label="Notices" className="toasts pointer-events-none fixed inset-x-0 z-40 flex justify-center px-4">
      <div aria-live="polite" className="contents">
        {shown && (
          // biome-ignore lint/a11y/noStaticElementInteractions: pauses the timeout while the notice is being read.
          <div
            onPointerEnter={() => setIsPaused(true)}
            onPointerLeave={() => setIsPaused(false)}
            onFocus={() => setIsPaused(true)}
            onBlur={() => setIsPaused(false)}
            className="arriving pointer-events-auto flex min-h-12 max-w-xl items-center gap-3 rounded-full bg-ink py-1.5 pr-2 pl-5 text-paper text-sm shadow-xl"
          >
            <span className="line-clamp-2 py-1 pr-2">{shown.message}</span>
            {shown.action && (
              <Button
                look="quiet"
                className="bg-paper/15 px-4 font-semibold text-paper! hover:bg-paper/25!"
                onClick={() => {
                  shown.action?.run();
                  setIsPaused(false);
                  show(null);
                }}
              >
                {shown.action.label}
              </Button>
            )}
          </div>
        )}
      </div>
    </section>
  );
}
