'use client';

import { ArrowRight, Check } from 'lucide-react';
import Link from 'next/link';
import { useSearchParams } from 'next/navigation';
import { useEffect, useRef, useState } from 'react';
import type { DomainInfo } from '../../lib/contracts/engine';
import { PALETTES, paletteOf } from '../cover/palettes';
import { asInkpickError } from '../engine/use-domain';
import { dislike, like, type PickedItem, remove } from '../picks/picks';
import { tasteStore, useOwnTaste } from '../picks/use-taste';
import { Card } from '../results/card';
import { Grid } from '../results/grid';
import { describeReason } from '../results/reasons';
import { SiteHeader } from '../site/site-header';
import { Button, buttonClass } from '../ui/button';
import { toast } from '../ui/toasts';
import { type FirstItem, fetchFirstList } from './first-list';
import { describeChoice, hasSurvey, isEnough, isFull, MAX_INTERESTS, MIN_INTERESTS, toggleInterest } from './survey';

/** In the address while the list is shown, so that a reload shows it again. */
const LIST_HASH = '#list';

const SLOTS: Record<FirstItem['slot'], string> = {
  popular: 'Popular',
  interest: 'Your interests',
  explore: 'Something different',
};

/** The survey of `/welcome?domain=…`: interests first, then a first list from the server. One domain at least has a survey. */
export function Welcome({ domains }: { domains: readonly DomainInfo[] }) {
  const asked = useSearchParams().get('domain');
  const surveyed = domains.filter(hasSurvey);
  const domain = surveyed.find(({ id }) => id === asked) ?? surveyed[0];
  return (
    <>
      <SiteHeader domains={domains} current={domain.id} />
      <main id="main" tabIndex={-1} className="page outline-none">
        <Steps key={domain.id} domain={domain} domains={surveyed} />
      </main>
    </>
  );
}

function Steps({ domain, domains }: { domain: DomainInfo; domains: readonly DomainInfo[] }) {
  const { ready, interests } = useOwnTaste(domain.id);
  const [chosen, setChosen] = useState<string[]>([]);
  const [step, setStep] = useState<'survey' | 'list'>('survey');

  // What was said before is still ticked.
  const seeded = useRef(false);
  useEffect(() => {
    if (!ready || seeded.current) return;
    seeded.current = true;
    const known = interests.filter(({ id }) => domain.interests.some((interest) => interest.id === id));
    const ids = known.map(({ id }) => id).slice(0, MAX_INTERESTS);
    setChosen(ids);
    if (window.location.hash === LIST_HASH && isEnough(ids)) setStep('list');
  }, [ready, interests, domain]);

  const go = (next: typeof step) => {
    if (next === 'list') tasteStore(domain.id).setInterests(domain.interests.filter(({ id }) => chosen.includes(id)));
    window.history.replaceState(
      window.history.state,
      '',
      next === 'list' ? LIST_HASH : window.location.pathname + window.location.search,
    );
    setStep(next);
    window.scrollTo({ top: 0 });
  };

  return step === 'list' ? (
    <FirstList domain={domain} chosen={chosen} onBack={() => go('survey')} />
  ) : (
    <Survey domain={domain} domains={domains} chosen={chosen} setChosen={setChosen} onContinue={() => go('list')} />
  );
}

