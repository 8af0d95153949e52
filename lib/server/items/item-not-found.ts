import 'server-only';
import type { ItemSummary } from '../../contracts/engine';
import { InkpickError } from '../../contracts/errors';
import type { Engine } from '../../engine/engine';
import { quote } from '../http/input';

const MAX_NEAREST = 5;

/**
 * `ITEM_NOT_FOUND` for an id that a catalog does not have, with the items of the most similar titles: callers that sent
 * a title find its id there.
 *
 * @param field of the request that the id came in
 */
export function itemNotFoundError(engine: Engine, id: string, field: string): InkpickError {
  const nearest = engine
    .search(id, MAX_NEAREST)
    .hits.map(({ id, title, year }: ItemSummary): Pick<ItemSummary, 'id' | 'title' | 'year'> => ({ id, title, year }));
  const { item, label } = engine.info;
  const hint =
    nearest.length > 0 ? ` Nearest: ${nearest.map(({ id, title }) => `${title} (id ${id})`).join('; ')}.` : '';
  return new InkpickError('ITEM_NOT_FOUND', `${label} has no ${item.one} with the id ${quote(id)}.${hint}`, {
    field,
    details: { nearest },
  });
}
