import 'server-only';

const HOUR_MS = 3600 * 1000;
const DAY_MS = 24 * HOUR_MS;

/** The windows that callers of `/api/trending` choose from. */
export const TRENDING_WINDOWS = ['day', 'week', 'month'] as const;
export type TrendingWindow = (typeof TRENDING_WINDOWS)[number];

/** Windows over which events are weighted. `popular` is the one whose half-life the domain sets in its manifest. */
export const WINDOWS = ['popular', ...TRENDING_WINDOWS] as const;
export type Window = (typeof WINDOWS)[number];

/** Half of the window's length. */
const HALF_LIFE_MS: Record<TrendingWindow, number> = { day: 12 * HOUR_MS, week: 3.5 * DAY_MS, month: 15 * DAY_MS };

/** Half-life of `popular` in a domain whose manifest has no `halfLifeDays`. */
const DEFAULT_HALF_LIFE_DAYS = 7;

/**
 * The half-life of a window, in milliseconds.
 *
 * @param days `halfLifeDays` of the domain's manifest
 */
export const halfLife = (window: Window, days: number = DEFAULT_HALF_LIFE_DAYS): number =>
  window === 'popular' ? days * DAY_MS : HALF_LIFE_MS[window];

/** `halfLifeDays` of a domain's manifest; undefined for the default. */
export type HalfLifeDays = (domain: string) => number | undefined;
