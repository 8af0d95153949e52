'use client';

import { Heart, Plus, ThumbsDown, X } from 'lucide-react';
import Link from 'next/link';
import { memo, useEffect, useRef, useState } from 'react';
import type { DomainInfo, Interest, ItemSummary } from '../../lib/contracts/engine';
import { Stamp } from '../cover/cover';
import type { PageState } from '../link/use-page-state';
import { Button } from '../ui/button';
import { count, withArticle } from '../ui/text';
import { hasSurvey } from '../welcome/survey';
import type { Choice, PickedItem } from './picks';

const PAGE = 30;
const STARTERS = 6;

export interface PickActions {
  onLike: (item: PickedItem) => void;
  onDislike: (item: PickedItem) => void;
  onRemove: (choice: Choice) => void;
  onClear: () => void;
  onInterests: (interests: Interest[]) => void;
}

/** What the visitor said so far. A column on wide screens; a row of fixed height on phones, so nothing jumps. */
export const PicksPanel = memo(function PicksPanel({
  domain,
  page,
  unknown,
  starters,
  actions,
}: {
  domain: DomainInfo;
  page: PageState;
  /** Ids that the engine said it does not hold. */
  unknown: ReadonlySet<string>;
  starters: readonly ItemSummary[];
  actions: PickActions;
}) {
  const { choices, interests, ready } = page;
  const [shown, setShown] = useState(PAGE);
  const empty = ready && choices.length === 0;

  return (
    <section aria-labelledby="picks-heading" className="min-w-0 max-lg:min-h-40">
      <div className="flex min-h-9 items-center justify-between">
        <h2 id="picks-heading" className="font-display text-xl">
          Your picks
        </h2>
        {choices.length > 1 && (
          <Button look="quiet" onClick={actions.onClear} className="-mr-2.5">
            Clear all {count(choices.length)}
          </Button>
        )}
      </div>

      {interests.length > 0 && (
        <div className="mt-1 flex items-center gap-1.5 overflow-x-auto py-1 text-sm lg:flex-wrap">
          <span className="whitespace-nowrap text-quiet">From your survey:</span>
          {interests.map((interest) => (
            <span
              key={interest.id}
              className="flex items-center whitespace-nowrap rounded-full border border-line bg-sheet pl-3"
            >
              {interest.label}
              <button
                type="button"
                aria-label={`Remove interest ${interest.label}`}
                onClick={() => actions.onInterests(interests.filter((other) => other !== interest))}
                className="flex size-8 items-center justify-center text-quiet hover:text-ink"
              >
                <X size={14} aria-hidden="true" />
              </button>
            </span>
          ))}
        </div>
      )}

      {empty && (
        <div className="mt-1">
          <p className={`text-quiet text-sm leading-6 ${interests.length > 0 ? 'max-lg:hidden' : ''}`}>
            Nothing here yet. Name {withArticle(domain.item.one)} you like, or start with one of these
            {interests.length === 0 && hasSurvey(domain) && (
              <>
                , or{' '}
                <Link
                  href={`/welcome?domain=${domain.id}`}
                  className="text-ink underline underline-offset-2 hover:text-accent"
                >
                  take the short survey
                </Link>
              </>
            )}
            .
          </p>
          <ul aria-label="Start with" className="mt-3 flex gap-2 max-lg:overflow-x-auto max-lg:pb-2 lg:flex-wrap">
            {starters.slice(0, STARTERS).map((item) => (
              <li key={item.id} className="min-w-0 max-w-full shrink-0">
                <button
                  type="button"
                  onClick={() => actions.onLike(item)}
                  aria-label={`Start with ${item.title}`}
                  className="flex min-h-9 max-w-full items-center gap-1.5 rounded-full border border-ink/25 py-1 pr-3.5 pl-2.5 text-sm hover:border-ink hover:bg-sheet"
                >
                  <Plus size={15} aria-hidden="true" className="shrink-0 text-accent" />
                  <span className="truncate">{item.title}</span>
                </button>
              </li>
            ))}
          </ul>
        </div>
      )}

      {choices.length > 0 && (
        <PickList choices={choices.slice(0, shown)} page={page} unknown={unknown} actions={actions} />
      )}
      {choices.length > shown && (
        <Button look="quiet" onClick={() => setShown(shown + PAGE)} className="mt-2 -ml-2.5">
          Show {count(Math.min(PAGE, choices.length - shown))} more of {count(choices.length)}
        </Button>
      )}
      {ready && !page.kept && choices.length > 0 && (
        <p className="mt-3 text-quiet text-xs">
          This browser keeps no storage for the page: the picks last until you close it, or longer in a copied link.
        </p>
      )}
    </section>
  );
});

