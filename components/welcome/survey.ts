import type { Interest } from '../../lib/contracts/engine';

/** How many interests a visitor may state; fewer say too little, more say nothing. */
export const MIN_INTERESTS = 3;
export const MAX_INTERESTS = 5;

/** Whether a domain has enough interests to choose from. */
export const hasSurvey = (domain: { interests: readonly Interest[] }) => domain.interests.length >= MIN_INTERESTS;

/** The choice after pressing `id`: taken out if it is in, put in if there is room. Order of choosing is kept. */
export function toggleInterest(chosen: readonly string[], id: string): string[] {
  if (chosen.includes(id)) return chosen.filter((other) => other !== id);
  return chosen.length < MAX_INTERESTS ? [...chosen, id] : [...chosen];
}

/** `own` with those of `more` that it lacks, as far as there is room. */
export function addInterests(own: readonly Interest[], more: readonly Interest[]): Interest[] {
  const ids = new Set(own.map(({ id }) => id));
  return [...own, ...more.filter(({ id }) => !ids.has(id))].slice(0, MAX_INTERESTS);
}

export const isFull = (chosen: readonly string[]) => chosen.length >= MAX_INTERESTS;
export const isEnough = (chosen: readonly string[]) => chosen.length >= MIN_INTERESTS && chosen.length <= MAX_INTERESTS;

/** What is still to be done, in a few words. */
export function describeChoice(chosen: readonly string[]): string {
  const missing = MIN_INTERESTS - chosen.length;
  if (missing > 0) return `${chosen.length} chosen, ${missing} more to go`;
  if (isFull(chosen)) return `${chosen.length} chosen: that is the most`;
  return `${chosen.length} chosen, up to ${MAX_INTERESTS - chosen.length} more if you like`;
}
