'use client';

import { type KeyboardEvent, useRef } from 'react';
import { count } from '../ui/text';
import type { Part } from './use-taste-actions';

export const PART_LABELS: Record<Part, string> = { picks: 'Picks', saved: 'Saved', hidden: 'Hidden' };
const STEPS: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1 };

/** Tabs for the visitor's lists; the arrow keys move between them. */
export function PartTabs({
  parts,
  current,
  panelId,
  onChange,
}: {
  /** The lists, with their lengths. */
  parts: readonly { part: Part; size: number }[];
  current: Part;
  /** Id of the element with the current list. */
  panelId: string;
  onChange: (part: Part) => void;
}) {
  const row = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    const at = parts.findIndex(({ part }) => part === current);
    const next = (at + step + parts.length) % parts.length;
    onChange(parts[next].part);
    (row.current?.children[next] as HTMLElement | undefined)?.focus();
  };

  return (
    <div ref={row} role="tablist" aria-label="Your lists" onKeyDown={onKeyDown} className="-ml-2 flex">
      {parts.map(({ part, size }) => (
        <button
          key={part}
          type="button"
          role="tab"
          aria-selected={part === current}
          aria-controls={part === current ? panelId : undefined}
          tabIndex={part === current ? 0 : -1}
          onClick={() => onChange(part)}
          className="relative flex h-11 items-center gap-1 px-2 text-[0.95rem] text-quiet hover:text-ink focus-visible:-outline-offset-2 aria-selected:font-semibold aria-selected:text-ink aria-selected:after:absolute aria-selected:after:inset-x-2 aria-selected:after:-bottom-px aria-selected:after:h-[3px] aria-selected:after:bg-accent"
        >
          {PART_LABELS[part]}
          {size > 0 && <span className="font-normal text-quiet text-xs tabular-nums">{count(size)}</span>}
        </button>
      ))}
    </div>
  );
}
