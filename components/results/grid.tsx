'use client';

import { type ReactNode, type RefObject, useEffect, useRef } from 'react';

/**
 * The grid of cards. Liking a card usually removes it. The focus then moves to the same button of the card that takes
 * its place; browsers would move it to the top of the page.
 */
export function Grid({
  wide = false,
  ref,
  children,
}: {
  /** Whether the grid has the page's whole width. */
  wide?: boolean;
  /** Receives the list's element. */
  ref?: RefObject<HTMLUListElement | null>;
  children: ReactNode;
}) {
  const own = useRef<HTMLUListElement>(null);
  const list = ref ?? own;
  const focused = useRef<{ index: number; button: string } | null>(null);

  useEffect(() => {
    const last = focused.current;
    if (!last || !list.current || document.activeElement !== document.body) return;
    const card = list.current.children[Math.min(last.index, list.current.children.length - 1)];
    const buttons = [...(card?.querySelectorAll('button') ?? [])];
    (buttons.find((button) => button.getAttribute('aria-label')?.startsWith(last.button)) ?? buttons[0])?.focus();
    focused.current = null;
  });

  return (
    <ul
      ref={list}
      aria-label="Recommendations"
      onFocus={(event) => {
        const index = [...event.currentTarget.children].findIndex((card) => card.contains(event.target));
        focused.current = { index, button: event.target.getAttribute('aria-label')?.split(' ')[0] ?? '' };
      }}
      onBlur={(event) => {
        // The focus moved outside. After the removal of an element, `relatedTarget` is null instead.
        if (event.relatedTarget && !event.currentTarget.contains(event.relatedTarget)) focused.current = null;
      }}
      className={`grid grid-cols-2 gap-x-4 gap-y-8 sm:grid-cols-3 sm:gap-x-6 ${wide ? 'lg:grid-cols-4 xl:grid-cols-5' : 'xl:grid-cols-4'}`}
    >
      {children}
    </ul>
  );
}
