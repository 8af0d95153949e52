'use client';

import { Combobox, ComboboxItem, ComboboxPopover, ComboboxProvider } from '@ariakit/react';
import { Check, Search } from 'lucide-react';
import { type KeyboardEvent as ReactKeyboardEvent, useDeferredValue, useEffect, useRef, useState } from 'react';
import type { DomainInfo, SearchHit, SearchResponse } from '../../lib/contracts/engine';
import { Stamp } from '../cover/cover';
import { engine } from '../engine/client';
import { asInkpickError } from '../engine/use-domain';
import { count, milliseconds, withArticle } from '../ui/text';

const SHOWN = 8;

type Found = { query: string; response: SearchResponse | null; problem: string | null };

/** Asks for every text typed; the question before is aborted, so answers never come out of order. */
function useSearch(domain: string, query: string, ready: boolean): Found | null {
  const [found, setFound] = useState<Found | null>(null);
  useEffect(() => {
    if (!ready || query === '') return;
    const abort = new AbortController();
    engine()
      .search(domain, query, { signal: abort.signal, limit: SHOWN })
      .then(
        (response) => setFound({ query, response, problem: null }),
        (error: unknown) => {
          const { code, message } = asInkpickError(error);
          if (code !== 'ABORTED' && !abort.signal.aborted) setFound({ query, response: null, problem: message });
        },
      );
    return () => abort.abort();
  }, [domain, query, ready]);
  return query === '' ? null : found;
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest('input:not([type=range], [type=radio]), textarea, [contenteditable]') !== null
  );
}

/** Finds something by its name and adds it to the picks. */
export function SearchBox({
  domain,
  ready,
  loadingText,
  picked,
  onPick,
}: {
  domain: DomainInfo;
  ready: boolean;
  /** What is said in place of results until the engine is ready. */
  loadingText: string;
  /** Ids of liked items. */
  picked: ReadonlySet<string>;
  onPick: (hit: SearchHit) => void;
}) {
  const [text, setText] = useState('');
  const input = useRef<HTMLInputElement>(null);
  /** The text for which Enter was pressed before its answer was there. */
  const wished = useRef<string | null>(null);
  const typed = text.trim();
  const query = useDeferredValue(typed);
  const found = useSearch(domain.id, query, ready);
  /** The hits shown answer an earlier text; the right ones are on their way. */
  const stale = found?.query !== typed;

  useEffect(() => {
    const focus = (event: KeyboardEvent) => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      event.preventDefault();
      input.current?.focus();
    };
    document.addEventListener('keydown', focus);
    return () => document.removeEventListener('keydown', focus);
  }, []);

  const pick = (hit: SearchHit) => {
    onPick(hit);
    setText('');
    input.current?.focus();
  };

  // Enter means the first hit of what was typed, not of what happened to be shown.
  const onKey = (event: ReactKeyboardEvent) => {
    const early = event.key === 'Enter' && !event.nativeEvent.isComposing && ready && typed !== '' && stale;
    wished.current = early ? typed : null;
    if (early) event.preventDefault();
  };
  useEffect(() => {
    if (!found || found.query !== wished.current) return;
    wished.current = null;
    const first = found.response?.hits[0];
    if (first) pick(first);
  });

  const hits = found?.response?.hits ?? [];
  return (
    <ComboboxProvider
      value={text}
      setValue={(value) => {
        wished.current = null;
        setText(value);
      }}
    >
      <div className="relative">
        <Search
          size={22}
          aria-hidden="true"
          className="-translate-y-1/2 pointer-events-none absolute top-1/2 left-0 text-quiet"
        />
        <Combobox
          ref={input}
          onKeyDownCapture={onKey}
          autoSelect="always"
          aria-label={`Search ${domain.item.many}`}
          aria-keyshortcuts="/"
          placeholder={`Name ${withArticle(domain.item.one)} you like`}
          autoComplete="none"
          autoCorrect="off"
          spellCheck={false}
          enterKeyHint="done"
          className="h-16 w-full rounded-none border-ink border-b-2 bg-transparent pr-14 pl-9 font-display text-xl outline-none placeholder:text-quiet focus:border-accent sm:text-2xl"
        />
        <span
          aria-hidden="true"
          className="-translate-y-1/2 absolute top-1/2 right-1 rounded border border-line bg-sheet px-2 py-0.5 font-sans text-quiet text-sm max-lg:hidden"
        >
          /
        </span>
        {typed !== '' && (
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
                onClick={() => pick(hit)}
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
            <p className="px-2.5 pt-2 pb-1.5 text-quiet text-xs">
              {!ready
                ? loadingText
                : found?.problem
                  ? found.problem
                  : hits.length > 0
                    ? `${count(found!.response!.stats.itemsSearched)} ${domain.item.many} searched in ${milliseconds(found!.response!.stats.milliseconds)} ms`
                    : found?.query === query
                      ? `No ${domain.item.one} by that name. Try fewer letters, or a name from it.`
                      : 'Searching'}
            </p>
          </ComboboxPopover>
        )}
      </div>
    </ComboboxProvider>
  );
}
