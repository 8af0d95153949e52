'use client';

import { type ReactNode, useEffect, useRef } from 'react';
import type { Person } from '../../lib/contracts/friends';
import { Button } from '../ui/button';

/** A person's display name. */
export const nameOf = ({ name }: { name: string | null }) => name ?? 'A person without a name';

export interface PersonAction<P> {
  /** Text of the button; its accessible name adds the person: "Block Ben". */
  label: string;
  run: (person: P) => void;
}

/** A list of people with actions for each. `headingId` labels the list and takes the focus if a removed row had it. */
export function PeopleList<P extends Person>({
  people,
  headingId,
  empty,
  note,
  actions,
}: {
  people: readonly P[];
  headingId: string;
  empty: ReactNode;
  note?: (person: P) => string;
  actions: readonly PersonAction<P>[];
}) {
  const list = useRef<HTMLUListElement>(null);
  /** Whether a button of this list was pressed last: its row may be removed. */
  const pressed = useRef(false);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a removed row (`people.length`) may have had the focus.
  useEffect(() => {
    if (!pressed.current || document.activeElement !== document.body) return;
    pressed.current = false;
    const next = list.current?.querySelector('button') ?? document.getElementById(headingId);
    next?.focus();
  }, [people.length, headingId]);

  if (people.length === 0) return <p className="text-quiet">{empty}</p>;
  return (
    <ul ref={list} aria-labelledby={headingId} className="divide-y divide-line">
      {people.map((person) => (
        <li key={person.handle} className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 py-3 first:pt-0">
          <div className="min-w-0">
            <p dir="auto" className={`break-words ${person.name === null ? 'text-quiet italic' : 'font-semibold'}`}>
              {nameOf(person)}
            </p>
            {note && <p className="mt-0.5 text-quiet text-sm">{note(person)}</p>}
          </div>
          <div className="flex gap-2">
            {actions.map(({ label, run }) => (
              <Button
                key={label}
                aria-label={`${label} ${nameOf(person)}`}
                onClick={() => {
                  pressed.current = true;
                  run(person);
                }}
              >
                {label}
              </Button>
            ))}
          </div>
        </li>
      ))}
    </ul>
  );
}
