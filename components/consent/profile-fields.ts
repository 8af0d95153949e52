import type { SelectOption } from './locale-options';

/** The options of each profile field. */
export interface ProfileOptions {
  ageBand: readonly SelectOption[];
  region: readonly SelectOption[];
  language: readonly SelectOption[];
}

/** In display order. */
export const PROFILE_FIELDS = [
  { name: 'ageBand', label: 'Age' },
  { name: 'region', label: 'Country' },
  { name: 'language', label: 'Language' },
] as const;
