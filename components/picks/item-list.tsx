'use client';

import type { LucideIcon } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Stamp } from '../cover/cover';
import { Button } from '../ui/button';
import { count } from '../ui/text';
import type { PickedItem } from './picks';

const ROWS_PER_PAGE = 30;

export interface RowAction {
  label: string;
  icon: LucideIcon;
  /** The state of a toggle; absent for other actions. */
  pressed?: boolean;
  onClick: () => void;
}

export interface Row {
  id: string;
  item: PickedItem | null;
  /** The line under its name. */
  line: string;
  isStruck?: boolean;
  /** A site with more about it, and the address there. */
  link?: [where: string, address: string];
  onFollow?: () => void;
  actions: readonly RowAction[];
}

/** Items with their actions: a column on wide screens, a row of fixed height on phones. */
export function ItemList({ label, rows }: { label: string; rows: readonly Row[] }) {
  const [shown, setShown] = useState(ROWS_PER_PAGE);
  const list = useRef<HTMLUListElement>(null);
  /** The button last used. If its row and the focus are gone, the same button of the next row gets the focus. */
  const used = useRef<{ row: number; fromEnd: number } | null>(null);

  useEffect(() => {
    if (used.current === null || document.activeElement !== document.body) return;
    const rowsNow = list.current?.children;
    const row = rowsNow?.[Math.min(used.current.row, rowsNow.length - 1)];
    const buttons = row?.querySelectorAll('button');
    buttons?.[buttons.length - used.current.fromEnd]?.focus();
    used.current = null;
  });

  return (
    <>
      <ul
        ref={list}
        aria-label={label}
        className="mt-2 flex max-lg:-mx-4 max-lg:gap-2 max-lg:overflow-x-auto max-lg:px-4 max-lg:pb-2 lg:mt-0 lg:flex-col lg:divide-y lg:divide-line"
      >
        {rows.slice(0, shown).map(({ id, item, line, isStruck, link, onFollow, actions }, index) => {
          const name = item?.title ?? id;
          const look = `line-clamp-2 break-words text-sm leading-[1.15rem] ${isStruck ? 'text-quiet line-through' : 'font-medium'}`;
          return (
            <li
              key={id}
              className="flex items-center gap-3 max-lg:w-72 max-lg:shrink-0 max-lg:rounded-lg max-lg:border max-lg:border-line max-lg:bg-sheet max-lg:px-3 max-lg:py-1 lg:py-2.5"
            >
              {item ? (
                <Stamp item={item} />
              ) : (
                <span aria-hidden="true" className="aspect-[3/4] w-8 shrink-0 rounded-[2px] bg-wash" />
              )}
              <span className="min-w-0 flex-1">
                {link ? (
                  <a
                    href={link[1]}
                    target="_blank"
                    rel="noopener noreferrer"
                    dir="auto"
                    aria-label={`${name} on ${link[0]}, opens in a new tab`}
                    title={`More on ${link[0]}`}
                    onClick={onFollow}
                    onAuxClick={(event) => event.button === 1 && onFollow?.()}
                    className={`${look} underline decoration-line underline-offset-2 hover:text-accent hover:decoration-accent`}
                  >
                    {name}
                  </a>
                ) : (
                  <span dir="auto" title={name} className={look}>
                    {name}
                  </span>
                )}
                <span className="block truncate text-quiet text-xs">{line}</span>
              </span>
              <span className="-mr-2 flex">
                {actions.map(({ label, icon: Icon, pressed, onClick }, i) => (
                  <button
                    key={label}
                    type="button"
                    aria-label={label}
                    title={label}
                    aria-pressed={pressed}
                    onClick={() => {
                      used.current = { row: index, fromEnd: actions.length - i };
                      onClick();
                    }}
                    className="flex h-9 w-8 items-center justify-center rounded-full text-quiet hover:bg-wash hover:text-ink aria-pressed:text-accent"
                  >
                    <Icon size={16} aria-hidden="true" fill={pressed ? 'currentColor' : 'none'} />
                  </button>
                ))}
              </span>
            </li>
          );
        })}
      </ul>
      {rows.length > shown && (
        <Button look="quiet" onClick={() => setShown(shown + ROWS_PER_PAGE)} className="mt-2 -ml-2.5">
          Show {count(Math.min(ROWS_PER_PAGE, rows.length - shown))} more of {count(rows.length)}
        </Button>
      )}
    </>
  );
}
