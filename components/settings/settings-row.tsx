'use client';

import { Button } from '../ui/button';
import { capitalise, decimal } from '../ui/text';
import type { Settings } from './settings';
import { settingsStore, useChosenSettings } from './use-settings';

/** `Collaborative, content share 0.40, diversity 0.70, little known 0.50`: the settings that the visitor chose. */
export function describeSettings({ mode, alpha, diversity, discovery }: Partial<Settings>): string {
  const parts = [
    mode && capitalise(mode),
    alpha !== undefined && `content share ${alpha === null ? 'auto' : decimal(alpha, 2)}`,
    diversity !== undefined && `diversity ${decimal(diversity, 2)}`,
    discovery !== undefined && describeDiscovery(discovery),
  ];
  return capitalise(parts.filter(Boolean).join(', '));
}

/** `little known 0.50` */
export function describeDiscovery(discovery: number | null): string {
  if (discovery === null) return 'known or not: auto';
  if (discovery === 0) return 'known or not: even';
  return `${discovery < 0 ? 'well' : 'little'} known ${decimal(Math.abs(discovery), 2)}`;
}

/** The settings that this device stores, and a button that removes them; a row of a description list. */
export function SettingsRow() {
  const { isReady, chosen } = useChosenSettings();
  const hasChosen = Object.keys(chosen).length > 0;
  return (
    <>
      <dt className="font-semibold">Settings</dt>
      <dd className="tabular-nums">
        {!isReady ? 'Reading' : hasChosen ? describeSettings(chosen) : 'Unchanged'}
        {isReady && hasChosen && (
          <Button look="quiet" aria-label="Reset settings" onClick={() => settingsStore().replace({})} className="ml-1">
            Reset
          </Button>
        )}
      </dd>
    </>
  );
}
