'use client';

import { type FormEvent, useState } from 'react';
import type { VisitorProfile } from '../../lib/contracts/events';
import { asInkpickError } from '../engine/use-domain';
import { Button } from '../ui/button';
import { agree } from './consent-api';
import { PROFILE_FIELDS, type ProfileOptions } from './profile-fields';
import { ProfileSelects } from './profile-selects';

/** Form for the optional profile. `onSaved` is called once the server has stored it. */
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
  const [draft, setDraft] = useState<VisitorProfile>(() =>
    Object.fromEntries(PROFILE_FIELDS.flatMap(({ name }) => (profile[name] ? [[name, profile[name]]] : []))),
  );

  const onChange = (changed: VisitorProfile) => {
    setDraft(changed);
    setState('idle');
  };
  const onSubmit = async (event: FormEvent) => {
    event.preventDefault();
    setState('sending');
    setProblem(null);
    try {
      await agree(draft);
      setState('saved');
      onSaved();
    } catch (error) {
      setState('idle');
      setProblem(asInkpickError(error).message);
    }
  };

  return (
    <form onSubmit={onSubmit}>
      <ProfileSelects profile={draft} options={options} onChange={onChange} />
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
          Not saved: {problem}
        </p>
      )}
    </form>
  );
}
