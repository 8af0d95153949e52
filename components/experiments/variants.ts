'use client';

import { useMemo, useSyncExternalStore } from 'react';
import {
  EXPERIMENTS,
  forcedVariants,
  type ListSettings,
  variantName,
  variantOf,
} from '../../lib/contracts/experiments';
import { browserId } from '../consent/browser-id';
import { useConsent } from '../consent/consent';
import { DEFAULT_SETTINGS, type Settings } from '../settings/settings';

/** Names a variant to preview, such as `diversity:varied`; may be given several times. */
const PARAMETER = 'try';

/** A random text that assigns the variants of this device; it is never sent. */
const deviceKey = (): string => browserId('inkpick.device');

export interface VariantsInForce {
  settings: ListSettings;
  /** As events name them, with commas between; undefined without a variant that is counted. */
  variant: string | undefined;
}

const NONE: VariantsInForce = { settings: {}, variant: undefined };

/**
 * What experiments change for this visitor. Only visitors who agreed to send events take part, because no others could
 * be counted. A variant that the address names is a preview: any visitor gets it, and it is not counted.
 *
 * @param search the address's query
 * @param agreed whether the visitor agreed to send events
 * @param key returns the text that assigns the variants
 */
export function variantsInForce(search: string, agreed: boolean, key: () => string): VariantsInForce {
  const forced = forcedVariants(new URLSearchParams(search).getAll(PARAMETER));
  if (!agreed && forced.size === 0) return NONE;
  const chosen = EXPERIMENTS.flatMap((experiment) => {
    const variant = forced.get(experiment.id) ?? (agreed ? variantOf(experiment, key()) : undefined);
    return variant ? [{ experiment, variant }] : [];
  });
  const counted = chosen.filter(({ experiment }) => agreed && !forced.has(experiment.id));
  return {
    settings: Object.assign({}, ...chosen.map(({ variant }) => variant.settings)),
    variant: counted.map(({ experiment, variant }) => variantName(experiment, variant)).join(',') || undefined,
  };
}

const subscribeToNothing = () => () => {};

/** The settings, with what experiments change of those that the visitor has not changed. */
export function settingsInForce(settings: Settings, { settings: { diversity } }: VariantsInForce): Settings {
  const isUnchanged = settings.diversity === DEFAULT_SETTINGS.diversity;
  return diversity !== undefined && isUnchanged ? { ...settings, diversity } : settings;
}

/** {@link variantsInForce} on this page; none on the server and before consent has been read. */
export function useVariants(): VariantsInForce {
  const agreed = useConsent() === 'yes';
  const search = useSyncExternalStore(
    subscribeToNothing,
    () => window.location.search,
    () => '',
  );
  return useMemo(() => variantsInForce(search, agreed, deviceKey), [search, agreed]);
}
