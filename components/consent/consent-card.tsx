'use client';

import Link from 'next/link';
import { useRef, useState } from 'react';
import { asInkpickError } from '../engine/use-domain';
import { Button } from '../ui/button';
import { setConsent, useConsent } from './consent';
import { agree } from './consent-api';

/** Asks for consent below the list, once. It blocks nothing, and nothing is sent before the visitor agrees. */
export function ConsentCard({
  mayAsk,
}: {
  /** True once there is something to send: a first like. */
  mayAsk: boolean;
}) {
  const consent = useConsent();
  const [answered, setAnswered] = useState<'yes' | 'no' | null>(null);
  const [isSending, setIsSending] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const thanks = useRef<HTMLParagraphElement>(null);

  const settle = (answer: 'yes' | 'no') => {
    setAnswered(answer);
    // The focused button is removed: move the focus to the message.
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
          ? 'Thank you. You can see and erase all of it on the page '
          : 'Nothing is sent. You can change your mind on the page '}
        <YourDataLink>Your data</YourDataLink>.
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
          May this site learn from what you do here?
        </h2>
        <p className="mt-1.5 text-quiet text-sm leading-6">
          If you agree, this page sends the server what you are shown, open and like here, under a random id and without
          your name. The server learns from it what is popular now and which new items people like, and friends can
          follow each other. <YourDataLink>What exactly, and how to take it back</YourDataLink>.
        </p>
        {problem && (
          <p role="alert" className="mt-2 text-sm">
            That did not work: {problem}
          </p>
        )}
      </div>
      <div className="flex gap-2.5">
        <Button onClick={onYes} disabled={isSending}>
          I agree
        </Button>
        <Button onClick={onNo} disabled={isSending}>
          No, thanks
        </Button>
      </div>
    </section>
  );
}

const YourDataLink = ({ children }: { children: string }) => (
  <Link href="/your-data" prefetch={false} className="text-ink underline underline-offset-2 hover:text-accent">
    {children}
  </Link>
);
