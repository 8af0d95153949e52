'use client';

import { Combobox, ComboboxProvider } from '@ariakit/react';
import { Search } from 'lucide-react';
import { memo, type KeyboardEvent as ReactKeyboardEvent, useDeferredValue, useEffect, useRef, useState } from 'react';
import type { DomainInfo, SearchHit, SearchResponse } from '../../lib/contracts/engine';
import { engine } from '../engine/client';
import { useProgress } from '../engine/progress';
import { asInkpickError, type DomainState } from '../engine/use-domain';
import { describeLoading } from '../results/status-line';
import { count, milliseconds, withArticle } from '../ui/text';
import { useHits } from './use-hits';

const MAX_HITS = 8;

type Found = { query: string; response: SearchResponse | null; problem: string | null };

/** Searches for every text typed; the call before is aborted, so that results never arrive out of order. */
function useSearch(domain: string, query: string, ready: boolean): Found | null {
  const [found, setFound] = useState<Found | null>(null);
  useEffect(() => {
    if (!ready || query === '') return;
    const abort = new AbortController();
    engine()
      .search(domain, query, { signal: abort.signal, limit: MAX_HITS })
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

/** Finds items by name and adds them to the picks. */
export const SearchBox = memo(function SearchBox({
  domain,
  phase,
  picked,
  onPick,
}: {
  domain: DomainInfo;
  /** The phase of the domain's engine. */
  phase: DomainState['phase'];
  /** Ids of liked items. */
  picked: ReadonlySet<string>;
  onPick: (hit: SearchHit) => void;
}) {
  const ready = phase === 'ready';
  const { List, prepare } = useHits(ready);
  const progress = useProgress(domain.id);
  const [text, setText] = useState('');
  const input = useRef<HTMLInputElement>(null);
  /** The text for which Enter was pressed before its hits, or the engine, arrived. */
  const entered = useRef<string | null>(null);
  const typed = text.trim();
  const query = useDeferredValue(typed);
  const found = useSearch(domain.id, query, ready);
  /** Whether the hits shown belong to an earlier text, because the right ones have not arrived. */
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

  // Enter picks the first hit for the text typed, which may not be the first hit shown.
  const onKey = (event: ReactKeyboardEvent) => {
    prepare();
    const isEnter = event.key === 'Enter' && !event.nativeEvent.isComposing && typed !== '';
    const early = isEnter && stale;
    entered.current = early ? typed : null;
    const first = found?.response?.hits[0];
    // Without its list, no other component handles the key.
    if (isEnter && !stale && !List && first) pick(first);
    if (early) event.preventDefault();
  };
  useEffect(() => {
    if (!found || found.query !== entered.current) return;
    entered.current = null;
    const first = found.response?.hits[0];
    if (first) pick(first);
  });

  const response = found?.response;
  const hits = response?.hits ?? [];
  let line = 'Searching';
  if (phase === 'failed') line = 'Search needs the data that failed to load.';
  else if (!ready) line = describeLoading(progress, domain);
  else if (found?.problem) line = found.problem;
  else if (response && hits.length > 0) {
    const { itemsSearched, milliseconds: ms } = response.stats;
    line = `${count(itemsSearched)} ${domain.item.many} searched in ${milliseconds(ms)} ms`;
  } else if (found?.query === query)
    line = `No ${domain.item.one} by that name. Try fewer letters, or another part of the name.`;
  return (
    // The highlight stays among the rows: Enter picks one, whatever arrow was pressed before.
    <ComboboxProvider
      focusLoop={false}
      includesBaseElement={false}
      value={text}
      setValue={(value) => {
        entered.current = null;
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
          onFocus={prepare}
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
        {typed !== '' && List && (
          <List domain={domain} hits={hits} stale={stale} picked={picked} line={line} onPick={pick} />
        )}
      </div>
    </ComboboxProvider>
  );
});
