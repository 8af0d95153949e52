import { SETTING_NAMES, type Settings } from './settings';
import type { SettingsDatabase } from './settings-database';

export interface SettingsState {
  /** False until the device's records have been read. */
  isReady: boolean;
  /** False where nothing outlives this page, because the browser gives it no storage. */
  isStored: boolean;
  /** What the visitor chose; a setting never changed is absent. */
  chosen: Partial<Settings>;
}

const UNREAD: SettingsState = { isReady: false, isStored: true, chosen: {} };
export const unreadSettings = () => UNREAD;

/**
 * The settings that the visitor chose, in all domains: shown at once and written to the device in the same turn.
 * The device is read once. A tab does not follow what other tabs choose meanwhile: its list would change under the
 * reader's eyes.
 */
export class SettingsStore {
  private readonly database: Promise<SettingsDatabase | null>;
  private readonly listeners = new Set<() => void>();
  private state = UNREAD;
  private work: Promise<unknown>;

  constructor(database: Promise<SettingsDatabase | null>) {
    this.database = database;
    this.work = this.read();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly getState = (): SettingsState => this.state;

  change(change: Partial<Settings>): void {
    this.show({ ...this.state, chosen: { ...this.state.chosen, ...change } });
    this.write(change, []);
  }

  /** Makes these the only settings chosen. Without any, all are the page's defaults again. */
  replace(chosen: Partial<Settings>): void {
    this.show({ ...this.state, chosen });
    this.write(
      chosen,
      SETTING_NAMES.filter((name) => !(name in chosen)),
    );
  }

  /** Resolves once all changes so far are on the device, and its records have been read. */
  async settled(): Promise<void> {
    await this.work;
  }

  /** A database that fails (quota, eviction) leaves the page working from memory. */
  private write(put: Partial<Settings>, drop: readonly string[]): void {
    const written = this.database.then((database) => database?.write(put, drop));
    const handled = written.catch(() => this.show({ ...this.state, isStored: false }));
    this.work = Promise.all([this.work, handled]);
  }

  private async read(): Promise<void> {
    const database = await this.database;
    const stored = await database?.read().catch(() => undefined);
    // What was chosen before the records had been read is newer than they are.
    const chosen = { ...stored, ...this.state.chosen };
    this.show({ isReady: true, isStored: stored !== undefined, chosen });
  }

  private show(state: SettingsState): void {
    this.state = state;
    for (const listener of this.listeners) listener();
  }
}
