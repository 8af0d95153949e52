'use client';

import { useCallback, useEffect, useMemo, useState } from 'react';
import type { Interest } from '../../lib/contracts/engine';
import { askAgainAfterCrash } from '../engine/ask-again';
import { engine } from '../engine/client';
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
import { addInterests } from '../welcome/survey';
import { DEFAULT_SETTINGS, decodeFragment, encodeFragment, type LinkedTaste, type Settings } from './fragment';

/** Marks a history entry whose fragment this page wrote from the visitor's own picks: it is no one's link. */
const OWN = 'own';
const WRITE_DELAY_MS = 120;

/** Kept while the visitor goes from one domain to another. */
let settingsOfThisVisit = DEFAULT_SETTINGS;

interface Borrowed {
  choices: Choice[];
  interests: Interest[];
  /** Whether the catalog has been asked for the items. */
  resolved: boolean;
}

export interface PageState {
  /** False on the server and until the address and the device's record have been read. */
  ready: boolean;
  /** False where picks cannot outlive this page. */
  kept: boolean;
  settings: Settings;
  setSettings: (change: Partial<Settings>) => void;
  choices: Choice[];
  /** What the visitor saved for later: always their own, whatever link is shown. */
  saved: Saved[];
  interests: Interest[];
  /** True while a link's picks are shown in place of the visitor's own. */
  borrowed: boolean;
  /** True once an item that is still unnamed is one that the catalog does not hold. */
  resolved: boolean;
  /** Applies a change to the choices shown; returns what undoes it. */
  change: (change: Change) => () => void;
  /** The same for what is saved. */
  changeSaved: (change: Change<Saved>) => () => void;
  setInterests: (interests: Interest[]) => void;
  /** Adds the link's picks to the visitor's own; returns what undoes it. */
  adopt: () => () => void;
  /** Back to the visitor's own picks. */
  dismiss: () => void;
}

/**
 * The state that the address shares: settings, picks and interests. The visitor's own picks live on the
 * device; a link with others is shown as it is and kept apart until the visitor decides.
 */
export function usePageState(domain: string, known: readonly Interest[], catalogReady: boolean): PageState {
  const own = useOwnTaste(domain);
  const [settings, setAllSettings] = useState(DEFAULT_SETTINGS);
  /** What the address carries: undefined before it is read, null where it is the visitor's own or nothing. */
  const [link, setLink] = useState<LinkedTaste | null | undefined>(undefined);
  const [borrowed, setBorrowed] = useState<Borrowed | null>(null);
  const ready = own.ready && link === null;

  useEffect(() => {
    const read = () => {
      const fragment = decodeFragment(window.location.hash);
      settingsOfThisVisit = fragment.settings ?? settingsOfThisVisit;
      setAllSettings(settingsOfThisVisit);
      const taste = window.history.state?.inkpick === OWN ? null : fragment.taste;
      // Back from a link, for instance: its picks are not what this address says.
      if (!taste) setBorrowed(null);
      setLink(taste);
    };
    read();
    window.addEventListener('hashchange', read);
    return () => window.removeEventListener('hashchange', read);
  }, []);

  // A link is weighed against the visitor's own picks once, when both have been read.
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
    askAgainAfterCrash(() => engine().items(domain, ids, { signal: abort.signal }), abort.signal).then(
      (items) => setBorrowed((now) => now && { ...now, choices: resolveChoices(now.choices, items), resolved: true }),
      // The list can be read without names; recommending reports what is wrong with the engine.
      () => undefined,
    );
    return () => abort.abort();
  }, [borrowed, catalogReady, domain]);

  const { choices, interests } = borrowed ?? own;
  const isBorrowed = borrowed !== null;
  useEffect(() => {
    if (!ready) return;
    const write = () => {
      const hash = `#${encodeFragment(settings, toLinked(choices, interests))}`;
      const mark = isBorrowed ? null : OWN;
      if (window.location.hash === hash && window.history.state?.inkpick === mark) return;
      // With the router's own state in it, the router leaves this alone. Otherwise it would take it for a
      // navigation and drop one that is under way, such as a link just clicked.
      window.history.replaceState({ ...window.history.state, inkpick: mark }, '', hash);
    };
    const timer = setTimeout(write, WRITE_DELAY_MS);
    return () => clearTimeout(timer);
  }, [ready, settings, choices, interests, isBorrowed]);

  const setSettings = useCallback((change: Partial<Settings>) => {
    settingsOfThisVisit = { ...settingsOfThisVisit, ...change };
    setAllSettings(settingsOfThisVisit);
  }, []);

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
    const at = Date.now();
    // What the catalog does not hold is not worth keeping.
    const put = choices.filter((entry) => entry.item !== null).map((entry, i) => ({ ...entry, at: at - i }));
    const undo = store.change({ put, drop: [] });
    if (interests.length > 0) store.setInterests(addInterests(mine.interests, interests));
    setBorrowed(null);
    return () => {
      undo();
      store.setInterests(mine.interests);
    };
  }, [domain, choices, interests]);

  const dismiss = useCallback(() => setBorrowed(null), []);

  return useMemo(
    () => ({
      ready,
      kept: own.kept,
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
      own.kept,
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
