'use client';

import { ArrowRight, CircleHelp, Heart, ThumbsDown, Undo2 } from 'lucide-react';
import { useEffect, useId, useRef, useState } from 'react';
import type { DomainInfo } from '../../lib/contracts/engine';
import { Cover } from '../cover/cover';
import { asInkpickError } from '../engine/use-domain';
import { tasteStore, useOwnTaste } from '../picks/use-taste';
import { Button } from '../ui/button';
import { useStable } from '../ui/use-stable';
import { fetchQuestions, type OnboardingInput, type QuestionItem } from './onboarding-api';
import { type Answer, type AnswerValue, answerOfKey, describeProgress, firstUnsettled } from './quick-pick-answers';

const ANSWERS = [
  { value: -1, label: 'Not for me', Icon: ThumbsDown },
  { value: 0, label: 'Don’t know it', Icon: CircleHelp },
  { value: 1, label: 'Like', Icon: Heart },
] as const;

interface Reply {
  to: readonly Answer[];
  questions: QuestionItem[];
  problem: string | null;
}

/**
 * Second step of the welcome page: one question at a time, each chosen by the answers before it, answered with buttons
 * or arrow keys. `onFinish` is called when the server has enough answers or the visitor moves on.
 */
export function QuickPick({
  domain,
  interests,
  earlier,
  answers,
  onAnswers,
  onFinish,
}: {
  domain: DomainInfo;
  interests: readonly string[];
  /** Answers of an earlier round in this tab, which are picks already. */
  earlier: OnboardingInput['answers'];
  answers: readonly Answer<QuestionItem>[];
  onAnswers: (answers: Answer<QuestionItem>[]) => void;
  onFinish: () => void;
}) {
  const { choices } = useOwnTaste(domain.id);
  /** The last response, and the answers that it was a response to. */
  const [reply, setReply] = useState<Reply | null>(null);
  const [attempt, setAttempt] = useState(0);
  const heading = useRef<HTMLHeadingElement>(null);
  const finish = useStable(onFinish);
  const titleId = useId();

  useEffect(() => heading.current?.focus(), []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new `attempt` fetches again after a failure.
  useEffect(() => {
    const abort = new AbortController();
    const current = answers.map(({ item, value }) => ({ id: item.id, value }));
    // Picks stay on the device, so the server may propose them: ask for as many questions more.
    const spare = tasteStore(domain.id).getState().choices.length;
    fetchQuestions(domain.id, { interests, answers: [...earlier, ...current], spare }, abort.signal).then(
      ({ items, done }) => {
        if (done) finish();
        else setReply({ to: answers, questions: items, problem: null });
      },
      (error: unknown) => {
        if (abort.signal.aborted) return;
        const problem = asInkpickError(error).message;
        // Continue with the earlier questions, which are no longer the best ones.
        setReply((before) => ({ to: answers, questions: before?.questions ?? [], problem }));
      },
    );
    return () => abort.abort();
  }, [domain.id, interests, earlier, answers, attempt, finish]);

  const isAsking = reply?.to !== answers;
  const questions = reply?.questions ?? [];
  const settled = new Set([...choices, ...earlier, ...answers.map(({ item }) => item)].map(({ id }) => id));
  // Show the answered question until the next one has arrived.
  const answered = answers.at(-1)?.item;
  const question = isAsking && answered && questions.includes(answered) ? answered : firstUnsettled(questions, settled);

  const answer = (value: AnswerValue) => {
    if (question && !isAsking) onAnswers([...answers, { item: question, value }]);
  };

  const takeBack = () => {
    onAnswers(answers.slice(0, -1));
    // The Back button disappears with the last answer: move its focus.
    if (answers.length === 1) heading.current?.focus();
  };

  return (
    <section
      aria-labelledby={`${titleId}-step`}
      className="mx-auto max-w-3xl pt-6 sm:pt-14"
      onKeyDown={(event) => {
        const value = answerOfKey(event.key);
        if (value === undefined || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        answer(value);
      }}
    >
      <h1
        id={`${titleId}-step`}
        ref={heading}
        tabIndex={-1}
        className="font-display text-[clamp(2rem,5vw,3.5rem)] leading-[1.05] tracking-tight outline-none"
      >
        A quick pick
      </h1>
      <p className="mt-2 max-w-xl text-pretty text-quiet sm:mt-3">
        Each answer decides the next question. The server stores none of them; on this device they become your picks.
      </p>
      {question ? (
        <div className="mt-5 grid grid-cols-[minmax(0,1fr)] gap-x-10 gap-y-4 sm:mt-8 sm:grid-cols-[15rem_minmax(0,1fr)]">
          <h2 className="sr-only">Question {answers.length + 1}</h2>
          <div key={question.id} className="arriving mx-auto w-[min(15rem,52vw)] sm:w-full">
            <Cover item={question} />
          </div>
          <div className="flex min-w-0 flex-col sm:justify-end">
            <p className="truncate text-quiet text-sm max-sm:text-center">
              {[question.year, ...question.tags.slice(0, 3)].filter((part) => part !== null).join(' · ')}
            </p>
            <p role="status" id={titleId} className="mt-1 text-pretty font-display text-xl max-sm:sr-only sm:text-2xl">
              Do you like {question.title}?
            </p>
            <fieldset className="mt-3 sm:mt-5" aria-describedby={titleId}>
              <legend className="sr-only">Your answer</legend>
              <div className="grid grid-cols-3 gap-2.5">
                {ANSWERS.map(({ value, label, Icon }) => (
                  <button
                    key={value}
                    type="button"
                    aria-disabled={isAsking}
                    onClick={() => answer(value)}
                    className="flex min-h-16 flex-col items-center justify-center gap-1 rounded border border-ink/30 bg-sheet px-1 py-2 font-semibold text-sm transition-colors hover:border-ink active:bg-wash"
                  >
                    <Icon size={20} aria-hidden="true" className={value > 0 ? 'text-accent' : 'text-quiet'} />
                    {label}
                  </button>
                ))}
              </div>
            </fieldset>
            <p className="mt-3 text-quiet text-sm max-sm:hidden pointer-coarse:hidden">
              On a keyboard: ← not for me, ↓ don’t know it, → like
            </p>
          </div>
        </div>
      ) : reply?.problem ? (
        <div role="alert" className="mt-8 border-accent border-l-4 bg-sheet px-5 py-4">
          <p className="font-semibold">The next question did not arrive.</p>
          <p className="mt-1 text-quiet text-sm">
            {reply.problem} Your answers so far are used; you can go on to the list.
          </p>
          <Button className="mt-3" onClick={() => setAttempt(attempt + 1)}>
            Try again
          </Button>
        </div>
      ) : (
        <p role="status" className="mt-8 min-h-96 text-quiet">
          {isAsking ? 'Loading the first question' : 'There is nothing more to ask: you have picked everything.'}
        </p>
      )}
      <div className="mt-6 flex flex-wrap items-center justify-between gap-x-6 gap-y-2 border-line border-t py-4 sm:mt-10">
        <p className="text-quiet text-sm tabular-nums max-sm:w-full">{describeProgress([...earlier, ...answers])}</p>
        <div className="flex items-center justify-end gap-3 max-sm:w-full">
          {answers.length > 0 && (
            <Button look="quiet" onClick={takeBack}>
              <Undo2 size={16} aria-hidden="true" />
              Back
            </Button>
          )}
          <Button onClick={onFinish}>
            {answers.length > 0 ? 'On to the list' : 'Skip this step'}
            <ArrowRight size={16} aria-hidden="true" />
          </Button>
        </div>
      </div>
    </section>
  );
}
