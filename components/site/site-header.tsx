import Link from 'next/link';
import type { ReactNode } from 'react';
import { buttonClass } from '../ui/button';
import { type DomainLink, DomainTabs } from './domain-tabs';
import { Logo } from './logo';
import { SkipLink } from './skip-link';
import { ThemeToggle } from './theme-toggle';

/** Header of every page. `children` are actions of the page. */
export function SiteHeader({
  domains,
  current,
  children,
}: {
  domains: readonly DomainLink[];
  current?: string;
  children?: ReactNode;
}) {
  return (
    <header className="border-line border-b">
      <SkipLink />
      <div className="page flex flex-wrap items-center gap-x-8">
        <Link href="/" className="flex h-14 items-center gap-2 sm:h-16" aria-label="Inkpick, home">
          <Logo className="size-6 text-accent" />
          <span className="font-display text-2xl tracking-tight">Inkpick</span>
        </Link>
        <div className="order-last -mx-2.5 w-[calc(100%+1.25rem)] overflow-x-auto sm:order-none sm:w-auto">
          <DomainTabs domains={domains} current={current} />
        </div>
        <div className="-mr-2.5 ml-auto flex items-center gap-0.5">
          {children}
          <Link href="/about" className={buttonClass('quiet')}>
            About
          </Link>
          <ThemeToggle />
        </div>
      </div>
    </header>
  );
}
