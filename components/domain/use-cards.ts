'use client';

import { type ComponentProps, useMemo } from 'react';
import type { DomainInfo, ItemSummary, RecommendResponse } from '../../lib/contracts/engine';
import type { Card, CardActions } from '../results/card';
import { describeItem, describePopularity } from '../results/reason-text';
import { useGradual } from '../results/use-gradual';

/** What a card shows; the page adds what the visitor can do with it. */
export type CardContent = Omit<ComponentProps<typeof Card>, keyof CardActions | 'liked' | 'saved'> & {
  key: string;
  /** Whether the list goes on from here with popular items that are about nothing that was picked. */
  startsPopular?: boolean;
};

/**
 * The cards on the screen: those of the engine's response, else those of the popular list.
 *
 * @param disliked ids of items that the visitor dislikes
 * @returns the cards, and whether all of them belong to the newest list: one list takes the place of another in steps
 */
export function useCards(
  domain: DomainInfo,
  response: RecommendResponse | null,
  popular: readonly ItemSummary[],
  disliked: ReadonlySet<string>,
): { cards: readonly CardContent[]; isComplete: boolean } {
  const list = response ? 'personal' : 'popular';
  const cards = useMemo<CardContent[]>(() => {
    // Keys differ by list: a card of both lists is rendered anew, because one that moves to another place is a jump.
    if (!response)
      return popular.map((item) => ({
        key: `popular ${item.id}`,
        item,
        note: describePopularity(item.popularity, domain),
      }));
    const firstPopular = response.items.findIndex(({ slot }) => slot === 'popular');
    return response.items.map((item, place) => ({
      key: `personal ${item.id}`,
      startsPopular: place === firstPopular,
      item,
      ...describeItem(item, domain, disliked),
      why: { item, domain, disliked },
    }));
  }, [response, popular, domain, disliked]);
  const { items, isComplete } = useGradual(list, cards);
  return { cards: items, isComplete };
}
