'use client';

import Link from 'next/link';
import type { KeyboardEvent } from 'react';

export interface DomainLink {
  id: string;
  label: string;
}

const STEPS: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1 };

/** Links to the domains. Left and right arrow keys move between them, as in a tab list. */
export function DomainTabs({ domains, current }: { domains: readonly DomainLink[]; current?: string }) {
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const step = STEPS[event.key];
    if (!step) return;
    const links = [...event.currentTarget.querySelectorAll('a')];
    const at = links.indexOf(document.activeElement as HTMLAnchorElement);
    if (at >= 0) links[(at + step + links.length) % links.length].focus();
  };

  return (
    <nav aria-label="Catalogues" className="flex" onKeyDown={onKeyDown}>
      {domains.map(({ id, label }) => (
        <Link
          key={id}
          href={`/${id}`}
          aria-current={id === current ? 'page' : undefined}
          className="relative flex h-11 items-center whitespace-nowrap px-2.5 text-quiet text-sm hover:text-ink focus-visible:-outline-offset-2 aria-[current]:font-semibold aria-[current]:text-ink aria-[current]:after:absolute aria-[current]:after:inset-x-2.5 aria-[current]:after:bottom-0 aria-[current]:after:h-[3px] aria-[current]:after:bg-accent sm:h-16 sm:text-[0.95rem]"
        >
          {label}
        </Link>
      ))}
    </nav>
  );
}
