'use client';

import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Interest } from '../../lib/contracts/engine';
import { engine } from '../engine/client';
import { retryAfterCrash } from '../engine/retry-after-crash';
import {
  applyChange,
  type Change,
  type Choice,
  fromLinked,
  resolveChoices,
  type Saved,
  sameTaste,
  toLinked,
} from '../picks/picks';
import { tasteStore, useOwnTaste } from '../picks/use-taste';
import { DEFAULT_SETTINGS, SETTING_NAMES, type Settings, withoutSettings } from '../settings/settings';
import { settingsStore, useChosenSettings } from '../settings/use-settings';
import { addInterests } from '../welcome/survey';
import { decodeFragment, encodeFragment, type LinkedTaste } from './fragment';

/** Marks a history entry whose fragment this page wrote from the visitor's own picks: its taste is no link's. */
const OWN = 'own';
const WRITE_DELAY_MS = 120;
/** Longer than a reload takes to begin; a page that stays after all, as after a download, still writes its address. */
const LEAVE_DELAY_MS = 5000;

/**
 * What this page keeps in `history.state` beside the router's own state. It says which parts of the fragment mirror the
 * device's records, so that after a reload the records decide, which may be newer than the fragment.
 */
interface EntryMarks {
  inkpick?: typeof OWN | null;
  /** Names of settings, with commas between. */
  inkpickSettings?: string;
}

const readMarks = (): EntryMarks => window.history.state ?? {};

/** The names of the settings that are the visitor's own while a link decides these. */
const ownNames = (linked: Partial<Settings>): string => SETTING_NAMES.filter((name) => !(name in linked)).join();

/** The taste of a link, shown in place of the visitor's own. */
interface Borrowed {
  choices: Choice[];
  interests: Interest[];
  /** Whether the engine has looked the items up. */
  resolved: boolean;
}

export interface PageState {
  /** False on the server and until the address and the device's records have been read. */
  ready: boolean;
  /** False where picks cannot outlive this page. */
  isStored: boolean;
  settings: Settings;
  setSettings: (change: Partial<Settings>) => void;
  choices: Choice[];
  /** The items saved for later: always the visitor's own, also while a link is shown. */
  saved: Saved[];
  interests: Interest[];
  /** True while a link's picks are shown in place of the visitor's own. */
  borrowed: boolean;
  /** True once every item of the catalog has its name: one still without is not in the catalog. */
  resolved: boolean;
  /** Applies a change to the choices shown; returns a function that undoes it. */
  change: (change: Change) => () => void;
  /** The same for saved items. */
  changeSaved: (change: Change<Saved>) => () => void;
  setInterests: (interests: Interest[]) => void;
  /** Makes the link's picks and settings the visitor's own; returns a function that undoes it. */
  adopt: () => () => void;
  /** Goes back to the visitor's own picks and settings. */
  dismiss: () => void;
}

/**
 * The state that the address shares: settings, picks and interests. The visitor's own are stored on the device. A link
 * with others is shown as it is, and stored only when the visitor adopts it; a setting, when the visitor changes it.
 */
