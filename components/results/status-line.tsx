'use client';

import { useEffect, useState } from 'react';
import type { DomainInfo, LoadProgress, RecommendResponse } from '../../lib/contracts/engine';
import { useProgress } from '../engine/progress';
import type { DomainState } from '../engine/use-domain';
import { countOf, megabytes, milliseconds } from '../ui/text';

const SETTLE_MS = 250;
const INDEX_NAMES: Record<RecommendResponse['stats']['index'], string | null> = {
  hnsw: 'HNSW',
  exact: 'exact scan',
  none: null,
};

/** What loading is about just now: `2.1 of 5.4 MB`. */
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

/** `86,537 films searched in 3.2 ms, on this device (HNSW)` */
export function describeWork(response: RecommendResponse, domain: DomainInfo): string {
  const { itemsSearched, milliseconds: ms, index } = response.stats;
  const how = INDEX_NAMES[index];
  return `${countOf(itemsSearched, domain.item)} searched in ${milliseconds(ms)} ms, on this device${how ? ` (${how})` : ''}`;
}

/** A value once it has stood still for a moment: a slider being dragged is not news. The first one is at once. */
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

/** The line of truth under the heading, and the way there. Screen readers hear what has changed. */
export function StatusLine({
  domain,
  state,
  response,
  pending,
}: {
  domain: DomainInfo;
  state: DomainState;
  response: RecommendResponse | null;
  pending: boolean;
}) {
  const settled = useSettled(response);
  const progress = useProgress(domain.id);
  const share = progress && progress.totalBytes > 0 ? progress.loadedBytes / progress.totalBytes : 0;
  const loadingText = describeLoading(progress, domain);

  return (
    <div className="min-h-8 text-quiet max-sm:min-h-12 text-sm leading-5">
      <p role="status" className={state.phase === 'loading' ? 'sr-only' : 'tabular-nums'}>
        {state.phase === 'loading' && `Getting the ${domain.item.many} ready`}
        {state.phase === 'failed' && 'From the server, the same for everybody'}
        {state.phase === 'ready' &&
          (response && settled ? (
            <>
              <span className="sr-only">{describeList(settled, domain)}</span>
              {describeWork(settled, domain)}
            </>
          ) : pending ? (
            `Choosing from ${countOf(domain.itemCount, domain.item)}`
          ) : (
            `${countOf(domain.itemCount, domain.item)} on this device, ready to be searched`
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
