import 'server-only';
import { InkpickError } from '../../contracts/errors';
import type { Engine } from '../../engine/engine';
import { quote } from '../http/input';

/**
 * Checks that a catalog has all of these interests.
 *
 * @throws INVALID_REQUEST with a list of the interests of the catalog
 */
export function requireKnownInterests({ info }: Engine, interests: readonly string[]): void {
  const known = new Set(info.interests.map(({ id }) => id));
  const unknown = interests.findIndex((id) => !known.has(id));
  if (unknown < 0) return;
  throw new InkpickError(
    'INVALID_REQUEST',
    `${info.label} has no interest ${quote(interests[unknown])}; it has: ${[...known].join(', ')}.`,
    { field: `interests[${unknown}]`, details: { interests: info.interests } },
  );
}
