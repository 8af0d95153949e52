import type { HistoryEntry } from '../../lib/contracts/engine';
import { mulberry32 } from '../../lib/math/random';
import { shuffle } from '../../lib/math/shuffle';
import { findPositiveAbove, heldOutLikes, likesByUser, prepareDataset } from '../dataset';
import type { DomainFolder } from '../domain-folder/read';
import type { UserSplit } from '../train/train-engine';

/** Shares of the users, of a held-out user's items, and of the warm items that the cold trial takes away. */
export const HELD_OUT_USERS = 0.1;
export const HIDDEN_ITEMS = 0.2;
export const COLD_ITEMS = 0.1;

export interface HeldOutUser {
  /** In random order; with timestamps where the interactions have them. */
  history: HistoryEntry[];
  hidden: string[];
}

export interface Split {
  users: UserSplit;
  test: HeldOutUser[];
  validation: HeldOutUser[];
  /** Ids of the items with enough likes among training users to be trained on, most liked first. */
  warm: string[];
}

/**
 * Strong generalisation (Liang et al. 2018): 10 % of the users are for testing, 10 % for validation, and the models are
 * trained on the rest; of each held-out user 20 % of the items are hidden and the rest given. Items that training cannot
 * know are left out of both.
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
  const hold = (held: readonly number[]) =>
    heldOutLikes(folder, dataset, held).flatMap(({ likes: liked }): HeldOutUser[] => {
      shuffle(liked, random);
      const hidden = Math.floor(liked.length * HIDDEN_ITEMS);
      if (hidden === 0 || hidden === liked.length) return [];
      return [{ history: liked.slice(hidden), hidden: liked.slice(0, hidden).map(({ id }) => id) }];
    });
  return {
    users: { training, validation },
    test: hold(users.slice(0, heldOut)),
    validation: hold(validation),
    warm,
  };
}

/** What is known of a held-out user once some items are made cold. */
export interface ColdUser {
  /** The given items that are still warm. */
  history: HistoryEntry[];
  hiddenWarm: string[];
  /** Liked items that training knows nothing of. */
  hiddenCold: string[];
}

/** The trial of cold items: 10 % of the warm items lose their interactions, and held-out users are asked for them. */
export function makeCold(
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
