'use client';

import { type ComponentProps, useId, useState } from 'react';
import { asInkpickError } from '../engine/use-domain';
import { Button } from '../ui/button';
import { capitalise } from '../ui/text';

/** One line of text with a button; an error is shown below it. */
export function LineForm({
  label,
  button,
  initial = '',
  onSubmit,
  ...input
}: {
  label: string;
  button: string;
  initial?: string;
  /** Resolves to the new text of the line; rejects with an error to show. */
  onSubmit: (text: string) => Promise<string>;
} & Omit<ComponentProps<'input'>, 'onSubmit'>) {
  const id = useId();
  const [text, setText] = useState(initial);
  const [problem, setProblem] = useState<string | null>(null);
  const [sending, setSending] = useState(false);

  const submit = async () => {
    if (sending) return;
    setSending(true);
    setProblem(null);
    try {
      setText(await onSubmit(text));
    } catch (error) {
      setProblem(capitalise(asInkpickError(error).message));
    } finally {
      setSending(false);
    }
  };

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <label htmlFor={id} className="font-medium text-sm">
        {label}
      </label>
      <div className="mt-1.5 flex items-end gap-3">
        <input
          {...input}
          id={id}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setProblem(null);
          }}
          aria-invalid={problem !== null}
          aria-describedby={`${id}-problem`}
          className="h-10 w-full min-w-0 max-w-xs rounded-none border-ink border-b-2 bg-transparent text-lg tabular-nums outline-none placeholder:text-quiet focus:border-accent"
        />
        <Button type="submit" aria-disabled={sending}>
          {button}
        </Button>
      </div>
      <p id={`${id}-problem`} role="alert" className="mt-2 text-accent text-sm empty:hidden">
        {problem}
      </p>
    </form>
  );
}
