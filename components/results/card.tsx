'use client';

import { Bookmark, CircleHelp, Ellipsis, ExternalLink, Heart } from 'lucide-react';
import { type ComponentProps, memo, useId, useRef, useState } from 'react';
import type { ItemSummary } from '../../lib/contracts/engine';
import { Cover } from '../cover/cover';
import { Button, buttonClass } from '../ui/button';
import { More } from './more';
import { Why } from './why';

/** What a card shows of an item. */
export type CardItem = Pick<ItemSummary, 'id' | 'title' | 'year' | 'creators' | 'tags' | 'links'>;

export interface CardActions {
  onLike: (item: CardItem) => void;
  onSave: (item: CardItem) => void;
  onDislike: (item: CardItem) => void;
  /** Hides it as not interesting. */
  onHide: (item: CardItem) => void;
  /** Called when its reasons are shown. */
  onOpen?: (item: CardItem) => void;
  /** Called when its link is followed. */
  onFollow?: (item: CardItem) => void;
}

/** Narrower where the card is narrow; larger on touch screens. */
const ACTION = 'min-w-0 max-w-9 flex-1 pointer-coarse:h-11 pointer-coarse:max-w-11';
/** With its name where there is room. */
const NAMED_ACTION = `${ACTION} px-0! @min-[14.5rem]/card:max-w-none! @min-[14.5rem]/card:flex-none @min-[14.5rem]/card:px-2.5!`;

/**
 * One item. Cards of every kind (popular, personal, from the survey) have the same height, so that one list can replace
 * another without moving anything.
 */
export const Card = memo(function Card({
  item,
  why,
  note,
  label,
  liked,
  saved,
  onLike,
  onSave,
  onDislike,
  onHide,
  onOpen,
  onFollow,
}: CardActions & {
  item: CardItem;
  /** The content of its back, where the engine ranked it. */
  why?: Omit<ComponentProps<typeof Why>, 'id' | 'onClose'>;
  /** The reason it is in the list. */
  note: string;
  /** The line before the note. */
  label?: string;
  liked: boolean;
  saved: boolean;
}) {
  /** The panel over the cover. */
  const [over, setOver] = useState<'why' | 'more' | null>(null);
  const [nameId, whyId, moreId] = [useId(), useId(), useId()];
  const more = useRef<HTMLButtonElement>(null);
  const link = Object.entries(item.links)[0];

  const closeMore = () => {
    setOver(null);
    // The panel had the focus. If the card is removed too, the grid moves the focus to the same button of the next
    // card.
    more.current?.focus({ preventScroll: true });
  };

  return (
    <li aria-labelledby={nameId} data-item={item.id} className="card arriving @container/card flex min-w-0 flex-col">
      <span id={nameId} hidden>
        {item.title}
        {item.year !== null && ` (${item.year})`}
      </span>
      <Cover item={item}>
        {over === 'why' && why && <Why {...why} id={whyId} onClose={() => setOver(null)} />}
        {over === 'more' && (
          <More
            id={moreId}
            title={item.title}
            link={link}
            onDislike={() => {
              closeMore();
              onDislike(item);
            }}
            onHide={() => {
              closeMore();
              onHide(item);
            }}
            onFollow={() => onFollow?.(item)}
            onClose={closeMore}
          />
        )}
      </Cover>
      <div className="-mx-2 my-1 flex items-center">
        <Button
          look="quiet"
          aria-label={`Like ${item.title}`}
          aria-pressed={liked}
          title={liked ? 'You like it' : 'Like'}
          onClick={() => onLike(item)}
          className={`${NAMED_ACTION} aria-pressed:text-accent`}
        >
          <Heart size={16} aria-hidden="true" fill={liked ? 'currentColor' : 'none'} />
          <span className="@max-[14.5rem]/card:hidden">Like</span>
        </Button>
        <Button
          look="icon"
          aria-label={`Save ${item.title} for later`}
          aria-pressed={saved}
          title={saved ? 'Saved for later' : 'Save for later'}
          onClick={() => onSave(item)}
          className={`${ACTION} aria-pressed:text-accent`}
        >
          <Bookmark size={16} aria-hidden="true" fill={saved ? 'currentColor' : 'none'} />
        </Button>
        {why && (
          <Button
            look="icon"
            aria-label={`Why ${item.title}`}
            title="Why this?"
            aria-expanded={over === 'why'}
            aria-controls={over === 'why' ? whyId : undefined}
            onClick={() => {
              if (over !== 'why') onOpen?.(item);
              setOver(over === 'why' ? null : 'why');
            }}
            className={ACTION}
          >
            <CircleHelp size={16} aria-hidden="true" />
          </Button>
        )}
        {link && (
          <a
            href={link[1]}
            target="_blank"
            rel="noopener noreferrer"
            aria-label={`${item.title} on ${link[0]}, opens in a new tab`}
            title={`More on ${link[0]}`}
            onClick={() => onFollow?.(item)}
            // The middle mouse button opens it too.
            onAuxClick={(event) => event.button === 1 && onFollow?.(item)}
            className={buttonClass('icon', `${ACTION} ml-auto @max-[12rem]/card:hidden`)}
          >
            <ExternalLink size={16} aria-hidden="true" />
          </a>
        )}
        <Button
          ref={more}
          look="icon"
          aria-label={`More about ${item.title}`}
          title="Not interested, dislike"
          aria-expanded={over === 'more'}
          aria-controls={over === 'more' ? moreId : undefined}
          onClick={() => setOver(over === 'more' ? null : 'more')}
          className={`${ACTION} ${link ? '@max-[12rem]/card:ml-auto' : 'ml-auto'}`}
        >
          <Ellipsis size={16} aria-hidden="true" />
        </Button>
      </div>
      <p className="h-5 truncate text-quiet text-sm leading-5" title={item.tags.join(', ')}>
        {[item.year, ...item.tags.slice(0, 3)].filter((part) => part !== null).join(' · ')}
      </p>
      <div className="mt-0.5 h-10 text-sm leading-5" title={note}>
        {label && <p className="truncate font-semibold text-accent">{label}</p>}
        <p className={label ? 'truncate' : 'line-clamp-2'}>{note}</p>
      </div>
    </li>
  );
});
