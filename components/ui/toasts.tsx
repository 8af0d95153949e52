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

/** Says something small at the foot of the page; a newer one takes its place. */
export function toast(message: string, action?: Toast['action']): void {
  show({ message, action });
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Where toasts appear. They stay while the pointer or the focus is on them. */
export function Toasts() {
  const shown = useSyncExternalStore(
    subscribe,
    () => current,
    () => null,
  );
  const [held, setHeld] = useState(false);

  useEffect(() => {
    if (!shown || held) return;
    const timer = setTimeout(() => show(null), VISIBLE_MS);
    return () => clearTimeout(timer);
  }, [shown, held]);

  return (
    <section aria-label="Notices" className="toasts pointer-events-none fixed inset-x-0 z-40 flex justify-center px-4">
      <div aria-live="polite" className="contents">
        {shown && (
          // biome-ignore lint/a11y/noStaticElementInteractions: only holds the notice in place while it is being read.
          <div
            onPointerEnter={() => setHeld(true)}
            onPointerLeave={() => setHeld(false)}
            onFocus={() => setHeld(true)}
            onBlur={() => setHeld(false)}
            className="arriving pointer-events-auto flex min-h-12 max-w-xl items-center gap-3 rounded-full bg-ink py-1.5 pr-2 pl-5 text-paper text-sm shadow-xl"
          >
            <span className="line-clamp-2 py-1 pr-2">{shown.message}</span>
            {shown.action && (
              <Button
                look="quiet"
                className="bg-paper/15 px-4 font-semibold text-paper! hover:bg-paper/25!"
                onClick={() => {
                  shown.action?.run();
                  setHeld(false);
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
