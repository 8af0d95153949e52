import type { ReactNode } from 'react';
import type { ItemSummary } from '../../lib/contracts/engine';
import { designCover } from './design';
import { titleSize } from './title-size';

type Covered = Pick<ItemSummary, 'id' | 'title' | 'creators' | 'tags'>;

function Drawing({ item, className }: { item: Pick<Covered, 'id' | 'tags'>; className: string }) {
  const { palette, shapes } = designCover(item.id, item.tags);
  return (
    <svg viewBox="0 0 120 100" preserveAspectRatio="xMidYMid slice" aria-hidden="true" className={className}>
      {shapes.map((shape) => (
        <path key={shape.d} d={shape.d} fill={palette[shape.fill]} />
      ))}
    </svg>
  );
}

/** An item's cover with its title; `children` are placed over it. */
export function Cover({ item, children }: { item: Covered; children?: ReactNode }) {
  const { palette, titleFirst } = designCover(item.id, item.tags);
  return (
    <div
      className={`cover relative aspect-[3/4] ${titleFirst ? 'flex-col' : 'flex-col-reverse'}`}
      style={{ '--ground': palette.ground, '--cover-ink': palette.ink, '--title-size': titleSize(item.title) }}
    >
      <div className="flex flex-col gap-[3cqi] px-[8cqi] py-[7cqi]">
        <h3 dir="auto" title={item.title} className="cover-title">
          {item.title}
        </h3>
        <p dir="auto" className="line-clamp-2 font-medium text-[max(10.5px,5.2cqi)] leading-snug">
          {item.creators.slice(0, 2).join(', ')}
        </p>
      </div>
      <Drawing item={item} className="min-h-[22cqi] w-full flex-1" />
      {children}
    </div>
  );
}

/** A thumbnail with the same colours and drawing. */
export function Stamp({ item }: { item: Pick<Covered, 'id' | 'tags'> }) {
  const { palette } = designCover(item.id, item.tags);
  return (
    <span
      aria-hidden="true"
      className="flex aspect-[3/4] w-8 shrink-0 items-end overflow-hidden rounded-[2px]"
      style={{ background: palette.ground }}
    >
      <Drawing item={item} className="h-2/3 w-full" />
    </span>
  );
}
