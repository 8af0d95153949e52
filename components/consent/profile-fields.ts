import type { Option } from './places';

/** What may be chosen for each thing a visitor may tell of themselves. */
export interface ProfileOptions {
  ageBand: readonly Option[];
  region: readonly Option[];
  language: readonly Option[];
}

/** In the order in which they are asked. */
export const PROFILE_FIELDS = [
  { name: 'ageBand', label: 'Age' },
  { name: 'region', label: 'Country' },
  { name: 'language', label: 'Language' },
] as const;
