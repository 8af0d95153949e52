'use client';

import Link from 'next/link';
import { useRef, useState } from 'react';
import { asInkpickError } from '../engine/use-domain';
import { Button } from '../ui/button';
import { setConsent, useConsent } from './consent';
import { agree } from './me';

/**
 * Asks, below the list and once, whether the visitor lets others have something of their likes. Nothing waits for the answer,
 * and nothing is sent before it.
 */
export function ConsentCard({
  mayAsk,
}: {
  /** Whether there is anything to be told of: a first like. */ mayAsk: boolean;
}) {
  const consent = useConsent();
  const [answered, setAnswered] = useState<'yes' | 'no' | null>(null);
  const [isSending, setIsSending] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const thanks = useRef<HTMLParagraphElement>(null);

  const settle = (answer: 'yes' | 'no') => {
    setAnswered(answer);
    // The button that had the focus is gone.
    requestAnimationFrame(() => thanks.current?.focus());
  };
  const onYes = async () => {
    setIsSending(true);
    setProblem(null);
    try {
      await agree();
      settle('yes');
    } catch (error) {
      setProblem(asInkpickError(error).message);
    } finally {
      setIsSending(false);
    }
  };
  const onNo = () => {
    setConsent('no');
    settle('no');
  };

  if (answered && consent === answered) {
    return (
      <p ref={thanks} tabIndex={-1} className="mt-12 border-line border-t pt-5 text-quiet text-sm outline-none">
        {answered === 'yes'
          ? 'Thank you. All of it can be seen, and erased, at '
          : 'Nothing is sent. Should you change your mind, it is at '}
        <YourData>Your data</YourData>.
      </p>
    );
  }
  if (consent !== null || !mayAsk) return null;
  return (
    <section
      aria-labelledby="consent-heading"
      className="mt-12 grid gap-x-10 gap-y-4 border-line border-t pt-6 sm:grid-cols-[minmax(0,1fr)_auto] sm:items-center"
    >
      <div className="max-w-2xl text-pretty">
        <h2 id="consent-heading" className="font-display text-xl">
          May others profit from your likes?
        </h2>
        <p className="mt-1.5 text-quiet text-sm leading-6">
          This page would tell its server what you are shown, open and like here, under a random number and never your
          name. That is how it learns what is popular now and which new items are worth a look, and how friends can
          follow each other. <YourData>What exactly, and how to take it back</YourData>.
        </p>
        {problem && (
          <p role="alert" className="mt-2 text-sm">
            That did not work: {problem}
          </p>
        )}
      </div>
      <div className="flex gap-2.5">
        <Button onClick={onYes} disabled={isSending}>
          Yes, gladly
        </Button>
        <Button onClick={onNo} disabled={isSending}>
          No, thanks
        </Button>
      </div>
    </section>
  );
}

const YourData = ({ children }: { children: string }) => (
  <Link href="/your-data" prefetch={false} className="text-ink underline underline-offset-2 hover:text-accent">
    {children}
  </Link>
);
