'use client';

import { type FormEvent, useId, useState } from 'react';
import type { VisitorProfile } from '../../lib/contracts/events';
import { asInkpickError } from '../engine/use-domain';
import { Button } from '../ui/button';
import { agree } from './me';
import { PROFILE_FIELDS, type ProfileOptions } from './profile-fields';

/** What a visitor tells of themselves, each thing only if they like. `onSaved` hears once the server has it. */
export function ProfileForm({
  profile,
  options,
  onSaved,
}: {
  profile: VisitorProfile;
  options: ProfileOptions;
  onSaved: () => void;
}) {
  const [state, setState] = useState<'idle' | 'sending' | 'saved'>('idle');
  const [problem, setProblem] = useState<string | null>(null);
  const id = useId();

  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const told = Object.fromEntries(
      PROFILE_FIELDS.map(({ name }) => [name, given.get(name) || null]),
    ) as VisitorProfile;
    setState('sending');
    setProblem(null);
    try {
      await agree(told);
      setState('saved');
      onSaved();
    } catch (error) {
      setState('idle');
      setProblem(asInkpickError(error).message);
    }
  };

  return (
    <form onSubmit={onSubmit} onChange={() => setState('idle')} className="mt-4">
      <div className="grid gap-4 sm:grid-cols-3">
        {PROFILE_FIELDS.map(({ name, label }) => (
          <div key={name} className="min-w-0">
            <label htmlFor={id + name} className="font-medium text-sm">
              {label}
            </label>
            <select
              id={id + name}
              name={name}
              defaultValue={profile[name] ?? ''}
              className="mt-1 block min-h-10 w-full rounded border border-ink/30 bg-sheet px-2.5 text-sm hover:border-ink"
            >
              <option value="">Rather not say</option>
              {options[name].map((option) => (
                <option key={option.value} value={option.value}>
                  {option.label}
                </option>
              ))}
            </select>
          </div>
        ))}
      </div>
      <div className="mt-4 flex flex-wrap items-center gap-x-4 gap-y-2">
        <Button type="submit" disabled={state === 'sending'}>
          Save
        </Button>
        <p role="status" className="text-quiet text-sm">
          {state === 'saved' && 'Saved.'}
        </p>
      </div>
      {problem && (
        <p role="alert" className="mt-2 text-sm">
          That was not saved: {problem}
        </p>
      )}
    </form>
  );
}
