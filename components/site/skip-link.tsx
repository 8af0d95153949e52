'use client';

/** Link to the content, first in tab order. It moves the focus by script: the fragment stores the page's state. */
export function SkipLink() {
  return (
    // biome-ignore lint/a11y/useValidAnchor: a link works without script too.
    <a
      href="#main"
      className="-translate-y-20 absolute top-2 left-2 z-50 rounded-full bg-ink px-4 py-2 text-paper focus:translate-y-0"
      onClick={(event) => {
        event.preventDefault();
        document.getElementById('main')?.focus();
      }}
    >
      Skip to the content
    </a>
  );
}
