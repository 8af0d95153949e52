'use client';

import { Eye, Heart, Plus, ThumbsDown, X } from 'lucide-react';
import Link from 'next/link';
import { memo, type ReactNode, useId, useState } from 'react';
import type { DomainInfo, ItemSummary } from '../../lib/contracts/engine';
import type { PageState } from '../link/use-page-state';
import { Button } from '../ui/button';
import { count, withArticle } from '../ui/text';
import { hasSurvey } from '../welcome/survey';
import { ItemList, type Row, type RowAction } from './item-list';
import { PART_LABELS, PartTabs } from './part-tabs';
import { type Choice, isPick, type Saved } from './picks';
import type { Part, TasteActions } from './use-taste-actions';

const STARTERS = 6;

/**
 * The visitor's lists, one at a time: picks, saved items, hidden items. A column on wide screens; a row of fixed height
 * on phones, so that nothing jumps.
 */
export const PicksPanel = memo(function PicksPanel({
  domain,
  page,
  unknown,
  starters,
  actions,
  onFollow,
}: {
  domain: DomainInfo;
  page: PageState;
  /** Ids that the engine does not know. */
  unknown: ReadonlySet<string>;
  starters: readonly ItemSummary[];
  actions: TasteActions;
  /** Called when the link of a saved item is followed. */
  onFollow: (item: { id: string }) => void;
}) {
  const { choices, saved, interests, ready } = page;
  const [part, setPart] = useState<Part>('picks');
  const panelId = useId();
  const picks = choices.filter(isPick);
  const hidden = choices.filter((choice) => !isPick(choice));
  const sizes: Record<Part, number> = { picks: picks.length, saved: saved.length, hidden: hidden.length };
  // Most visitors hide nothing: they do not need the tab.
  const parts: Part[] = hidden.length > 0 || part === 'hidden' ? ['picks', 'saved', 'hidden'] : ['picks', 'saved'];
  const clearing = part === 'hidden' ? 'Show all' : 'Clear';

  const rowOf = (choice: Choice): Row => {
    const { id, value, item } = choice;
    const name = item?.title ?? id;
    const isMissing = unknown.has(id) || (item === null && page.resolved);
    const rowActions: RowAction[] = [];
    if (item && !isMissing) {
      rowActions.push({
        ...{ label: `Like ${name}`, icon: Heart, pressed: value > 0 },
        onClick: () => actions.onPick(item),
      });
    }
    if (item && !isMissing && isPick(choice)) {
      rowActions.push({
        ...{ label: `Dislike ${name}`, icon: ThumbsDown, pressed: value < 0 },
        onClick: () => actions.onDislike(item),
      });
    }
    const takeBack = isPick(choice) ? { label: `Remove ${name}`, icon: X } : { label: `Show ${name} again`, icon: Eye };
    rowActions.push({ ...takeBack, onClick: () => actions.onRemove(choice) });
    return {
      id,
      item,
      isStruck: value < 0,
      line: isMissing ? 'not in this catalogue' : [item?.year, value < 0 && 'disliked'].filter(Boolean).join(' · '),
      actions: rowActions,
    };
  };
  const savedRowOf = ({ id, item }: Saved): Row => {
    const isLiked = picks.some((pick) => pick.id === id && pick.value > 0);
    return {
      id,
      item,
      line: [item.year, ...item.tags.slice(0, 2)].filter((one) => one !== null).join(' · '),
      link: Object.entries(item.links)[0],
      onFollow: () => onFollow(item),
      actions: [
        { label: `Like ${item.title}`, pressed: isLiked, icon: Heart, onClick: () => actions.onLike(item) },
        { label: `Remove ${item.title} from saved`, icon: X, onClick: () => actions.onSave(item) },
      ],
    };
  };

  return (
    <section aria-labelledby="picks-heading" className="min-w-0 max-lg:min-h-40">
      <h2 id="picks-heading" className="sr-only">
        Your picks, saved and hidden {domain.item.many}
      </h2>
      <div className="flex items-center justify-between border-line border-b">
        <PartTabs
          parts={parts.map((one) => ({ part: one, size: sizes[one] }))}
          current={part}
          panelId={panelId}
          onChange={setPart}
        />
        {sizes[part] > 1 && (
          <Button
            look="quiet"
            aria-label={`${clearing} ${clearing === 'Clear' ? 'all ' : ''}${count(sizes[part])}`}
            onClick={() => actions.onClear(part)}
            className="-mr-2.5"
          >
            {clearing}
          </Button>
        )}
      </div>

      <div id={panelId} role="tabpanel" aria-label={PART_LABELS[part]}>
        {part === 'picks' && (
          <>
            {interests.length > 0 && <Interests page={page} />}
            {ready && picks.length === 0 && <Start domain={domain} page={page} starters={starters} actions={actions} />}
            {picks.length > 0 && <ItemList label="Your picks" rows={picks.map(rowOf)} />}
          </>
        )}
        {part === 'saved' &&
          (saved.length > 0 ? (
            <ItemList label="Saved for later" rows={saved.map(savedRowOf)} />
          ) : (
            <Note>
              Nothing saved yet. The bookmark under a cover saves {withArticle(domain.item.one)} here for later.
            </Note>
          ))}
        {part === 'hidden' &&
          (hidden.length > 0 ? (
            <ItemList label="Hidden" rows={hidden.map(rowOf)} />
          ) : (
            <Note>Nothing is hidden. What you mark as not interesting is listed here, and can be shown again.</Note>
          ))}
      </div>
      {ready && !page.isStored && choices.length + saved.length > 0 && (
        <p className="mt-3 text-quiet text-xs">
          This browser stores nothing for the page. Your picks are gone when you close it; a copied link keeps them.
        </p>
      )}
    </section>
  );
});

function Note({ children }: { children: ReactNode }) {
  return <p className="mt-3 text-quiet text-sm leading-6">{children}</p>;
}

function Interests({ page: { interests, setInterests } }: { page: PageState }) {
  return (
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
            onClick={() => setInterests(interests.filter((other) => other !== interest))}
            className="flex size-8 items-center justify-center text-quiet hover:text-ink"
          >
            <X size={14} aria-hidden="true" />
          </button>
        </span>
      ))}
    </div>
  );
}

/** A few items to start with, while there are no picks. */
function Start({
  domain,
  page: { interests },
  starters,
  actions,
}: {
  domain: DomainInfo;
  page: PageState;
  starters: readonly ItemSummary[];
  actions: TasteActions;
}) {
  return (
    <div className="mt-2">
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
              onClick={() => actions.onPick(item)}
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
  );
}
