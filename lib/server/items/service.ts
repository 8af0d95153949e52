import 'server-only';
import { InkpickError } from '../../contracts/errors';
import type { ItemDelta, NewItem } from '../../contracts/live-signals';
import type { Engine } from '../../engine/engine';
import { quote } from '../http/input';
import { store } from '../store/store';
import { isBuiltIn, renew } from './additions';
import { deltaSince, publish, withdraw } from './new-items';

/**
 * Publishes items in the domain of an engine, which has them when this resolves, as browsers have when they next ask.
 *
 * @returns the revision
 * @throws `CONFLICT` for an id of the catalog itself, which only a build can change
 */
export async function publishItems(engine: Engine, items: readonly NewItem[]): Promise<number> {
  await renew(engine);
  const taken = items.findIndex(({ id }) => isBuiltIn(engine, id));
  if (taken >= 0) {
    throw new InkpickError(
      'CONFLICT',
      `${engine.info.label} has ${quote(items[taken].id)} in its catalog already: that changes with a build. Give a new item another id.`,
      { field: `items[${taken}].id` },
    );
  }
  const revision = await store().run((db) => publish(db, engine.info.id, items));
  await renew(engine);
  return revision;
}

/** Takes back an item that was published; `ITEM_NOT_FOUND` where none was. */
export async function withdrawItem(engine: Engine, id: string): Promise<number> {
  const revision = await store().run((db) => withdraw(db, engine.info.id, id));
  await renew(engine);
  return revision;
}

export const deltaOf = (engine: Engine, since: number): Promise<ItemDelta> =>
  store().run((db) => deltaSince(db, engine.info.id, since));
