import 'server-only';
import { z } from 'zod';
import { MODES } from '../../contracts/engine';

/** Request fields that several routes share. In a query string, wrap numbers in `decimal`. */

/** Ids are far shorter; a title sent by mistake in place of an id should still get a useful error. */
const MAX_ID_LENGTH = 500;

/** An item's own or external id. A JSON number is read as the id with the same digits. */
export const itemId = z.preprocess(
  (value) => (Number.isSafeInteger(value) ? String(value) : value),
  z.string().min(1).max(MAX_ID_LENGTH),
);

/** A number of results, 1 … `max`. */
export const limit = (max: number) => z.int().min(1).max(max);

export const mode = z.enum(MODES).default('hybrid');

/** Well known (−1) or little known (1). */
export const discovery = z.number().min(-1).max(1);

/** α and diversity. */
export const unitInterval = z.number().min(0).max(1);