function Survey({
  domain,
  domains,
  chosen,
  setChosen,
  onContinue,
}: {
  domain: DomainInfo;
  domains: readonly DomainInfo[];
  chosen: string[];
  setChosen: (chosen: string[]) => void;
  onContinue: () => void;
}) {
  const others = domains.filter(({ id }) => id !== domain.id);
  return (
    <form
      className="mx-auto max-w-4xl pt-10 sm:pt-16"
      onSubmit={(event) => {
        event.preventDefault();
        if (isEnough(chosen)) onContinue();
      }}
    >
      <h1 className="font-display text-[clamp(2.25rem,5vw,3.5rem)] leading-[1.05] tracking-tight">
        What kind of {domain.item.many} do you like?
      </h1>
      <p id="survey-hint" className="mt-3 text-pretty text-quiet">
        Choose {MIN_INTERESTS} to {MAX_INTERESTS}. They give you a first list, and weigh less with every{' '}
        {domain.item.one} you pick.
      </p>
      <fieldset className="mt-8" aria-describedby="survey-hint">
        <legend className="sr-only">Interests</legend>
        <div className="grid grid-cols-2 gap-3 sm:grid-cols-4">
          {domain.interests.map(({ id, label }) => {
            const checked = chosen.includes(id);
            const { ground, ink } = PALETTES[paletteOf(label)];
            return (
              <label
                key={id}
                style={{ '--ground': ground, '--cover-ink': ink }}
                className="relative flex min-h-20 items-end overflow-hidden rounded border border-line bg-sheet p-3 pl-5 font-display text-lg leading-tight transition-colors before:absolute before:inset-y-0 before:left-0 before:w-2 before:bg-(--ground) hover:border-ink has-checked:border-ink has-checked:bg-(--ground) has-checked:text-(--cover-ink) has-disabled:opacity-40 has-focus-visible:outline-2 has-focus-visible:outline-accent has-focus-visible:outline-offset-2"
              >
                <input
                  type="checkbox"
                  name="interest"
                  value={id}
                  checked={checked}
                  disabled={!checked && isFull(chosen)}
                  onChange={() => setChosen(toggleInterest(chosen, id))}
                  className="absolute inset-0 cursor-pointer appearance-none opacity-0 disabled:cursor-default"
                />
                <span className="min-w-0 break-words">{label}</span>
                {checked && <Check size={20} aria-hidden="true" className="absolute top-3 right-3" />}
              </label>
            );
          })}
        </div>
      </fieldset>
      <div className="sticky bottom-0 mt-6 flex flex-wrap items-center justify-between gap-x-6 gap-y-2 border-line border-t bg-paper py-4">
        <p role="status" className="text-quiet text-sm tabular-nums">
          {describeChoice(chosen)}
        </p>
        <div className="flex items-center gap-3">
          <Link href={`/${domain.id}`} className={buttonClass('quiet')}>
            Skip
          </Link>
          <Button type="submit" look="solid" disabled={!isEnough(chosen)}>
            Continue
            <ArrowRight size={16} aria-hidden="true" />
          </Button>
        </div>
      </div>
      {others.length > 0 && (
        <p className="mt-4 text-quiet text-sm">
          Here for something else?{' '}
          {others.map(({ id, label }, i) => (
            <span key={id}>
              {i > 0 && ', '}
              <Link href={`/welcome?domain=${id}`} className="text-ink underline underline-offset-2 hover:text-accent">
                {label}
              </Link>
            </span>
          ))}
        </p>
      )}
    </form>
  );
}

function FirstList({ domain, chosen, onBack }: { domain: DomainInfo; chosen: string[]; onBack: () => void }) {
  const { choices } = useOwnTaste(domain.id);
  const [items, setItems] = useState<FirstItem[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [attempt, setAttempt] = useState(0);
  const heading = useRef<HTMLHeadingElement>(null);
  const liked = new Set(choices.filter((choice) => choice.value > 0).map((choice) => choice.id));

  useEffect(() => heading.current?.focus(), []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `attempt` asks again after a failure.
  useEffect(() => {
    const abort = new AbortController();
    setProblem(null);
    fetchFirstList(domain.id, chosen, abort.signal).then(setItems, (error: unknown) => {
      if (!abort.signal.aborted) setProblem(asInkpickError(error).message);
    });
    return () => abort.abort();
  }, [domain.id, chosen, attempt]);

  const onLike = (item: PickedItem) => {
    const store = tasteStore(domain.id);
    const undo = store.change(liked.has(item.id) ? remove(item.id) : like(item, Date.now()));
    toast(liked.has(item.id) ? `${item.title} is out of your picks` : `You like ${item.title}`, {
      label: 'Undo',
      run: undo,
    });
  };
  const onDislike = (item: PickedItem) => {
    const store = tasteStore(domain.id);
    const undo = store.change(dislike(item, Date.now()));
    toast(`${item.title} is not for you`, { label: 'Undo', run: undo });
  };
  const disliked = new Set(choices.filter((choice) => choice.value < 0).map((choice) => choice.id));

  const goOn = (
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
            Half of it is popular, a third or so follows your interests, the rest is something different. Like what you
            know: from then on your own device does the choosing.
          </p>
        </div>
        <div className="flex flex-wrap gap-3">
          {goOn}
          <Button onClick={onBack}>Change interests</Button>
        </div>
      </div>
      <div className="mt-8 min-h-[60dvh]">
        {problem ? (
          <div role="alert" className="border-accent border-l-4 bg-sheet px-5 py-4">
            <p className="font-semibold">The first list did not arrive.</p>
            <p className="mt-1 text-quiet text-sm">
              {problem} Your interests are kept; you can go on without the list.
            </p>
            <Button className="mt-3" onClick={() => setAttempt(attempt + 1)}>
              Try again
            </Button>
          </div>
        ) : items === null ? (
          <p role="status" className="text-quiet">
            Putting the list together
          </p>
        ) : (
          <Grid wide>
            {items
              .filter((item) => !disliked.has(item.id))
              .map((item) => (
                <Card
                  key={item.id}
                  item={item}
                  label={SLOTS[item.slot]}
                  note={item.reasons[0] ? describeReason(item.reasons[0], domain) : ''}
                  liked={liked.has(item.id)}
                  onLike={onLike}
                  onDislike={onDislike}
                />
              ))}
          </Grid>
        )}
      </div>
      {items && <div className="mt-10 flex justify-center">{goOn}</div>}
    </div>
  );
}
