'use client';

import { CircleHelp, ExternalLink, Heart, ThumbsDown } from 'lucide-react';
import { type ComponentProps, memo, useId, useState } from 'react';
import type { ItemSummary } from '../../lib/contracts/engine';
import { Cover } from '../cover/cover';
import { Button, buttonClass } from '../ui/button';
import { Why } from './why';

/** What a card shows of an item. */
export type CardItem = Pick<ItemSummary, 'id' | 'title' | 'year' | 'creators' | 'tags' | 'links'>;

export interface CardActions {
  onLike: (item: CardItem) => void;
  onDislike: (item: CardItem) => void;
  /** Its reasons are shown. */
  onOpen?: (item: CardItem) => void;
  /** Its link is followed. */
  onFollow?: (item: CardItem) => void;
}

/**
 * One item. Cards of every kind (popular, personal, from the survey) have the same height, so that one list
 * can take the place of another without moving anything.
 */
export const Card = memo(function Card({
  item,
  why,
  note,
  label,
  liked,
  onLike,
  onDislike,
  onOpen,
  onFollow,
}: CardActions & {
  item: CardItem;
  /** What its back says, where the engine ranked it. */
  why?: Omit<ComponentProps<typeof Why>, 'id' | 'onClose'>;
  /** Why it is here. */
  note: string;
  /** Stands before the note. */
  label?: string;
  liked: boolean;
}) {
  const [open, setOpen] = useState(false);
  const [nameId, whyId] = [useId(), useId()];
  const link = Object.entries(item.links)[0];

  return (
    <li aria-labelledby={nameId} data-item={item.id} className="card arriving flex min-w-0 flex-col">
      <span id={nameId} hidden>
        {item.title}
        {item.year !== null && ` (${item.year})`}
      </span>
      <Cover item={item}>{open && why && <Why {...why} id={whyId} onClose={() => setOpen(false)} />}</Cover>
      <div className="-mx-2 my-1 flex items-center">
        <Button
          look="quiet"
          aria-label={`Like ${item.title}`}
          aria-pressed={liked}
          onClick={() => onLike(item)}
          className="aria-pressed:text-accent"
        >
          <Heart size={16} aria-hidden="true" fill={liked ? 'currentColor' : 'none'} />
          Like
        </Button>
        <Button look="icon" aria-label={`Dislike ${item.title}`} title="Not for me" onClick={() => onDislike(item)}>
          <ThumbsDown size={16} aria-hidden="true" />
        </Button>
        {why && (
          <Button
            look="icon"
            aria-label={`Why ${item.title}`}
            title="Why this?"
            aria-expanded={open}
            aria-controls={open ? whyId : undefined}
            onClick={() => {
              if (!open) onOpen?.(item);
              setOpen(!open);
            }}
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
            title={`Read on at ${link[0]}`}
            onClick={() => onFollow?.(item)}
            // The middle button opens it too.
            onAuxClick={(event) => event.button === 1 && onFollow?.(item)}
            className={buttonClass('icon', 'ml-auto')}
          >
            <ExternalLink size={16} aria-hidden="true" />
          </a>
        )}
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
