'use client';

import { useEffect, useMemo, useState } from 'react';
import type { DomainInfo, LoadProgress, RecommendResponse } from '../../lib/contracts/engine';
import { useProgress } from '../engine/progress';
import type { DomainState } from '../engine/use-domain';
import { count, countOf, megabytes, milliseconds } from '../ui/text';

const SETTLE_MS = 250;
const INDEX_NAMES: Record<RecommendResponse['stats']['index'], string | null> = {
  hnsw: 'HNSW',
  exact: 'exact scan',
  none: null,
};

/** The step of a load: `Fetching the films: 2.1 of 5.4 MB`. */
export function describeLoading(progress: LoadProgress | null, domain: DomainInfo): string {
  if (progress?.stage === 'download') {
    const bytes = `${megabytes(progress.loadedBytes)} of ${megabytes(progress.totalBytes)} MB`;
    return progress.fromCache
      ? `Opening the ${domain.item.many}: ${bytes}`
      : `Fetching the ${domain.item.many}: ${bytes}`;
  }
  if (progress?.stage === 'decode') return `Opening the ${domain.item.many}`;
  return `Fetching the ${domain.item.many}`;
}

/**
 * Which part of the catalog a list was chosen from: all of it; the part loaded so far, and the list stays; or that
 * part, and the list is replaced once the rest is loaded.
 */
export type Coverage = 'whole' | 'partial' | 'incomplete';

/**
 * `86,537 films searched in 3.2 ms, on this device (HNSW)`, with `11,011 of 86,537 films` for a part of them, or
 * `11,011 of 86,537 films searched so far …`
 */
export function describeWork(response: RecommendResponse, domain: DomainInfo, coverage: Coverage): string {
  const { itemsSearched, milliseconds: ms, index } = response.stats;
  const searched =
    coverage === 'whole'
      ? countOf(itemsSearched, domain.item)
      : `${count(itemsSearched)} of ${countOf(domain.itemCount, domain.item)}`;
  if (coverage === 'incomplete') return `${searched} searched so far. The list is completed once the rest is loaded.`;
  const how = INDEX_NAMES[index];
  return `${searched} searched in ${milliseconds(ms)} ms, on this device${how ? ` (${how})` : ''}`;
}

/**
 * A value once it has not changed for a moment, so that a slider being dragged is not read out. The first is immediate.
 */
function useSettled<T>(value: T | null): T | null {
  const [settled, setSettled] = useState(value);
  if (settled === null && value !== null) setSettled(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

function describeList(response: RecommendResponse, domain: DomainInfo): string {
  const first = response.items[0];
  return `${countOf(response.items.length, domain.item)}${first ? `, led by ${first.title}` : ''}. `;
}

/** How the list was made, or how far the load is. Screen readers announce what has changed. */
export function StatusLine({
  domain,
  state,
  response,
  pending,
  coverage,
}: {
  domain: DomainInfo;
  state: DomainState;
  response: RecommendResponse | null;
  pending: boolean;
  /** Of the response. */
  coverage: Coverage;
}) {
  const work = useMemo(() => response && { response, coverage }, [response, coverage]);
  const settled = useSettled(work);
  const progress = useProgress(domain.id);
  const share = progress && progress.totalBytes > 0 ? progress.loadedBytes / progress.totalBytes : 0;
  const loadingText = describeLoading(progress, domain);

  return (
    <div className="min-h-8 text-quiet max-sm:min-h-12 text-sm leading-5">
      <p role="status" className={state.phase === 'loading' ? 'sr-only' : 'tabular-nums'}>
        {state.phase === 'loading' && `Loading the ${domain.item.many}`}
        {state.phase === 'failed' && 'Popular items, from the server'}
        {state.phase === 'ready' &&
          (response && settled ? (
            <>
              <span className="sr-only">{describeList(settled.response, domain)}</span>
              {describeWork(settled.response, domain, settled.coverage)}
            </>
          ) : pending ? (
            `Choosing from ${countOf(domain.itemCount, domain.item)}`
          ) : (
            `${countOf(domain.itemCount, domain.item)} on this device, ready to search`
          ))}
      </p>
      {state.phase === 'loading' && (
        <div className="flex items-center gap-3">
          <div
            role="progressbar"
            aria-label={`Loading ${domain.item.many}`}
            aria-valuemin={0}
            aria-valuemax={100}
            aria-valuenow={Math.round(share * 100)}
            aria-valuetext={loadingText}
            className="h-[3px] w-40 shrink-0 max-sm:w-20 overflow-hidden rounded-full bg-line"
          >
            <div
              className="h-full origin-left bg-accent motion-safe:transition-transform motion-safe:duration-200"
              style={{ transform: `scaleX(${share})` }}
            />
          </div>
          <span aria-hidden="true" className="truncate tabular-nums">
            {loadingText}
          </span>
        </div>
      )}
    </div>
  );
}
