'use client';

import { type ReactNode, useEffect, useRef } from 'react';
import type { Person } from '../../lib/contracts/friends';
import { Button } from '../ui/button';

/** How somebody is called who gave no name. */
export const nameOf = ({ name }: { name: string | null }) => name ?? 'Somebody without a name';

export interface PersonAction<P> {
  /** On the button; with the name it is read out, such as "Block Ben". */
  label: string;
  run: (person: P) => void;
}

/** People, and what can be done about each. `headingId` names the list and takes the focus of a row that goes. */
export function People<P extends Person>({
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
  /** Whether a button of this list was pressed last, whose row may go. */
  const pressed = useRef(false);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a shorter list is what may have taken the focus away.
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
