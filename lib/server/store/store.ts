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
  isInvalidText,
  isTooSlow,
  isUnreachable,
  type OpenStore,
  openStore,
  type StoreKind,
  storeUnavailable,
} from './database';

/** After the back end was unreachable, calls fail at once for this long, so that they do not all wait for it. */
const BACKOFF_MS = 1000;
/** Attempts at a transaction that conflicts with others. */
const MAX_ATTEMPTS = 5;
/** How long the result of a check is valid. */
const CHECK_TTL_MS = 500;

export type StoreState =
  | { state: 'ready'; kind: StoreKind; ephemeral: boolean; vectors: boolean }
  | { state: 'unavailable'; kind: StoreKind; ephemeral: boolean };

/** A store that is opened at its first use, and again at the next use after it failed. */
export class Store {
  private readonly options: { url?: string; folder?: string };
  private opening: Promise<OpenStore> | undefined;
  private backoffUntil = 0;

  constructor(options: { url?: string; folder?: string }) {
    this.options = options;
  }

  get kind(): StoreKind {
    return this.options.url ? 'postgres' : this.options.folder ? 'folder' : 'memory';
  }

  private async open(): Promise<OpenStore> {
    this.opening ??= openStore(this.options).catch((error) => {
      this.opening = undefined;
      throw error;
    });
    return this.opening;
  }

  /**
   * Runs `work` on the database. `work` must be repeatable: it is run again after a conflict with another transaction.
   *
   * @throws `STORE_UNAVAILABLE` where the database is unreachable or too slow; `INVALID_REQUEST` for text with U+0000.
   *   What `work` did before is rolled back only if it was in a transaction.
   */
  async run<T>(work: (db: Database, store: OpenStore) => Promise<T>): Promise<T> {
    if (Date.now() < this.backoffUntil) throw storeUnavailable('backing off');
    for (let attempt = 1; ; attempt++) {
      try {
        const store = await this.open();
        const started = performance.now();
        const result = await work(store.db, store);
        observeStage('store', performance.now() - started);
        return result;
      } catch (error) {
        if (error instanceof InkpickError) throw error;
        if (isInvalidText(error)) {
          throw new InkpickError('INVALID_REQUEST', 'A text contains the character U+0000, which cannot be stored.');
        }
        if (isConflict(error) && attempt < MAX_ATTEMPTS) continue;
        if (isTooSlow(error)) {
          logError('store', error);
          throw storeUnavailable(error);
        }
        // A store that cannot be opened counts as unreachable, whatever the reason; the log has it.
        if (this.opening && !isUnreachable(error)) throw error;
        logError('store', error);
        this.discardConnections();
        this.backoffUntil = Date.now() + BACKOFF_MS;
        throw storeUnavailable(error);
      }
    }
  }

  /** Connections that did not respond in time may never respond: the next use opens new ones. */
  private discardConnections(): void {
    if (this.kind !== 'memory') void this.close();
  }

  private checked: { at: number; state: Promise<StoreState> } | undefined;

  /** Whether the store responds now. */
  check(): Promise<StoreState> {
    if (!this.checked || Date.now() - this.checked.at > CHECK_TTL_MS) {
      this.checked = { at: Date.now(), state: this.runCheck() };
    }
    return this.checked.state;
  }

  private async runCheck(): Promise<StoreState> {
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
    const opening = this.opening;
    this.opening = undefined;
    await opening?.then((store) => store.close()).catch(() => undefined);
  }
}

/** The process's one store, as configured. */
export function store(): Store {
  const { databaseUrl: url, dataFolder: folder } = currentSettings();
  return singleton(`store.${url ?? ''}.${folder ?? ''}`, () => new Store({ url, folder }));
}
