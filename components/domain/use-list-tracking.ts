'use client';

import { type RefObject, useCallback, useMemo } from 'react';
import type { ItemSummary, RecommendResponse } from '../../lib/contracts/engine';
import { readConsent } from '../consent/consent';
import { type ListEntry, sourceOf } from '../events/shown-list';
import { tasteEvents } from '../events/taste-events';
import { notifyFollowers } from '../events/track-taste';
import { useListEvents } from '../events/use-list-events';
import type { Change, Choice } from '../picks/picks';

/** A shared link counts as a share of this many of its newest likes: a long list is not shared for the sake of each. */
const MAX_SHARED = 20;
const NO_EXPOSURE = {};

interface ShownList {
  /** Null while the popular list is shown. */
  response: RecommendResponse | null;
  popular: readonly ItemSummary[];
  /** The list's element. */
  grid: RefObject<HTMLUListElement | null>;
  /** Whether the cards of this list are on the screen. */
  isRendered: boolean;
  /** Variant of the experiments in force; undefined where there is none. */
  variant: string | undefined;
}

interface ListTracking {
  /** A change to the visitor's own choices is about to be made. */
  onChange: (change: Change) => void;
  onSave: (item: string) => void;
  /** The reasons of an item are shown. */
  onOpen: (item: { id: string }) => void;
  /** The link of an item is followed. */
  onFollow: (item: { id: string }) => void;
  /** @param liked ids of liked items, the newest first */
  onShare: (liked: Iterable<string>) => void;
}

/** Sends what the visitor sees and does with the list on the screen, where they agreed to that. */
export function useListTracking(
  domain: string,
  choices: readonly Choice[],
  { response, popular, grid, isRendered, variant }: ShownList,
): ListTracking {
  const entries = useMemo<ListEntry[]>(
    () =>
      response
        ? response.items.map((item) => ({ item: item.id, source: sourceOf(item) }))
        : popular.map(({ id }) => ({ item: id, source: 'popular' })),
    [response, popular],
  );
  const diversity = response?.stats.diversity;
  const exposure = useMemo(
    // The popular list is the same for all visitors: no experiment changes it.
    () => (diversity === undefined || !variant ? NO_EXPOSURE : { variant, diversity }),
    [diversity, variant],
  );
  const onEvents = useListEvents(domain, entries, grid, isRendered, exposure);

  const onOpen = useCallback(({ id }: { id: string }) => onEvents({ kind: 'view', item: id }), [onEvents]);
  const onFollow = useCallback(({ id }: { id: string }) => onEvents({ kind: 'click', item: id }), [onEvents]);
  return {
    onChange: (change) => {
      if (readConsent() !== 'yes') return;
      onEvents(...tasteEvents(choices, change));
      notifyFollowers(domain);
    },
    onSave: (item) => onEvents({ kind: 'save', item }),
    onOpen,
    onFollow,
    onShare: (liked) => onEvents(...[...liked].slice(0, MAX_SHARED).map((item) => ({ kind: 'share' as const, item }))),
  };
}
