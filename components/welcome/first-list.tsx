'use client';

import { ArrowRight } from 'lucide-react';
import Link from 'next/link';
import { useEffect, useRef, useState } from 'react';
import type { DomainInfo } from '../../lib/contracts/engine';
import { asInkpickError } from '../engine/use-domain';
import { placeEvent } from '../events/shown-list';
import { track } from '../events/track';
import { trackTaste } from '../events/track-taste';
import type { Change, Saved } from '../picks/picks';
import { tasteStore, useOwnTaste } from '../picks/use-taste';
import { useTasteActions } from '../picks/use-taste-actions';
import { Card } from '../results/card';
import { Grid } from '../results/grid';
import { describeReason } from '../results/reason-text';
import { Button, buttonClass } from '../ui/button';
import { capitalise } from '../ui/text';
import { type FirstItem, fetchFirstList, type OnboardingInput } from './onboarding-api';

const SLOTS: Record<FirstItem['slot'], string> = {
  popular: 'Popular',
  interest: 'Your interests',
  explore: 'Something different',
};

/** The label above a card: what the item was chosen by. */
function labelOf({ slot, level }: FirstItem): string {
  if (level === 'taste') return 'Your taste';
  if (level === 'segment') return 'Others like you';
  return SLOTS[slot];
}

/** Last step of the welcome page: the first list, made by the server. */
export function FirstList({
  domain,
  input,
  onBack,
}: {
  domain: DomainInfo;
  input: OnboardingInput;
  onBack: () => void;
}) {
  const { choices, saved } = useOwnTaste(domain.id);
  const [items, setItems] = useState<FirstItem[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [attempt, setAttempt] = useState(0);
  const heading = useRef<HTMLHeadingElement>(null);
  const liked = new Set(choices.filter((choice) => choice.value > 0).map((choice) => choice.id));

  useEffect(() => heading.current?.focus(), []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new `attempt` fetches again after a failure.
  useEffect(() => {
    const abort = new AbortController();
    setProblem(null);
    fetchFirstList(domain.id, input, abort.signal).then(setItems, (error: unknown) => {
      if (!abort.signal.aborted) setProblem(asInkpickError(error).message);
    });
    return () => abort.abort();
  }, [domain.id, input, attempt]);

  const store = {
    change: (change: Change) => tasteStore(domain.id).change(change),
    changeSaved: (change: Change<Saved>) => tasteStore(domain.id).changeSaved(change),
  };
  const { onLike, onSave, onDislike, onHide } = useTasteActions(
    { choices, saved, ...store },
    {
      onChange: (change) => trackTaste(domain.id, choices, change),
      onSave: (item) => track(placeEvent({ kind: 'save', item }, domain.id, null)),
    },
  );
  const gone = new Set(choices.filter((choice) => choice.value <= 0).map((choice) => choice.id));
  const disliked = new Set(choices.filter((choice) => choice.value < 0).map((choice) => choice.id));
  const savedIds = new Set(saved.map(({ id }) => id));

  const usesTaste = items?.some(({ level }) => level === 'taste') ?? input.answers.some(({ value }) => value !== 0);

  const continueLink = (
    <Link href={`/${domain.id}`} className={buttonClass('solid')}>
      Go on to your recommendations
      <ArrowRight size={16} aria-hidden="true" />
    </Link>
  );

  return (
    <div className="pt-8 sm:pt-12">
      <div className="flex flex-wrap items-end justify-between gap-x-8 gap-y-4">
        <div>
          <h1
            ref={heading}
            tabIndex={-1}
            className="font-display text-[clamp(2.25rem,5vw,3.5rem)] leading-[1.05] tracking-tight outline-none"
          >
            A first list
          </h1>
          <p className="mt-3 max-w-xl text-pretty text-quiet">
            {usesTaste
              ? 'It is based on your answers and interests. '
              : 'Half of it is popular, about a third matches your interests, the rest is something different. '}
            Like what you know: from then on your own device makes the recommendations.
          </p>
        </div>
        <div className="flex flex-wrap gap-3">
          {continueLink}
          <Button onClick={onBack}>Change interests</Button>
        </div>
      </div>
      <div className="mt-8 min-h-[60dvh]">
        {problem ? (
          <div role="alert" className="border-accent border-l-4 bg-sheet px-5 py-4">
            <p className="font-semibold">The first list did not arrive.</p>
            <p className="mt-1 text-quiet text-sm">
              {problem} Your interests are saved; you can go on without the list.
            </p>
            <Button className="mt-3" onClick={() => setAttempt(attempt + 1)}>
              Try again
            </Button>
          </div>
        ) : items === null ? (
          <p role="status" className="text-quiet">
            Making your list
          </p>
        ) : (
          <>
            <h2 className="sr-only">{capitalise(domain.item.many)}</h2>
            <Grid wide>
              {items
                .filter((item) => !gone.has(item.id))
                .map((item) => (
                  <Card
                    key={item.id}
                    item={item}
                    label={labelOf(item)}
                    note={item.reasons[0] ? describeReason(item.reasons[0], domain, { disliked }) : ''}
                    liked={liked.has(item.id)}
                    saved={savedIds.has(item.id)}
                    onLike={onLike}
                    onSave={onSave}
                    onDislike={onDislike}
                    onHide={onHide}
                  />
                ))}
            </Grid>
          </>
        )}
      </div>
      {items && <div className="mt-10 flex justify-center">{continueLink}</div>}
    </div>
  );
}
