import { ExternalLink, EyeOff, type LucideIcon, ThumbsDown, X } from 'lucide-react';
import { type ReactNode, useEffect, useId, useRef } from 'react';
import { Button } from '../ui/button';

const ROW =
  'flex min-h-11 w-full items-center gap-2.5 px-3 py-1 text-left transition-colors hover:bg-wash focus-visible:-outline-offset-2';

/**
 * Actions on an item besides like and save. The panel covers the foot of the cover, right above the button that opens
 * it, so that it fits every screen. The first action has the focus; Escape closes the panel.
 */
export function More({
  id,
  title,
  link,
  onDislike,
  onHide,
  onFollow,
  onClose,
}: {
  id: string;
  title: string;
  /** A site with more about it, and the address there; a card with room has a button for it instead. */
  link?: [where: string, address: string];
  onDislike: () => void;
  onHide: () => void;
  onFollow: () => void;
  onClose: () => void;
}) {
  const panel = useRef<HTMLDivElement>(null);
  useEffect(() => panel.current?.querySelector<HTMLElement>('[data-action]')?.focus({ preventScroll: true }), []);

  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms.
    <div
      ref={panel}
      id={id}
      role="group"
      aria-label={`More about ${title}`}
      onKeyDown={(event) => event.key === 'Escape' && onClose()}
      className="arriving absolute inset-x-0 bottom-0 flex max-h-full flex-col overflow-y-auto bg-sheet pb-1 text-ink shadow-[0_-6px_16px_-6px_rgb(0_0_0/0.35)]"
    >
      <div className="flex items-center justify-between gap-1 py-1 pr-1 pl-3">
        <p dir="auto" className="truncate font-semibold text-xs">
          {title}
        </p>
        <Button look="icon" onClick={onClose} aria-label={`Close more about ${title}`}>
          <X size={16} aria-hidden="true" />
        </Button>
      </div>
      <Action label="Not interested" name={`Not interested in ${title}`} icon={EyeOff} onClick={onHide}>
        Only hides it
      </Action>
      <Action label="Dislike" name={`Dislike ${title}`} icon={ThumbsDown} onClick={onDislike}>
        Fewer like it
      </Action>
      {link && (
        <a
          href={link[1]}
          target="_blank"
          rel="noopener noreferrer"
          aria-label={`${title} on ${link[0]}, opens in a new tab`}
          onClick={onFollow}
          className={`${ROW} @min-[12rem]/card:hidden`}
        >
          <ExternalLink size={16} aria-hidden="true" className="shrink-0 text-quiet" />
          <span className="truncate font-medium text-sm leading-4">Open on {link[0]}</span>
        </a>
      )}
    </div>
  );
}

function Action({
  label,
  name,
  icon: Icon,
  onClick,
  children,
}: {
  label: string;
  /** The label with the item's title. */
  name: string;
  icon: LucideIcon;
  onClick: () => void;
  /** What it does. */
  children: ReactNode;
}) {
  const hintId = useId();
  return (
    <button type="button" data-action aria-label={name} aria-describedby={hintId} onClick={onClick} className={ROW}>
      <Icon size={16} aria-hidden="true" className="shrink-0 text-quiet" />
      <span className="min-w-0">
        <span className="block truncate font-medium text-sm leading-4">{label}</span>
        <span id={hintId} className="block truncate text-quiet text-xs leading-4">
          {children}
        </span>
      </span>
    </button>
  );
}
