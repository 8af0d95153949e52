'use client';

import Link from 'next/link';
import { useState } from 'react';
import { agree } from '../consent/consent-api';
import { asInkpickError } from '../engine/use-domain';
import { Button, buttonClass } from '../ui/button';

/** Asks for consent, without which the server cannot know who follows whom. */
export function Agreement() {
  const [problem, setProblem] = useState<string | null>(null);
  const [sending, setSending] = useState(false);

  const onYes = async () => {
    if (sending) return;
    setSending(true);
    setProblem(null);
    try {
      await agree();
    } catch (error) {
      setProblem(asInkpickError(error).message);
    } finally {
      setSending(false);
    }
  };

  return (
    <section aria-labelledby="agreement" className="max-w-2xl border-line border-t py-8">
      <h2 id="agreement" className="font-display text-2xl leading-tight">
        First, may the server remember you?
      </h2>
      <div className="mt-3 space-y-3 text-pretty leading-relaxed">
        <p>
          So far your picks have stayed on this device. To know who follows whom, the server has to store a random id,
          which is also in a cookie, and the name that your friends see, if you give one.
        </p>
        <p>
          This page then also sends the server what you are shown, open and like, so that it learns what is popular.
          Your friends do not see that. They see your likes in the catalogues that you share, and none is shared until
          you turn it on. You can erase everything at any time.
        </p>
      </div>
      <div className="mt-6 flex flex-wrap gap-3">
        <Button look="solid" onClick={onYes} aria-disabled={sending}>
          Agree and continue
        </Button>
        <Link href="/your-data" prefetch={false} className={buttonClass('quiet')}>
          What is stored
        </Link>
      </div>
      <p role="alert" className="mt-3 text-accent text-sm empty:hidden">
        {problem}
      </p>
    </section>
  );
}
