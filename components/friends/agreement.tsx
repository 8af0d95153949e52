'use client';

import Link from 'next/link';
import { useState } from 'react';
import { agree } from '../consent/consent-api';
import { asInkpickError } from '../engine/use-domain';
import { Button, buttonClass } from '../ui/button';

/** Friends need a server that knows its visitor: says what that means, and asks. */
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
        First, may the server know you?
      </h2>
      <div className="mt-3 space-y-3 text-pretty leading-relaxed">
        <p>
          So far your picks have stayed on this device. To know who follows whom, the server has to remember you: by a
          random number in a cookie, and the name you give your friends, if you give one.
        </p>
        <p>
          It then also learns what you are shown here, open and like, which is how it finds out what is popular. Your
          friends see none of that. They see the likes of those catalogues that you choose to share, and you choose none
          by agreeing. You can have all of it erased at any time.
        </p>
      </div>
      <div className="mt-6 flex flex-wrap gap-3">
        <Button look="solid" onClick={onYes} aria-disabled={sending}>
          Agree and go on
        </Button>
        <Link href="/your-data" prefetch={false} className={buttonClass('quiet')}>
          What exactly is kept
        </Link>
      </div>
      <p role="alert" className="mt-3 text-accent text-sm empty:hidden">
        {problem}
      </p>
    </section>
  );
}
