'use client';

import { useEffect, useId, useState } from 'react';
import type { VisitorProfile } from '../../lib/contracts/events';
import { PROFILE_FIELDS, type ProfileOptions } from '../consent/profile-fields';
import { Button } from '../ui/button';
import { suggestedBy } from './locale';

/** What visitors may tell of themselves for the first list; closed, and empty, unless they open it. */
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
  const id = useId();
  useEffect(() => setSuggestion(suggestedBy(navigator.language, options)), [options]);

  const nameOf = (field: 'region' | 'language') =>
    options[field].find(({ value }) => value === suggestion?.[field])?.label;
  const suggested = [nameOf('language'), nameOf('region')].filter(Boolean).join(', ');
  const isTaken = suggestion?.region === profile.region && suggestion?.language === profile.language;

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
            It lets the first list lean towards what people like you enjoy. It goes with the question for that list and
            is not kept.
          </p>
          <div className="mt-4 grid gap-4 sm:grid-cols-3">
            {PROFILE_FIELDS.map(({ name, label }) => (
              <div key={name} className="min-w-0">
                <label htmlFor={id + name} className="font-medium text-sm">
                  {label}
                </label>
                <select
                  id={id + name}
                  value={profile[name] ?? ''}
                  onChange={({ target }) => {
                    const { [name]: _before, ...others } = profile;
                    onChange({ ...others, ...(target.value && { [name]: target.value }) });
                  }}
                  className="mt-1 block min-h-10 w-full rounded border border-ink/30 bg-paper px-2.5 text-sm hover:border-ink"
                >
                  <option value="">Rather not say</option>
                  {options[name].map(({ value, label }) => (
                    <option key={value} value={value}>
                      {label}
                    </option>
                  ))}
                </select>
              </div>
            ))}
          </div>
          {suggestion && !isTaken && (
            <p className="mt-3 flex flex-wrap items-center gap-x-3 gap-y-1 text-quiet text-sm">
              Your browser says: {suggested}.
              <Button look="quiet" onClick={() => onChange({ ...profile, ...suggestion })}>
                Use that
              </Button>
            </p>
          )}
        </div>
      )}
    </details>
  );
}