function PickList({
  choices,
  page,
  unknown,
  actions,
}: {
  choices: readonly Choice[];
  page: PageState;
  unknown: ReadonlySet<string>;
  actions: PickActions;
}) {
  const list = useRef<HTMLUListElement>(null);
  /** Row whose removal took the focus away; the next one gets it. */
  const removed = useRef<number | null>(null);

  useEffect(() => {
    if (removed.current === null || document.activeElement !== document.body) return;
    const rows = list.current?.children;
    const row = rows?.[Math.min(removed.current, rows.length - 1)];
    (row?.querySelector('[aria-label^="Remove"]') as HTMLElement | null)?.focus();
    removed.current = null;
  });

  return (
    <ul
      ref={list}
      aria-labelledby="picks-heading"
      className="mt-2 flex max-lg:-mx-4 max-lg:gap-2 max-lg:overflow-x-auto max-lg:px-4 max-lg:pb-2 lg:flex-col lg:divide-y lg:divide-line"
    >
      {choices.map((choice, index) => {
        const missing = unknown.has(choice.id) || (choice.item === null && page.resolved);
        const name = choice.item?.title ?? choice.id;
        return (
          <li
            key={choice.id}
            className="flex items-center gap-3 max-lg:w-72 max-lg:shrink-0 max-lg:rounded-lg max-lg:border max-lg:border-line max-lg:bg-sheet max-lg:px-3 max-lg:py-1 lg:py-2.5"
          >
            {choice.item ? (
              <Stamp item={choice.item} />
            ) : (
              <span aria-hidden="true" className="aspect-[3/4] w-8 shrink-0 rounded-[2px] bg-wash" />
            )}
            <span className="min-w-0 flex-1">
              <span
                dir="auto"
                title={name}
                className={`line-clamp-2 break-words text-sm leading-[1.15rem] ${choice.value < 0 ? 'text-quiet line-through' : 'font-medium'}`}
              >
                {name}
              </span>
              <span className="block truncate text-quiet text-xs">
                {missing
                  ? 'not in this catalogue'
                  : [choice.item?.year, choice.value < 0 && 'not for me'].filter(Boolean).join(' · ')}
              </span>
            </span>
            <span className="-mr-2 flex">
              {!missing && choice.item && (
                <>
                  <Toggle
                    label={`Like ${name}`}
                    pressed={choice.value > 0}
                    icon={Heart}
                    onClick={() => choice.item && actions.onLike(choice.item)}
                  />
                  <Toggle
                    label={`Dislike ${name}`}
                    pressed={choice.value < 0}
                    icon={ThumbsDown}
                    onClick={() => choice.item && actions.onDislike(choice.item)}
                  />
                </>
              )}
              <button
                type="button"
                aria-label={`Remove ${name}`}
                onClick={() => {
                  removed.current = index;
                  actions.onRemove(choice);
                }}
                className="flex h-9 w-8 items-center justify-center rounded-full text-quiet hover:bg-wash hover:text-ink"
              >
                <X size={16} aria-hidden="true" />
              </button>
            </span>
          </li>
        );
      })}
    </ul>
  );
}

function Toggle({
  label,
  pressed,
  icon: Icon,
  onClick,
}: {
  label: string;
  pressed: boolean;
  icon: typeof Heart;
  onClick: () => void;
}) {
  return (
    <button
      type="button"
      aria-label={label}
      aria-pressed={pressed}
      onClick={onClick}
      className="flex h-9 w-8 items-center justify-center rounded-full text-quiet hover:bg-wash hover:text-ink aria-pressed:text-accent"
    >
      <Icon size={15} aria-hidden="true" fill={pressed ? 'currentColor' : 'none'} />
    </button>
  );
}
