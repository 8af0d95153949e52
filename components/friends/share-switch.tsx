'use client';

import { useId, useState } from 'react';
import type { DomainInfo } from '../../lib/contracts/engine';
import { countOf } from '../ui/text';

/** Switch that turns the sharing of a domain's likes on and off. */
export function ShareSwitch({
  domain,
  likes,
  onToggle,
}: {
  domain: Pick<DomainInfo, 'label' | 'item'>;
  /** Number of likes shared; undefined if the domain is not shared. */
  likes: number | undefined;
  /** Must not reject. */
  onToggle: (on: boolean) => Promise<void>;
}) {
  const id = useId();
  /** The requested state, while the request is pending. */
  const [pending, setPending] = useState<boolean | null>(null);
  const on = pending ?? likes !== undefined;

  const toggle = async () => {
    if (pending !== null) return;
    setPending(!on);
    await onToggle(!on);
    setPending(null);
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
              ? `Shared, but you liked no ${domain.item.one} in the last 30 days`
              : `${countOf(likes, domain.item)} shared, and new likes as you make them`}
        </p>
      </div>
      <button
        id={id}
        type="button"
        role="switch"
        aria-checked={on}
        aria-describedby={`${id}-state`}
        onClick={toggle}
        className="relative h-7 w-12 shrink-0 rounded-full border border-ink/60 transition-colors before:absolute before:top-1 before:left-1 before:size-[1.125rem] before:rounded-full before:bg-ink/60 before:transition-transform aria-checked:border-ink aria-checked:bg-ink aria-checked:before:translate-x-5 aria-checked:before:bg-paper"
      />
    </li>
  );
}
