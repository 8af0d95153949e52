'use client';

import { useId } from 'react';
import type { VisitorProfile } from '../../lib/contracts/events';
import { PROFILE_FIELDS, type ProfileOptions } from './profile-fields';

/** A select for each profile field. A field set to "Rather not say" is absent from the profile. */
export function ProfileSelects({
  profile,
  options,
  onChange,
  className = 'bg-sheet',
}: {
  profile: VisitorProfile;
  options: ProfileOptions;
  onChange: (profile: VisitorProfile) => void;
  /** Classes of each select: its background, which depends on what is behind it. */
  className?: string;
}) {
  const id = useId();
  return (
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
              const { [name]: _previous, ...others } = profile;
              onChange({ ...others, ...(target.value && { [name]: target.value }) });
            }}
            className={`mt-1 block min-h-10 w-full rounded border border-ink/30 px-2.5 text-sm hover:border-ink ${className}`}
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
  );
}
