'use client';

import { ComboboxItem, ComboboxPopover } from '@ariakit/react';
import { Check } from 'lucide-react';
import type { DomainInfo, SearchHit } from '../../lib/contracts/engine';
import { Stamp } from '../cover/cover';

/** The search results, in a list under the search box. Loaded apart, once the visitor is about to search. */
export function Hits({
  domain,
  hits,
  stale,
  picked,
  line,
  onPick,
}: {
  domain: DomainInfo;
  hits: readonly SearchHit[];
  /** Whether the hits belong to an earlier text. */
  stale: boolean;
  /** Ids of liked items. */
  picked: ReadonlySet<string>;
  /** The line under the hits, or in their place. */
  line: string;
  onPick: (hit: SearchHit) => void;
}) {
  return (
    <ComboboxPopover
      sameWidth
      gutter={6}
      unmountOnHide
      aria-label={`${domain.item.many} found`}
      className="z-30 max-h-[min(33rem,var(--popover-available-height,33rem))] overflow-y-auto overscroll-contain rounded-lg border border-line bg-sheet p-1.5 shadow-2xl"
    >
      {hits.map((hit) => (
        <ComboboxItem
          key={hit.id}
          value={hit.title}
          setValueOnClick={false}
          focusOnHover
          onClick={() => onPick(hit)}
          className={`flex cursor-pointer items-center gap-3 rounded-md px-2.5 py-2 data-[active-item]:bg-wash ${stale ? 'opacity-60 transition-opacity delay-150' : ''}`}
        >
          <Stamp item={hit} />
          <span className="min-w-0 flex-1">
            <span dir="auto" className="block truncate font-medium">
              {hit.title}
              {hit.year !== null && <span className="font-normal text-quiet"> {hit.year}</span>}
            </span>
            <span dir="auto" className="block truncate text-quiet text-sm">
              {[hit.creators.slice(0, 2).join(', '), hit.tags.slice(0, 3).join(', ')].filter(Boolean).join(' · ')}
            </span>
          </span>
          {picked.has(hit.id) ? (
            <Check size={18} aria-label="in your picks" className="text-accent" />
          ) : (
            hit.match === 'fuzzy' && <span className="text-quiet text-xs">similar spelling</span>
          )}
        </ComboboxItem>
      ))}
      <p className="px-2.5 pt-2 pb-1.5 text-quiet text-xs">{line}</p>
    </ComboboxPopover>
  );
}
