import 'server-only';
import { InkpickError } from '../../contracts/errors';
import type { Engine } from '../../engine/engine';
import { quote } from '../http/input';

/** Throws `INVALID_REQUEST`, naming those there are, where the catalog does not have one of these interests. */
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
