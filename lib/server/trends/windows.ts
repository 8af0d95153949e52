import 'server-only';

const HOUR = 3600 * 1000;
const DAY = 24 * HOUR;

/** Over how long things are looked at: `popular` is the domain's own pace, the others are what callers of trending choose from. */
export const TRENDING_WINDOWS = ['day', 'week', 'month'] as const;
export type TrendingWindow = (typeof TRENDING_WINDOWS)[number];
export const WINDOWS = ['popular', ...TRENDING_WINDOWS] as const;
export type Window = (typeof WINDOWS)[number];

/** A window's weight has halved after half of its length. */
const HALF_LIFE: Record<TrendingWindow, number> = { day: 12 * HOUR, week: 3.5 * DAY, month: 15 * DAY };

/** How fast a domain forgets where its manifest does not say. */
const DEFAULT_HALF_LIFE_DAYS = 7;

/** The half-life of a window in a domain, in milliseconds. @param days of the domain, from its manifest */
export const halfLife = (window: Window, days: number = DEFAULT_HALF_LIFE_DAYS): number =>
  window === 'popular' ? days * DAY : HALF_LIFE[window];

/** The half-life of a domain's own pace in days; undefined for the usual one. */
export type Pace = (domain: string) => number | undefined;
