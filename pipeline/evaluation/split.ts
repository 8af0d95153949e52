import type { HistoryEntry } from '../../lib/contracts/engine';
import { mulberry32 } from '../../lib/math/random';
import { shuffle } from '../../lib/math/shuffle';
import { prepareDataset } from '../dataset/dataset';
import { collectWarmLikes, findPositiveAbove, likesByUser } from '../dataset/likes';
import type { DomainFolder } from '../domain-folder/read';
import type { UserSplit } from '../train/user-split';

/** Share of the users that are for testing, and as many for validation. */
export const HELD_OUT_USERS = 0.1;
/** Share of a held-out user's items that are hidden. */
export const HIDDEN_ITEMS = 0.2;
/** Share of the warm items that are made cold. */
export const COLD_ITEMS = 0.1;

export interface HeldOutUser {
  /** The given items in random order, with the timestamps of the interactions that have one. */
  history: HistoryEntry[];
  /** Ids of the items to be found. */
  hidden: string[];
}

export interface Split {
  users: UserSplit;
  test: HeldOutUser[];
  validation: HeldOutUser[];
  /** Ids of the items with enough likes among training users to get factors, most liked first. */
  warm: string[];
}

/**
 * Splits for strong generalisation (Liang et al. 2018): 10 % of the users are for testing, 10 % for validation, and the
 * models are trained on the rest. For each held-out user 20 % of the items are hidden and the rest given. Items that
 * have no factors in this split are in neither part.
 */
export function splitUsers(folder: DomainFolder, seed: number): Split {
  const { config, interactions } = folder;
  const random = mulberry32(seed);
  const likes = likesByUser(interactions, config.positiveAbove ?? findPositiveAbove(interactions.values));
  const users = Array.from(likes.keys()).filter((user) => likes[user].length >= config.minUserInteractions);
  shuffle(users, random);
  const heldOut = Math.floor(users.length * HELD_OUT_USERS);
  const training = new Set(users.slice(2 * heldOut));
  const dataset = prepareDataset(folder, { isTrainingUser: (user) => training.has(user) });
  const warm = dataset.items.slice(0, dataset.warmItems).map(({ id }) => id);
  const validation = users.slice(heldOut, 2 * heldOut);
  const holdOut = (numbers: readonly number[]) =>
    collectWarmLikes(folder, dataset, numbers).flatMap(({ likes: liked }): HeldOutUser[] => {
      shuffle(liked, random);
      const hidden = Math.floor(liked.length * HIDDEN_ITEMS);
      if (hidden === 0 || hidden === liked.length) return [];
      return [{ history: liked.slice(hidden), hidden: liked.slice(0, hidden).map(({ id }) => id) }];
    });
  return {
    users: { training, validation },
    test: holdOut(users.slice(0, heldOut)),
    validation: holdOut(validation),
    warm,
  };
}

/** A held-out user after some items were made cold. */
export interface ColdUser {
  /** The given items that are still warm. */
  history: HistoryEntry[];
  hiddenWarm: string[];
  /** All liked items that were made cold, given ones included. */
  hiddenCold: string[];
}

/**
 * Makes 10 % of the warm items cold: training gets none of their interactions, and for held-out users they are hidden
 * items. Users without any warm item in their history are left out.
 */
export function makeColdSplit(
  { warm }: Pick<Split, 'warm'>,
  users: readonly HeldOutUser[],
  seed: number,
): { coldItems: Set<string>; users: ColdUser[] } {
  const ids = [...warm];
  shuffle(ids, mulberry32(seed));
  const coldItems = new Set(ids.slice(0, Math.floor(ids.length * COLD_ITEMS)));
  const isCold = (id: string) => coldItems.has(id);
  return {
    coldItems,
    users: users.flatMap(({ history, hidden }) => {
      const given = history.filter(({ id }) => !isCold(id));
      if (given.length === 0) return [];
      const coldGiven = history.filter(({ id }) => isCold(id)).map(({ id }) => id);
      return [
        {
          history: given,
          hiddenWarm: hidden.filter((id) => !isCold(id)),
          hiddenCold: [...hidden.filter(isCold), ...coldGiven],
        },
      ];
    }),
  };
}
