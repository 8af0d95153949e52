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

/** What the visitor keeps, and how to change it; a change returns what undoes it. */
interface Kept {
  choices: readonly Choice[];
  saved: readonly Saved[];
  change: (change: Change) => () => void;
  changeSaved: (change: Change<Saved>) => () => void;
  /** The choices are those of somebody's link. */
  borrowed?: boolean;
}

/** Who hears of what is done. */
interface Witness {
  /** Of a change to the visitor's own choices that is about to be made. */
  onChange: (change: Change) => void;
  onSave: (id: string) => void;
}

/** The parts of the panel: likes and dislikes, what is saved for later, and what the visitor is not interested in. */
export const PARTS = ['picks', 'saved', 'hidden'] as const;
export type Part = (typeof PARTS)[number];

export interface TasteActions {
  /** Likes it, or takes the like back. */
  onLike: (item: PickedItem) => void;
  /** Likes it, whatever was said of it before. */
  onPick: (item: PickedItem) => void;
  onDislike: (item: PickedItem) => void;
  /** Not interested. */
  onHide: (item: PickedItem) => void;
  /** Saves it for later, or takes it off that list. */
  onSave: (item: SavedItem) => void;
  /** Takes the word on an item back. */
  onRemove: (choice: Choice) => void;
  onClear: (part: Part) => void;
}

/** All that can be done with an item. Each action says what it did, and can be undone. The answer is stable. */
export function useTasteActions(
  { choices, saved, change, changeSaved, borrowed = false }: Kept,
  witness: Witness,
): TasteActions {
  const tell = useStable(witness.onChange);
  const say = useStable((asked: Change, message: string) => {
    const { undo } = applyChange(choices, asked);
    // Of somebody else's choices nobody is told, nor later of the undoing.
    const isOwn = !borrowed;
    if (isOwn) tell(asked);
    const takeBack = change(asked);
    const run = () => {
      if (isOwn) tell(undo);
      takeBack();
    };
    toast(message, { label: 'Undo', run });
  });
  const saySaved = useStable((asked: Change<Saved>, message: string) =>
    toast(message, { label: 'Undo', run: changeSaved(asked) }),
  );

  const onLike = useStable((item: PickedItem) => {
    const isLiked = choices.some(({ id, value }) => id === item.id && value > 0);
    if (isLiked) say(remove(item.id), `${item.title} is out of your picks`);
    else say(like(item, Date.now()), `You like ${item.title}`);
  });

  const onSave = useStable((item: SavedItem) => {
    if (saved.some(({ id }) => id === item.id)) {
      // Nothing is told of this, nor of its undoing: a save counts once, as a sign that the item drew somebody, and
      // events have no word that takes it back (`retract` would take back an opinion of the item instead).
      saySaved(remove(item.id), `${item.title} is off your saved list`);
    } else {
      witness.onSave(item.id);
      saySaved(save(item, Date.now()), `${item.title} is saved for later`);
    }
  });

  const onClear = useStable((part: Part) => {
    if (part === 'saved') {
      const drop = saved.map(({ id }) => id);
      saySaved({ put: [], drop }, `All ${count(drop.length)} saved are cleared`);
    } else {
      const drop = choices.filter((choice) => isPick(choice) === (part === 'picks')).map(({ id }) => id);
      const all = `All ${count(drop.length)}`;
      say({ put: [], drop }, part === 'picks' ? `${all} picks are cleared` : `${all} may be shown again`);
    }
  });

  return useMemo(
    () => ({
      onLike,
      onPick: (item) => say(like(item, Date.now()), `You like ${item.title}`),
      onDislike: (item) => say(dislike(item, Date.now()), `${item.title} is not for you`),
      onHide: (item) => say(hide(item, Date.now()), `${item.title} is hidden; your taste stays as it was`),
      onSave,
      onRemove: (choice) => {
        const name = choice.item?.title ?? choice.id;
        say(remove(choice.id), isPick(choice) ? `${name} is out of your picks` : `${name} may be shown again`);
      },
      onClear,
    }),
    [onLike, onSave, onClear, say],
  );
}
