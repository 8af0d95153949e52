'use client';

import { useId, useState } from 'react';
import type { DomainInfo } from '../../lib/contracts/engine';
import { countOf } from '../ui/text';

/** Whether one shares the likes of a domain. */
export function ShareSwitch({
  domain,
  likes,
  onTurn,
}: {
  domain: Pick<DomainInfo, 'label' | 'item'>;
  /** How many are shared; undefined where none are. */
  likes: number | undefined;
  /** Never rejects. */
  onTurn: (on: boolean) => Promise<void>;
}) {
  const id = useId();
  /** What was asked for while it is being done. */
  const [wished, setWished] = useState<boolean | null>(null);
  const on = wished ?? likes !== undefined;

  const turn = async () => {
    if (wished !== null) return;
    setWished(!on);
    await onTurn(!on);
    setWished(null);
  };

  return (
    <li className="flex items-center justify-between gap-6 py-3 first:pt-0">
      <div className="min-w-0">
        <label htmlFor={id} className="font-semibold">
          {domain.label}
        </label>
        <p id={`${id}-state`} className="mt-0.5 text-quiet text-sm">
          {likes === undefined
            ? 'Not shared'
            : likes === 0
              ? `Shared from now on: no ${domain.item.one} liked in the last 30 days`
              : `${countOf(likes, domain.item)} shared, and later ones as you like them`}
        </p>
      </div>
      <button
        id={id}
        type="button"
        role="switch"
        aria-checked={on}
        aria-describedby={`${id}-state`}
        onClick={turn}
        className="relative h-7 w-12 shrink-0 rounded-full border border-ink/60 transition-colors before:absolute before:top-1 before:left-1 before:size-[1.125rem] before:rounded-full before:bg-ink/60 before:transition-transform aria-checked:border-ink aria-checked:bg-ink aria-checked:before:translate-x-5 aria-checked:before:bg-paper"
      />
    </li>
  );
}
