import type { Interest } from '../../lib/contracts/engine';
import type { ListEntries, ListName, Lists, StoredTaste, TasteDatabase } from './database';
import { applyChange, type Change, type Choice, type Entry, inOrder, type Saved } from './picks';

export interface TasteState extends StoredTaste {
  /** False until the device's own record has been read. */
  ready: boolean;
  /** False where nothing outlives this page, because the browser keeps no storage for it. */
  kept: boolean;
}

/** A change that is not on the device yet, and what undoes it there. */
interface Pending<T extends Entry> {
  change: Change<T>;
  undo: Change<T>;
}

const UNREAD: TasteState = { ready: false, kept: true, choices: [], saved: [], interests: [] };
export const unreadTaste = () => UNREAD;

/**
 * One domain's choices, saved items and interests: shown at once, written to the device behind, the same in every tab.
 *
 * A tab that writes tells the others only that it did; they read the database again and never answer, so
 * nothing can echo. Changes not yet written are laid over whatever is read, so nothing flickers either.
 */
export class TasteStore {
  readonly #domain: string;
  readonly #database: Promise<TasteDatabase | null>;
  readonly #channel: BroadcastChannel | null;
  readonly #listeners = new Set<() => void>();
  #state = UNREAD;
  #pending: { [Name in ListName]: Pending<ListEntries[Name]>[] } = { choices: [], saved: [] };
  #pendingInterests: Interest[] | null = null;
  #queue: Promise<void> = Promise.resolve();
  readonly #firstRead: Promise<void>;
  /** True once a write was refused: from then on the page knows more than the device, and goes by what it knows. */
  #unsaved = false;

  constructor(domain: string, database: Promise<TasteDatabase | null>, channel: BroadcastChannel | null) {
    this.#domain = domain;
    this.#database = database;
    this.#channel = channel;
    channel?.addEventListener('message', (event: MessageEvent<unknown>) => {
      if (event.data === domain) this.#enqueue(() => this.#read());
    });
    this.#enqueue(() => this.#read());
    this.#firstRead = this.#queue;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly getState = (): TasteState => this.#state;

  /** Applies a change to the choices now; returns what undoes it. */
  change(change: Change): () => void {
    return this.#change('choices', change);
  }

  /** The same for what is saved. */
  changeSaved(change: Change<Saved>): () => void {
    return this.#change('saved', change);
  }

  #change<Name extends ListName>(name: Name, change: Change<ListEntries[Name]>): () => void {
    const lists: Lists = this.#state;
    const { list, undo } = applyChange(lists[name], change);
    this.#show({ ...this.#state, [name]: list });
    const pending: Pending<ListEntries[Name]> = { change, undo };
    const waiting: Pending<ListEntries[Name]>[] = this.#pending[name];
    waiting.push(pending);
    this.#save(
      (database) => database.write(this.#domain, name, change),
      () => void waiting.splice(waiting.indexOf(pending), 1),
    );
    // What the change replaced is not known before the record has been read.
    return () => {
      if (this.#state.ready) this.#change(name, pending.undo);
      else void this.#firstRead.then(() => this.#change(name, pending.undo));
    };
  }

  setInterests(interests: Interest[]): void {
    this.#show({ ...this.#state, interests });
    this.#pendingInterests = interests;
    this.#save(
      (database) => database.writeInterests(this.#domain, interests),
      () => {
        if (this.#pendingInterests === interests) this.#pendingInterests = null;
      },
    );
  }

  /** Resolves once all that was asked so far is written and read. */
  settled(): Promise<void> {
    return this.#queue;
  }

  #save(write: (database: TasteDatabase) => Promise<void>, onSaved: () => void): void {
    this.#enqueue(async () => {
      const database = await this.#database;
      try {
        if (database) await write(database);
      } catch (error) {
        this.#unsaved = true;
        throw error;
      }
      onSaved();
      this.#channel?.postMessage(this.#domain);
    });
  }

  /** One at a time. A database that fails later on (quota, eviction) leaves the page working from memory. */
  #enqueue(task: () => Promise<void>): void {
    this.#queue = this.#queue.then(task).catch(() => this.#show({ ...this.#state, ready: true, kept: false }));
  }

  async #read(): Promise<void> {
    const database = await this.#database;
    if (!database || this.#unsaved) return this.#show({ ...this.#state, ready: true, kept: false });
    const stored = await database.read(this.#domain);
    this.#show({
      ready: true,
      kept: true,
      choices: layOver(stored.choices, this.#pending.choices),
      saved: layOver(stored.saved, this.#pending.saved),
      interests: this.#pendingInterests ?? stored.interests,
    });
  }

  /** Keeps the lists' identity where nothing changed, so that nothing is computed again. */
  #show(next: TasteState): void {
    const now = this.#state;
    if (sameChoices(next.choices, now.choices)) next = { ...next, choices: now.choices };
    if (sameEntries(next.saved, now.saved)) next = { ...next, saved: now.saved };
    if (sameIds(next.interests, now.interests)) next = { ...next, interests: now.interests };
    this.#state = next;
    for (const listener of this.#listeners) listener();
  }
}

/** A list as it was read, with the changes over it that are still to be written; each learns what undoes it. */
function layOver<T extends Entry>(stored: readonly T[], waiting: readonly Pending<T>[]): T[] {
  let now = inOrder(stored);
  for (const pending of waiting) {
    const { list, undo } = applyChange(now, pending.change);
    now = list;
    pending.undo = undo;
  }
  return now;
}

const sameIds = (a: readonly { id: string }[], b: readonly { id: string }[]) =>
  a.length === b.length && a.every((entry, i) => entry.id === b[i].id);

const sameEntries = (a: readonly Entry[], b: readonly Entry[]) =>
  sameIds(a, b) && a.every((entry, i) => entry.at === b[i].at);

const sameChoices = (a: readonly Choice[], b: readonly Choice[]) =>
  sameEntries(a, b) && a.every((entry, i) => entry.value === b[i].value);
