'use client';

import { useEffect } from 'react';
import { Logo } from '@/components/site/logo';
import { Button, buttonClass } from '@/components/ui/button';

export default function ErrorPage({ error, retry }: { error: unknown; retry: () => void }) {
  useEffect(() => console.error(error), [error]);
  return (
    <main className="page pt-16 sm:pt-28">
      <Logo className="size-12 text-accent" />
      <h1 className="mt-6 font-display text-3xl tracking-tight sm:text-4xl">The ink ran.</h1>
      <p className="mt-3 max-w-lg text-pretty text-quiet">
        Something in this page failed. Your picks are kept on this device; nothing is lost.
      </p>
      <div className="mt-6 flex gap-3">
        <Button look="solid" onClick={retry}>
          Try again
        </Button>
        {/* A full load, not a soft one: the page's script is what failed. */}
        <a href="/" className={buttonClass('outline')}>
          Start over
        </a>
      </div>
    </main>
  );
}
