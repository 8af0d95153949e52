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

/** Names a variant to look at, such as `diversity:varied`; may be given several times. */
const PARAMETER = 'try';

/** A random text that decides the variants of this device; it is never sent. */
const deviceKey = (): string => browserId('inkpick.device');

export interface InForce {
  settings: ListSettings;
  /** As events name them, with commas between; undefined where none is in force, or only to be looked at. */
  variant: string | undefined;
}

const NONE: InForce = { settings: {}, variant: undefined };

/**
 * What experiments change for this visitor. Only those take part who agreed that the server may know what they do: nobody else would be
 * counted. A variant that the address names is shown to anyone, and not counted.
 *
 * @param search of the address
 */
export function variantsInForce(search: string, agreed: boolean, key: () => string): InForce {
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

const never = () => () => {};

/** {@link variantsInForce} of this page; none on the server, and before the device has been asked. */
export function useVariants(): InForce {
  const agreed = useConsent() === 'yes';
  const search = useSyncExternalStore(
    never,
    () => window.location.search,
    () => '',
  );
  return useMemo(() => variantsInForce(search, agreed, deviceKey), [search, agreed]);
}
