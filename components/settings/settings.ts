import { DEFAULT_DIVERSITY, type Mode } from '../../lib/contracts/engine';

/** The modes that the page offers; `popular` is what it shows without picks. */
export const PAGE_MODES = ['hybrid', 'content', 'collaborative'] as const satisfies readonly Mode[];
export type PageMode = (typeof PAGE_MODES)[number];

export interface Settings {
  mode: PageMode;
  /** Share of content among the personal signals, 0 … 1; null: the engine chooses it. */
  alpha: number | null;
  /** 0 … 1 */
  diversity: number;
  /** −1 (well known) … 1 (little known); null: the engine's own balance. */
  discovery: number | null;
}
export type SettingName = keyof Settings;

export const SETTING_NAMES = ['mode', 'alpha', 'diversity', 'discovery'] as const satisfies readonly SettingName[];

export const DEFAULT_SETTINGS: Settings = {
  mode: 'hybrid',
  alpha: null,
  diversity: DEFAULT_DIVERSITY,
  discovery: null,
};

/** A share as addresses write it, so that decoding gives back what was encoded. */
export const roundUnit = (x: number) => Math.round(x * 100) / 100;

const isUnit = (value: unknown): value is number => typeof value === 'number' && value >= 0 && value <= 1;

const isDiscovery = (value: unknown): value is number => typeof value === 'number' && value >= -1 && value <= 1;

/**
 * The settings among `values` that this version of the page knows and can use; another version may have stored them.
 */
export function readSettings(values: Partial<Record<SettingName, unknown>>): Partial<Settings> {
  const { alpha, diversity, discovery } = values;
  const mode = PAGE_MODES.find((known) => known === values.mode);
  return {
    ...(mode && { mode }),
    ...((alpha === null || isUnit(alpha)) && { alpha }),
    ...(isUnit(diversity) && { diversity }),
    ...((discovery === null || isDiscovery(discovery)) && { discovery }),
  };
}

/** The settings without those of these names. */
export function withoutSettings(settings: Partial<Settings>, names: readonly string[]): Partial<Settings> {
  return Object.fromEntries(Object.entries(settings).filter(([name]) => !names.includes(name)));
}
