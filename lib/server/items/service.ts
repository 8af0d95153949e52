import 'server-only';
import { InkpickError } from '../../contracts/errors';
import type { ItemDelta, NewItem } from '../../contracts/live-signals';
import type { Engine } from '../../engine/engine';
import { quote } from '../http/input';
import { store } from '../store/store';
import { isBuiltIn, renewAdditions } from './additions';
import { deltaSince, publish, withdraw } from './new-items';

/**
 * Publishes items in an engine's domain. When this resolves the engine has them; browsers get them with their next
 * request.
 *
 * @returns the new revision
 * @throws CONFLICT for the id of an item of the build, which only another build can change
 * @throws STORE_UNAVAILABLE
 */
export async function publishItems(engine: Engine, items: readonly NewItem[]): Promise<number> {
  await renewAdditions(engine);
  const taken = items.findIndex(({ id }) => isBuiltIn(engine, id));
  if (taken >= 0) {
    throw new InkpickError(
      'CONFLICT',
      `${engine.info.label} already has an item ${quote(items[taken].id)} in its catalog, which only a build can change. Use another id.`,
      { field: `items[${taken}].id` },
    );
  }
  const revision = await store().run((db) => publish(db, engine.info.id, items));
  await renewAdditions(engine);
  return revision;
}

/**
 * Withdraws a published item.
 *
 * @returns the new revision
 * @throws ITEM_NOT_FOUND if no such item was published
 * @throws STORE_UNAVAILABLE
 */
export async function withdrawItem(engine: Engine, id: string): Promise<number> {
  const revision = await store().run((db) => withdraw(db, engine.info.id, id));
  await renewAdditions(engine);
  return revision;
}

/** What was published, changed or withdrawn in an engine's domain after a revision. */
export const readDelta = (engine: Engine, since: number): Promise<ItemDelta> =>
  store().run((db) => deltaSince(db, engine.info.id, since));
