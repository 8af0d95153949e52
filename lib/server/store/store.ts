import 'server-only';
import { sql } from 'drizzle-orm';
import { InkpickError } from '../../contracts/errors';
import { logError } from '../log';
import { observeStage } from '../metrics/metrics';
import { currentSettings } from '../settings';
import { singleton } from '../singleton';
import {
  type Database,
  isConflict,
  isNotText,
  isTooSlow,
  isUnreachable,
  type OpenStore,
  openStore,
  type StoreKind,
  storeUnavailable,
} from './database';

/** After a failure to reach the back end, callers are told at once for so long, and do not all wait for it. */
const REST_MILLISECONDS = 1000;
/** How often a transaction is tried that another one was in the way of. */
const ATTEMPTS = 5;
/** A check of the store is taken for true for so long. */
const CHECK_MILLISECONDS = 500;

export type StoreState =
  | { state: 'ready'; kind: StoreKind; ephemeral: boolean; vectors: boolean }
  | { state: 'unavailable'; kind: StoreKind; ephemeral: boolean };

/** The process's one store: opened at its first use, and again after a failure to. */
export class Store {
  readonly #options: { url?: string; folder?: string };
  #opening: Promise<OpenStore> | undefined;
  #restUntil = 0;

  constructor(options: { url?: string; folder?: string }) {
    this.#options = options;
  }

  get kind(): StoreKind {
    return this.#options.url ? 'postgres' : this.#options.folder ? 'folder' : 'memory';
  }

  async #open(): Promise<OpenStore> {
    this.#opening ??= openStore(this.#options).catch((error) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  /**
   * Runs `work` on the database. `STORE_UNAVAILABLE` where it cannot be reached; whatever `work` had done by then is
   * undone if it was in a transaction. Work that another transaction stood in the way of is begun anew: it must bear that.
   */
  async run<T>(work: (db: Database, store: OpenStore) => Promise<T>): Promise<T> {
    if (Date.now() < this.#restUntil) throw storeUnavailable('resting');
    for (let attempt = 1; ; attempt++) {
      try {
        const store = await this.#open();
        const begun = performance.now();
        const result = await work(store.db, store);
        observeStage('store', performance.now() - begun);
        return result;
      } catch (error) {
        if (error instanceof InkpickError) throw error;
        if (isNotText(error)) {
          throw new InkpickError('INVALID_REQUEST', 'A text holds the character U+0000, which cannot be kept.');
        }
        if (isConflict(error) && attempt < ATTEMPTS) continue;
        if (isTooSlow(error)) {
          logError('store', error);
          throw storeUnavailable(error);
        }
        // A store that cannot even be opened is as good as out of reach, whatever the reason, which the log has.
        if (this.#opening && !isUnreachable(error)) throw error;
        logError('store', error);
        this.#letGo();
        this.#restUntil = Date.now() + REST_MILLISECONDS;
        throw storeUnavailable(error);
      }
    }
  }

  /** Connections on which something was not answered in time may never answer: the next use begins with new ones. */
  #letGo(): void {
    if (this.kind !== 'memory') void this.close();
  }

  #checked: { at: number; state: Promise<StoreState> } | undefined;

  /** Whether the store answers now. */
  check(): Promise<StoreState> {
    if (!this.#checked || Date.now() - this.#checked.at > CHECK_MILLISECONDS) {
      this.#checked = { at: Date.now(), state: this.#check() };
    }
    return this.#checked.state;
  }

  async #check(): Promise<StoreState> {
    const { kind } = this;
    const ephemeral = kind === 'memory';
    try {
      return await this.run(async (db, { vectors }) => {
        await db.execute(sql`select 1`);
        return { state: 'ready', kind, ephemeral, vectors };
      });
    } catch {
      return { state: 'unavailable', kind, ephemeral };
    }
  }

  async close(): Promise<void> {
    const opening = this.#opening;
    this.#opening = undefined;
    await opening?.then((store) => store.close()).catch(() => undefined);
  }
}

/** The store of this process, as the settings say. */
export function store(): Store {
  const { databaseUrl: url, dataFolder: folder } = currentSettings();
  return singleton(`store.${url ?? ''}.${folder ?? ''}`, () => new Store({ url, folder }));
}
