'use client';

import { useMemo } from 'react';
import { count } from '../ui/text';
import { toast } from '../ui/toasts';
import { useStable } from '../ui/use-stable';
import {
  applyChange,
  type Change,
  type Choice,
  dislike,
  hide,
  isPick,
  like,
  type PickedItem,
  remove,
  type Saved,
  type SavedItem,
  save,
} from './picks';

/** The visitor's lists, and how to change them; a change returns a function that undoes it. */
interface Lists {
  choices: readonly Choice[];
  saved: readonly Saved[];
  change: (change: Change) => () => void;
  changeSaved: (change: Change<Saved>) => () => void;
  /** Whether the choices are those of a link. */
  borrowed?: boolean;
}

interface Listener {
  /** A change to the visitor's own choices is about to be made. */
  onChange: (change: Change) => void;
  onSave: (id: string) => void;
}

/** The parts of the panel: likes and dislikes, saved items, and hidden items. */
export const PARTS = ['picks', 'saved', 'hidden'] as const;
export type Part = (typeof PARTS)[number];

export interface TasteActions {
  /** Likes it, or takes the like back. */
  onLike: (item: PickedItem) => void;
  /** Likes it, whatever the opinion was before. */
  onPick: (item: PickedItem) => void;
  onDislike: (item: PickedItem) => void;
  /** Not interested. */
  onHide: (item: PickedItem) => void;
  /** Saves it for later, or removes it from that list. */
  onSave: (item: SavedItem) => void;
  /** Removes the opinion of an item. */
  onRemove: (choice: Choice) => void;
  onClear: (part: Part) => void;
}

/** All actions on items. Each shows a message about what it did, which can be undone. Returns a stable object. */
export function useTasteActions(
  { choices, saved, change, changeSaved, borrowed = false }: Lists,
  listener: Listener,
): TasteActions {
  const onChange = useStable(listener.onChange);
  const apply = useStable((wanted: Change, message: string) => {
    const { undo } = applyChange(choices, wanted);
    // Changes to a link's choices are not the visitor's own, and neither is undoing them.
    const isOwn = !borrowed;
    if (isOwn) onChange(wanted);
    const undoChange = change(wanted);
    const run = () => {
      if (isOwn) onChange(undo);
      undoChange();
    };
    toast(message, { label: 'Undo', run });
  });
  const applySaved = useStable((wanted: Change<Saved>, message: string) =>
    toast(message, { label: 'Undo', run: changeSaved(wanted) }),
  );

  const onLike = useStable((item: PickedItem) => {
    const isLiked = choices.some(({ id, value }) => id === item.id && value > 0);
    if (isLiked) apply(remove(item.id), `${item.title} is removed from your picks`);
    else apply(like(item, Date.now()), `You like ${item.title}`);
  });

  const onSave = useStable((item: SavedItem) => {
    if (saved.some(({ id }) => id === item.id)) {
      // No event, and none for its undoing: a save counts once, as a sign of interest. No kind of event takes it back;
      // `retract` would take back an opinion of the item.
      applySaved(remove(item.id), `${item.title} is removed from your saved list`);
    } else {
      listener.onSave(item.id);
      applySaved(save(item, Date.now()), `${item.title} is saved for later`);
    }
  });

  const onClear = useStable((part: Part) => {
    if (part === 'saved') {
      const drop = saved.map(({ id }) => id);
      applySaved({ put: [], drop }, `All ${count(drop.length)} saved are cleared`);
    } else {
      const drop = choices.filter((choice) => isPick(choice) === (part === 'picks')).map(({ id }) => id);
      const all = `All ${count(drop.length)}`;
      apply({ put: [], drop }, part === 'picks' ? `${all} picks are cleared` : `${all} may be shown again`);
    }
  });

  return useMemo(
    () => ({
      onLike,
      onPick: (item) => apply(like(item, Date.now()), `You like ${item.title}`),
      onDislike: (item) => apply(dislike(item, Date.now()), `${item.title} is not for you`),
      onHide: (item) => apply(hide(item, Date.now()), `${item.title} is hidden; your picks are unchanged`),
      onSave,
      onRemove: (choice) => {
        const name = choice.item?.title ?? choice.id;
        apply(remove(choice.id), isPick(choice) ? `${name} is removed from your picks` : `${name} may be shown again`);
      },
      onClear,
    }),
    [onLike, onSave, onClear, apply],
  );
}
