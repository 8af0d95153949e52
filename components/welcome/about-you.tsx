'use client';

import { useEffect, useState } from 'react';
import type { VisitorProfile } from '../../lib/contracts/events';
import type { ProfileOptions } from '../consent/profile-fields';
import { ProfileSelects } from '../consent/profile-selects';
import { Button } from '../ui/button';
import { suggestFromLocale } from './locale-suggestion';

/** The optional profile of the survey; collapsed and empty unless the visitor opens it. */
export function AboutYou({
  profile,
  options,
  onChange,
}: {
  profile: VisitorProfile;
  options: ProfileOptions;
  onChange: (profile: VisitorProfile) => void;
}) {
  const [open, setOpen] = useState(false);
  const [suggestion, setSuggestion] = useState<VisitorProfile | null>(null);
  useEffect(() => setSuggestion(suggestFromLocale(navigator.language, options)), [options]);

  const nameOf = (field: 'region' | 'language') =>
    options[field].find(({ value }) => value === suggestion?.[field])?.label;
  const suggested = [nameOf('language'), nameOf('region')].filter(Boolean).join(', ');
  const isUsed = suggestion?.region === profile.region && suggestion?.language === profile.language;

  return (
    <details
      open={open}
      onToggle={(event) => setOpen(event.currentTarget.open)}
      className="mt-6 rounded border border-line bg-sheet"
    >
      <summary className="cursor-pointer px-4 py-3 font-medium text-sm">Tell us a little more (optional)</summary>
      {open && (
        <div className="px-4 pb-4">
          <p className="max-w-xl text-pretty text-quiet text-sm">
            Your first list then includes what people like you enjoy. The server uses your answers for this list and
            does not store them.
          </p>
          <ProfileSelects profile={profile} options={options} onChange={onChange} className="bg-paper" />
          {suggestion && !isUsed && (
            <p className="mt-3 flex flex-wrap items-center gap-x-3 gap-y-1 text-quiet text-sm">
              From your browser’s language: {suggested}.
              <Button look="quiet" onClick={() => onChange({ ...profile, ...suggestion })}>
                Use this
              </Button>
            </p>
          )}
        </div>
      )}
    </details>
  );
}
