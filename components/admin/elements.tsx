import type { ReactNode } from 'react';
import type { InkpickError } from '../../lib/contracts/errors';
import { Button } from '../ui/button';

/** A section of a tab, under its own heading. */
export function Section({
  title,
  note,
  action,
  children,
}: {
  title: string;
  note?: ReactNode;
  action?: ReactNode;
  children: ReactNode;
}) {
  return (
    <div className="min-w-0">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <h3 className="font-semibold">{title}</h3>
        {action}
      </div>
      {note && <p className="mt-0.5 max-w-2xl text-pretty text-quiet text-sm">{note}</p>}
      <div className="mt-2">{children}</div>
    </div>
  );
}

/** A table that scrolls sideways on narrow screens; it takes the focus, so that the keyboard can scroll it. */
export function Table({ label, head, children }: { label: string; head: readonly Column[]; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
    <section aria-label={label} tabIndex={0} className="overflow-x-auto">
      <table className="w-full border-collapse text-sm tabular-nums [&_td]:border-line [&_td]:border-t [&_td]:py-1.5 [&_td]:pr-4 [&_td]:align-middle [&_td:last-child]:pr-0 [&_tbody_th]:border-line [&_tbody_th]:border-t [&_tbody_th]:py-1.5 [&_tbody_th]:pr-4 [&_tbody_th]:text-left [&_tbody_th]:font-medium">
        <caption className="sr-only">{label}</caption>
        <thead>
          <tr className="text-quiet text-xs">
            {head.map((column) => {
              const { name, right } = typeof column === 'string' ? { name: column, right: false } : column;
              return (
                <th
                  key={name}
                  scope="col"
                  className={`whitespace-nowrap py-1 pr-4 font-medium last:pr-0 ${right ? 'text-right' : 'text-left'}`}
                >
                  {name}
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </section>
  );
}
type Column = string | { name: string; right: true };

/** An error message with a button to try again. */
export function Problem({ error, onRetry }: { error: InkpickError; onRetry?: () => void }) {
  return (
    <div role="alert" className="border-accent border-l-4 bg-sheet px-4 py-3 text-sm">
      <p>{error.message}</p>
      {onRetry && (
        <Button className="mt-2" onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}

export function Loading() {
  return (
    <p role="status" className="text-quiet text-sm">
      Loading
    </p>
  );
}

/** A labelled value in a description list. */
export function Figure({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <dt className="text-quiet text-xs">{label}</dt>
      <dd className="font-semibold tabular-nums">{children}</dd>
    </div>
  );
}

/** Radio buttons in a row. */
export function RadioGroup<T extends string>({
  label,
  value,
  options,
  onChange,
}: {
  label: string;
  value: T;
  options: readonly { value: T; label: string }[];
  onChange: (value: T) => void;
}) {
  return (
    <fieldset className="flex flex-wrap gap-1">
      <legend className="sr-only">{label}</legend>
      {options.map((option) => (
        <label
          key={option.value}
          className="inline-flex min-h-9 items-center rounded-full px-3 text-quiet text-sm hover:bg-wash hover:text-ink has-checked:bg-ink has-checked:text-paper has-focus-visible:outline-2 has-focus-visible:outline-accent has-focus-visible:outline-offset-2"
        >
          <input
            type="radio"
            className="sr-only"
            name={label}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
          />
          {option.label}
        </label>
      ))}
    </fieldset>
  );
}

export const FIELD =
  'w-full min-h-10 rounded border border-line bg-sheet px-3 py-2 text-sm placeholder:text-quiet hover:border-ink/50';

/** A form control with its label above. */
export function Field({ label, hint, children }: { label: string; hint?: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is among the children.
    <label className="block min-w-0 text-sm">
      <span className="font-medium">{label}</span>
      {hint && <span className="text-quiet"> {hint}</span>}
      <span className="mt-1 block">{children}</span>
    </label>
  );
}

/** A select for one of the catalogues, by id. */
export function CatalogueField({
  domains,
  value,
  onChange,
}: {
  domains: readonly { id: string; label: string }[];
  value: string;
  onChange: (domain: string) => void;
}) {
  return (
    <Field label="Catalogue">
      <select className={FIELD} value={value} onChange={(event) => onChange(event.target.value)}>
        {domains.map(({ id, label }) => (
          <option key={id} value={id}>
            {label}
          </option>
        ))}
      </select>
    </Field>
  );
}
