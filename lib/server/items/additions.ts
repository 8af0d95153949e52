import 'server-only';
import type { Engine } from '../../engine/engine';
import { logError } from '../log';
import { singleton } from '../singleton';
import { store } from '../store/store';
import { deltaSince, MOST_OF_DELTA } from './new-items';

/** How long an instance may not have heard of what another one published. */
const RENEWAL_MILLISECONDS = 5_000;

interface Additions {
  revision: number;
  /** Of all that was ever published, withdrawn ones too. */
  ids: Set<string>;
  /** When they were last asked for, by `Date.now()`. */
  askedAt: number;
  pending: Promise<void> | null;
}

/** What each engine of this process has been given. Engines of another folder or build begin anew. */
const known = () => singleton('additions', () => new WeakMap<Engine, Additions>());

function of(engine: Engine): Additions {
  let additions = known().get(engine);
  if (!additions) {
    additions = { revision: 0, ids: new Set(), askedAt: 0, pending: null };
    known().set(engine, additions);
  }
  return additions;
}

/** The last revision of new items that an engine holds. */
export const revisionOf = (engine: Engine): number => of(engine).revision;

/** Whether an id is taken by the catalog itself, and not by an item that was published since. */
export const isBuiltIn = (engine: Engine, id: string): boolean => engine.knows(id) && !of(engine).ids.has(id);

/** Gives an engine what was published since it was last given something. Rejects where the store cannot be reached. */
export async function renew(engine: Engine): Promise<void> {
  const additions = of(engine);
  additions.pending ??= (async () => {
    try {
      for (let more = true; more; ) {
        const { items, withdrawn, revision } = await store().run((db) =>
          deltaSince(db, engine.info.id, additions.revision),
        );
        if (items.length > 0) engine.addItems(items);
        if (withdrawn.length > 0) engine.withdraw(withdrawn);
        for (const { id } of items) additions.ids.add(id);
        additions.revision = revision;
        more = items.length + withdrawn.length === MOST_OF_DELTA;
      }
    } finally {
      additions.askedAt = Date.now();
      additions.pending = null;
    }
  })();
  return additions.pending;
}

/** Sees to it that an engine is not far behind, without making anybody wait; costs nothing while it was asked lately. */
export function keepRenewed(engine: Engine): void {
  // While pages are built there is nobody to share anything with.
  if (process.env.NEXT_PHASE === 'phase-production-build') return;
  const additions = of(engine);
  if (additions.pending || Date.now() - additions.askedAt < RENEWAL_MILLISECONDS) return;
  renew(engine).catch((error) => logError('new items', error));
}
