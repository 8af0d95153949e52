import 'server-only';
import type { Engine } from '../../engine/engine';
import { logError } from '../log';
import { singleton } from '../singleton';
import { store } from '../store/store';
import { deltaSince, MAX_DELTA_ITEMS } from './new-items';

/** How long an instance may not know of items that another instance published. */
const RENEW_INTERVAL_MS = 5_000;

interface Additions {
  /** Last revision of the new items that the engine has. */
  revision: number;
  /** Ids of all items ever published, withdrawn ones too. */
  ids: Set<string>;
  /** When they were last read from the store, by `Date.now()`. */
  renewedAt: number;
  pending: Promise<void> | null;
}

/** What was added to each engine of this process. An engine of another folder or build starts without additions. */
const additionsByEngine = () => singleton('additions', () => new WeakMap<Engine, Additions>());

function additionsOf(engine: Engine): Additions {
  let additions = additionsByEngine().get(engine);
  if (!additions) {
    additions = { revision: 0, ids: new Set(), renewedAt: 0, pending: null };
    additionsByEngine().set(engine, additions);
  }
  return additions;
}

/** The last revision of the new items that an engine has. */
export const additionsRevision = (engine: Engine): number => additionsOf(engine).revision;

/** Whether an id is that of an item of the build, and not of one published since. */
export const isBuiltIn = (engine: Engine, id: string): boolean => engine.knows(id) && !additionsOf(engine).ids.has(id);

/**
 * Adds to an engine what was published since its last revision, and withdraws what was withdrawn.
 *
 * @throws STORE_UNAVAILABLE
 */
export async function renewAdditions(engine: Engine): Promise<void> {
  const additions = additionsOf(engine);
  additions.pending ??= (async () => {
    try {
      for (let hasMore = true; hasMore; ) {
        const { items, withdrawn, revision } = await store().run((db) =>
          deltaSince(db, engine.info.id, additions.revision),
        );
        if (items.length > 0) engine.addItems(items);
        if (withdrawn.length > 0) engine.withdraw(withdrawn);
        for (const { id } of items) additions.ids.add(id);
        additions.revision = revision;
        hasMore = items.length + withdrawn.length === MAX_DELTA_ITEMS;
      }
    } finally {
      additions.renewedAt = Date.now();
      additions.pending = null;
    }
  })();
  return additions.pending;
}

/** Renews an engine's additions in the background, if that was not done within the last 5 seconds. */
export function keepRenewed(engine: Engine): void {
  // `next build` renders pages without the store.
  if (process.env.NEXT_PHASE === 'phase-production-build') return;
  const additions = additionsOf(engine);
  if (additions.pending || Date.now() - additions.renewedAt < RENEW_INTERVAL_MS) return;
  renewAdditions(engine).catch((error) => logError('new items', error));
}
