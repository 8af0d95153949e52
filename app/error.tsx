'use client';

import { useEffect } from 'react';
import { Logo } from '@/components/site/logo';
import { Button, buttonClass } from '@/components/ui/button';

export default function ErrorPage({ error, retry }: { error: unknown; retry: () => void }) {
  useEffect(() => console.error(error), [error]);
  return (
    <main className="page pt-16 sm:pt-28">
      <Logo className="size-12 text-accent" />
      <h1 className="mt-6 font-display text-3xl tracking-tight sm:text-4xl">Something went wrong.</h1>
      <p className="mt-3 max-w-lg text-pretty text-quiet">This page failed. Your picks are safe on this device.</p>
      <div className="mt-6 flex gap-3">
        <Button look="solid" onClick={retry}>
          Try again
        </Button>
        {/* A full load: a client-side navigation would use the script that failed. */}
        <a href="/" className={buttonClass('outline')}>
          Start over
        </a>
      </div>
    </main>
  );
}
