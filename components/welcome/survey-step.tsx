'use client';

import { ArrowRight, Check } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import type { DomainInfo } from '../../lib/contracts/engine';
import { PALETTES, paletteOf } from '../cover/palettes';
import { Button, buttonClass } from '../ui/button';
import { describeChoice, isEnough, isFull, MAX_INTERESTS, MIN_INTERESTS, toggleInterest } from './survey';

/** First step of the welcome page: choose interests. `children` are shown below them. */
export function SurveyStep({
  domain,
  domains,
  chosen,
  setChosen,
  onContinue,
  children,
}: {
  domain: DomainInfo;
  domains: readonly DomainInfo[];
  chosen: string[];
  setChosen: (chosen: string[]) => void;
  onContinue: () => void;
  children?: ReactNode;
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
        Choose {MIN_INTERESTS} to {MAX_INTERESTS}. You get a first list from them. Their weight falls with every{' '}
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
      {children}
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
