import type { Interest } from '../../lib/contracts/engine';
import type { ListEntries, ListName, Lists, StoredTaste, TasteDatabase } from './database';
import { applyChange, type Change, type Choice, type Entry, inOrder, type Saved } from './picks';

export interface TasteState extends StoredTaste {
  /** False until the device's records have been read. */
  ready: boolean;
  /** False where nothing outlives this page, because the browser gives it no storage. */
  isStored: boolean;
}

/** A change that is not on the device yet, and the change that undoes it there. */
interface Pending<T extends Entry> {
  change: Change<T>;
  undo: Change<T>;
}

const UNREAD: TasteState = { ready: false, isStored: true, choices: [], saved: [], interests: [] };
export const unreadTaste = () => UNREAD;

/**
 * One domain's choices, saved items and interests: shown at once, then written to the device, the same in every tab.
 *
 * A tab that writes notifies the others, which read the database again and do not reply, so that nothing echoes.
 * Changes not yet written are applied to what is read, so that nothing flickers.
 */
export class TasteStore {
  private readonly domain: string;
  private readonly database: Promise<TasteDatabase | null>;
  private readonly channel: BroadcastChannel | null;
  private readonly listeners = new Set<() => void>();
  private state = UNREAD;
  private pending: { [Name in ListName]: Pending<ListEntries[Name]>[] } = { choices: [], saved: [] };
  private pendingInterests: Interest[] | null = null;
  private queue: Promise<void> = Promise.resolve();
  private readonly firstRead: Promise<void>;
  /** True once a write was refused: from then on the page has more than the device, and no longer reads from it. */
  private hasUnsaved = false;

  constructor(domain: string, database: Promise<TasteDatabase | null>, channel: BroadcastChannel | null) {
    this.domain = domain;
    this.database = database;
    this.channel = channel;
    channel?.addEventListener('message', (event: MessageEvent<unknown>) => {
      if (event.data === domain) this.enqueue(() => this.read());
    });
    this.enqueue(() => this.read());
    this.firstRead = this.queue;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly getState = (): TasteState => this.state;

  /** Applies a change to the choices now; returns a function that undoes it. */
  change(change: Change): () => void {
    return this.apply('choices', change);
  }

  /** The same for saved items. */
  changeSaved(change: Change<Saved>): () => void {
    return this.apply('saved', change);
  }

  private apply<Name extends ListName>(name: Name, change: Change<ListEntries[Name]>): () => void {
    const lists: Lists = this.state;
    const { list, undo } = applyChange(lists[name], change);
    this.show({ ...this.state, [name]: list });
    const pending: Pending<ListEntries[Name]> = { change, undo };
    const waiting: Pending<ListEntries[Name]>[] = this.pending[name];
    waiting.push(pending);
    this.save(
      (database) => database.write(this.domain, name, change),
      () => void waiting.splice(waiting.indexOf(pending), 1),
    );
    // The entries that the change replaced are not known until the records have been read.
    return () => {
      if (this.state.ready) this.apply(name, pending.undo);
      else void this.firstRead.then(() => this.apply(name, pending.undo));
    };
  }

  setInterests(interests: Interest[]): void {
    this.show({ ...this.state, interests });
    this.pendingInterests = interests;
    this.save(
      (database) => database.writeInterests(this.domain, interests),
      () => {
        if (this.pendingInterests === interests) this.pendingInterests = null;
      },
    );
  }

  /** Resolves once all changes so far are written, and all reads are done. */
  settled(): Promise<void> {
    return this.queue;
  }

  private save(write: (database: TasteDatabase) => Promise<void>, onSaved: () => void): void {
    this.enqueue(async () => {
      const database = await this.database;
      try {
        if (database) await write(database);
      } catch (error) {
        this.hasUnsaved = true;
        throw error;
      }
      onSaved();
      this.channel?.postMessage(this.domain);
    });
  }

  /** One task at a time. A database that fails later (quota, eviction) leaves the page working from memory. */
  private enqueue(task: () => Promise<void>): void {
    this.queue = this.queue.then(task).catch(() => this.show({ ...this.state, ready: true, isStored: false }));
  }

  private async read(): Promise<void> {
    const database = await this.database;
    if (!database || this.hasUnsaved) return this.show({ ...this.state, ready: true, isStored: false });
    const stored = await database.read(this.domain);
    this.show({
      ready: true,
      isStored: true,
      choices: applyPending(stored.choices, this.pending.choices),
      saved: applyPending(stored.saved, this.pending.saved),
      interests: this.pendingInterests ?? stored.interests,
    });
  }

  /** Keeps the identity of unchanged lists, so that nothing is computed again. */
  private show(next: TasteState): void {
    const now = this.state;
    if (sameChoices(next.choices, now.choices)) next = { ...next, choices: now.choices };
    if (sameEntries(next.saved, now.saved)) next = { ...next, saved: now.saved };
    if (sameIds(next.interests, now.interests)) next = { ...next, interests: now.interests };
    this.state = next;
    for (const listener of this.listeners) listener();
  }
}

/** Applies changes that are still to be written to a list as it was read, and updates what undoes each. */
function applyPending<T extends Entry>(stored: readonly T[], waiting: readonly Pending<T>[]): T[] {
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
