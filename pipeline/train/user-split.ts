import { mulberry32 } from '../../lib/math/random';
import { shuffle } from '../../lib/math/shuffle';
import type { DomainFolder } from '../domain-folder/read';

/** Share of the users on whom a build chooses hyperparameters and fits the blend. */
const VALIDATION_SHARE = 0.1;
const MAX_VALIDATION_USERS = 3000;

/** User numbers of a folder, by purpose. */
export interface UserSplit {
  training: ReadonlySet<number>;
  /** Used for nothing but choosing hyperparameters and fitting the blend. */
  validation: readonly number[];
}

/** Splits all users of a folder for a build: 10 %, but at most 3,000, are validation users. Seeded. */
export function splitUsersForBuild({ interactions }: DomainFolder, seed: number): UserSplit {
  const users = Array.from(interactions.userIds.keys());
  shuffle(users, mulberry32(seed));
  const validation = users.slice(0, Math.min(MAX_VALIDATION_USERS, Math.floor(VALIDATION_SHARE * users.length)));
  return { training: new Set(users.slice(validation.length)), validation };
}