export function usePageState(domain: string, known: readonly Interest[], catalogReady: boolean): PageState {
  const own = useOwnTaste(domain);
  const { isReady: areSettingsRead, isStored: areSettingsStored, chosen } = useChosenSettings();
  /** The settings in the address that are a link's: they outrank the visitor's own. */
  const [linked, setLinked] = useState<Partial<Settings>>({});
  /** The settings in the address that this page wrote from the visitor's own. */
  const [mirrored, setMirrored] = useState<Partial<Settings>>({});
  /** The taste that the address carries: undefined before it is read, null where it is the visitor's own or none. */
  const [link, setLink] = useState<LinkedTaste | null | undefined>(undefined);
  const [borrowed, setBorrowed] = useState<Borrowed | null>(null);
  const ready = own.ready && areSettingsRead && link === null;

  const settings = useMemo<Settings>(
    // Without storage, the address is all that a reload leaves of the visitor's own settings.
    () => ({ ...DEFAULT_SETTINGS, ...(!areSettingsStored && mirrored), ...chosen, ...linked }),
    [areSettingsStored, mirrored, chosen, linked],
  );

  useEffect(() => {
    const read = () => {
      const fragment = decodeFragment(window.location.hash);
      const { inkpick, inkpickSettings = '' } = readMarks();
      if (fragment.settings) {
        const fromLink = withoutSettings(fragment.settings, inkpickSettings.split(','));
        setLinked(fromLink);
        setMirrored(withoutSettings(fragment.settings, Object.keys(fromLink)));
      }
      const taste = inkpick === OWN ? null : fragment.taste;
      // Back from a link, for instance: this address does not carry its picks.
      if (!taste) setBorrowed(null);
      setLink(taste);
    };
    read();
    window.addEventListener('hashchange', read);
    return () => window.removeEventListener('hashchange', read);
  }, []);

  // A link's picks are compared with the visitor's own once, when both have been read.
  useEffect(() => {
    if (!link || !own.ready) return;
    if (sameTaste(link, toLinked(own.choices, own.interests))) setBorrowed(null);
    else {
      const interests = known.filter((interest) => link.interests.includes(interest.id));
      setBorrowed({ choices: fromLinked(link), interests, resolved: false });
    }
    setLink(null);
  }, [link, own, known]);

  useEffect(() => {
    if (!borrowed || borrowed.resolved || !catalogReady) return;
    const abort = new AbortController();
    const ids = borrowed.choices.filter((choice) => choice.item === null).map((choice) => choice.id);
    retryAfterCrash(() => engine().items(domain, ids, { signal: abort.signal }), abort.signal).then(
      (items) => setBorrowed((now) => now && { ...now, choices: resolveChoices(now.choices, items), resolved: true }),
      // The page works without names; the call for recommendations reports what is wrong with the engine.
      () => undefined,
    );
    return () => abort.abort();
  }, [borrowed, catalogReady, domain]);

  const { choices, interests } = borrowed ?? own;
  const isBorrowed = borrowed !== null;
  const changedAt = useRef(Number.POSITIVE_INFINITY);
  useEffect(() => {
    if (!ready) return;
    const write = () => {
      const hash = `#${encodeFragment(settings, toLinked(choices, interests))}`;
      const marks: EntryMarks = { inkpick: isBorrowed ? null : OWN, inkpickSettings: ownNames(linked) };
      const now = readMarks();
      const isWritten = now.inkpick === marks.inkpick && now.inkpickSettings === marks.inkpickSettings;
      if (!isWritten || window.location.hash !== hash) replaceEntry(marks, hash);
    };
    // A single change is written at once. Of many in a row only the last is written, because browsers limit how often a
    // page may replace its entry.
    const isSingle = performance.now() - changedAt.current >= WRITE_DELAY_MS;
    changedAt.current = performance.now();
    if (isSingle) return write();
    let timer = setTimeout(write, WRITE_DELAY_MS);
    // An entry that is replaced while it reloads loses its marks, and its outdated fragment would then count as a link.
    const postpone = () => {
      clearTimeout(timer);
      timer = setTimeout(write, LEAVE_DELAY_MS);
    };
    window.addEventListener('beforeunload', postpone);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('beforeunload', postpone);
    };
  }, [ready, settings, linked, choices, interests, isBorrowed]);

  const setSettings = useCallback(
    (change: Partial<Settings>) => {
      settingsStore().change(change);
      const rest = withoutSettings(linked, Object.keys(change));
      if (ownNames(rest) === ownNames(linked)) return;
      setLinked(rest);
      // At once: a reload before the fragment is written would otherwise find the link's setting in force again.
      replaceEntry({ inkpickSettings: ownNames(rest) });
    },
    [linked],
  );

  const change = useCallback(
    (asked: Change) => {
      if (!isBorrowed) return tasteStore(domain).change(asked);
      const apply = (c: Change) => setBorrowed((now) => now && { ...now, choices: applyChange(now.choices, c).list });
      const { undo } = applyChange(choices, asked);
      apply(asked);
      return () => apply(undo);
    },
    [domain, isBorrowed, choices],
  );

  const changeSaved = useCallback((asked: Change<Saved>) => tasteStore(domain).changeSaved(asked), [domain]);

  const setInterests = useCallback(
    (next: Interest[]) => {
      if (isBorrowed) setBorrowed((now) => now && { ...now, interests: next });
      else tasteStore(domain).setInterests(next);
    },
    [domain, isBorrowed],
  );

  const adopt = useCallback(() => {
    const store = tasteStore(domain);
    const mine = store.getState();
    const mySettings = settingsStore().getState().chosen;
    const at = Date.now();
    // Items that the catalog does not have are not worth storing.
    const put = choices.filter((entry) => entry.item !== null).map((entry, i) => ({ ...entry, at: at - i }));
    const undo = store.change({ put, drop: [] });
    if (interests.length > 0) store.setInterests(addInterests(mine.interests, interests));
    settingsStore().change(linked);
    setLinked({});
    setBorrowed(null);
    return () => {
      undo();
      store.setInterests(mine.interests);
      settingsStore().replace(mySettings);
    };
  }, [domain, choices, interests, linked]);

  const dismiss = useCallback(() => {
    setLinked({});
    setBorrowed(null);
  }, []);

  return useMemo(
    () => ({
      ready,
      isStored: own.isStored,
      settings,
      setSettings,
      choices,
      saved: own.saved,
      interests,
      borrowed: isBorrowed,
      resolved: borrowed?.resolved ?? true,
      change,
      changeSaved,
      setInterests,
      adopt,
      dismiss,
    }),
    [
      ready,
      own.isStored,
      settings,
      setSettings,
      choices,
      own.saved,
      interests,
      isBorrowed,
      borrowed?.resolved,
      change,
      changeSaved,
      setInterests,
      adopt,
      dismiss,
    ],
  );
}

/**
 * Replaces what the history entry says of the page.
 *
 * The router's own state stays in it. Without that, the router would take this for a navigation and drop one that is
 * under way, such as a link just clicked.
 */
function replaceEntry(marks: EntryMarks, hash?: string): void {
  window.history.replaceState({ ...window.history.state, ...marks }, '', hash);
}
