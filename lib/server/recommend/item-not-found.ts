import 'server-only';
import type { ItemSummary } from '../../contracts/engine';
import { InkpickError } from '../../contracts/errors';
import type { Engine } from '../../engine/engine';
import { quote } from '../http/input';

const NEAREST = 5;

/**
 * `ITEM_NOT_FOUND` for an id that a catalog does not hold, with the titles nearest to it: whoever gives a
 * title for an id finds the id there.
 */
export function itemNotFound(engine: Engine, id: string, field: string): InkpickError {
  const nearest = engine
    .search(id, NEAREST)
    .hits.map(({ id, title, year }: ItemSummary): Pick<ItemSummary, 'id' | 'title' | 'year'> => ({ id, title, year }));
  const { item, label } = engine.info;
  const hint =
    nearest.length > 0 ? ` Nearest: ${nearest.map(({ id, title }) => `${title} (id ${id})`).join('; ')}.` : '';
  return new InkpickError('ITEM_NOT_FOUND', `${label} has no ${item.one} with the id ${quote(id)}.${hint}`, {
    field,
    details: { nearest },
  });
}
