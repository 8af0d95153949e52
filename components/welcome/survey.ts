import type { Interest } from '../../lib/contracts/engine';

/** Number of interests to choose: with fewer a list has too little to go on, with more they lose their meaning. */
export const MIN_INTERESTS = 3;
export const MAX_INTERESTS = 5;

/** Whether a domain has enough interests for a survey. */
export const hasSurvey = (domain: { interests: readonly Interest[] }) => domain.interests.length >= MIN_INTERESTS;

/** Removes `id` from the choice if it is in it, and appends it otherwise if there is room. */
export function toggleInterest(chosen: readonly string[], id: string): string[] {
  if (chosen.includes(id)) return chosen.filter((other) => other !== id);
  return chosen.length < MAX_INTERESTS ? [...chosen, id] : [...chosen];
}

/** Appends the interests of `more` that `own` lacks, up to the maximum. */
export function addInterests(own: readonly Interest[], more: readonly Interest[]): Interest[] {
  const ids = new Set(own.map(({ id }) => id));
  return [...own, ...more.filter(({ id }) => !ids.has(id))].slice(0, MAX_INTERESTS);
}

export const isFull = (chosen: readonly string[]) => chosen.length >= MAX_INTERESTS;
export const isEnough = (chosen: readonly string[]) => chosen.length >= MIN_INTERESTS && chosen.length <= MAX_INTERESTS;

/** Describes how many interests are chosen and how many may follow. */
export function describeChoice(chosen: readonly string[]): string {
  const missing = MIN_INTERESTS - chosen.length;
  if (missing > 0) return `${chosen.length} chosen, ${missing} more to go`;
  if (isFull(chosen)) return `${chosen.length} chosen, the maximum`;
  return `${chosen.length} chosen, up to ${MAX_INTERESTS - chosen.length} more if you like`;
}
