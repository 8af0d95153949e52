import type { Interest } from '../../lib/contracts/engine';
import type { StoredTaste, TasteDatabase } from './database';
import { applyChange, type Change, type Choice, inOrder } from './picks';

export interface TasteState extends StoredTaste {
  /** False until the device's own record has been read. */
  ready: boolean;
  /** False where nothing outlives this page, because the browser keeps no storage for it. */
  kept: boolean;
}

const UNREAD: TasteState = { ready: false, kept: true, choices: [], interests: [] };
export const unreadTaste = () => UNREAD;

/**
 * One domain's picks and interests: shown at once, written to the device behind, the same in every tab.
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
  #pending: Change[] = [];
  #pendingInterests: Interest[] | null = null;
  #queue: Promise<void> = Promise.resolve();

  constructor(domain: string, database: Promise<TasteDatabase | null>, channel: BroadcastChannel | null) {
    this.#domain = domain;
    this.#database = database;
    this.#channel = channel;
    channel?.addEventListener('message', (event: MessageEvent<unknown>) => {
      if (event.data === domain) this.#enqueue(() => this.#read());
    });
    this.#enqueue(() => this.#read());
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly getState = (): TasteState => this.#state;

  /** Applies a change now; returns the one that undoes it. */
  change(change: Change): Change {
    const { list, undo } = applyChange(this.#state.choices, change);
    this.#show({ ...this.#state, choices: list });
    this.#pending.push(change);
    this.#enqueue(async () => {
      await (await this.#database)?.write(this.#domain, change);
      this.#pending = this.#pending.filter((other) => other !== change);
      this.#channel?.postMessage(this.#domain);
    });
    return undo;
  }

  setInterests(interests: Interest[]): void {
    this.#show({ ...this.#state, interests });
    this.#pendingInterests = interests;
    this.#enqueue(async () => {
      await (await this.#database)?.writeInterests(this.#domain, interests);
      if (this.#pendingInterests === interests) this.#pendingInterests = null;
      this.#channel?.postMessage(this.#domain);
    });
  }

  /** Resolves once all that was asked so far is written and read. */
  settled(): Promise<void> {
    return this.#queue;
  }

  /** One at a time. A database that fails later on (quota, eviction) leaves the page working from memory. */
  #enqueue(task: () => Promise<void>): void {
    this.#queue = this.#queue.then(task).catch(() => this.#show({ ...this.#state, ready: true, kept: false }));
  }

  async #read(): Promise<void> {
    const database = await this.#database;
    if (!database) return this.#show({ ...this.#state, ready: true, kept: false });
    const stored = await database.read(this.#domain);
    const choices = this.#pending.reduce<Choice[]>(
      (list, change) => applyChange(list, change).list,
      inOrder(stored.choices),
    );
    this.#show({ ready: true, kept: true, choices, interests: this.#pendingInterests ?? stored.interests });
  }

  /** Keeps the lists' identity where nothing changed, so that nothing is computed again. */
  #show(next: TasteState): void {
    const now = this.#state;
    if (sameChoices(next.choices, now.choices)) next = { ...next, choices: now.choices };
    if (sameIds(next.interests, now.interests)) next = { ...next, interests: now.interests };
    this.#state = next;
    for (const listener of this.#listeners) listener();
  }
}

const sameIds = (a: readonly { id: string }[], b: readonly { id: string }[]) =>
  a.length === b.length && a.every((entry, i) => entry.id === b[i].id);

const sameChoices = (a: readonly Choice[], b: readonly Choice[]) =>
  sameIds(a, b) && a.every((entry, i) => entry.value === b[i].value && entry.at === b[i].at);
