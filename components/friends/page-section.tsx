import type { ReactNode } from 'react';

/** A section of the page. Its title is on the left, or above on narrow screens. */
export function PageSection({
  id,
  title,
  hint,
  children,
}: {
  id: string;
  title: string;
  hint?: string;
  children: ReactNode;
}) {
  return (
    <section
      aria-labelledby={id}
      className="grid gap-x-12 gap-y-4 border-line border-t py-8 md:grid-cols-[16rem_minmax(0,1fr)]"
    >
      <div>
        <h2 id={id} tabIndex={-1} className="font-display text-2xl leading-tight outline-none">
          {title}
        </h2>
        {hint && <p className="mt-2 max-w-md text-pretty text-quiet text-sm leading-6">{hint}</p>}
      </div>
      <div className="min-w-0 max-w-2xl">{children}</div>
    </section>
  );
}
