import 'server-only';
import { z } from 'zod';
import { MODES } from '../../contracts/engine';

/** The request fields that several routes share. In a query string wrap numbers in `decimal`. */

/** Own ids and external ones are far shorter; titles that are given by mistake are not much longer. */
const MAX_ID_LENGTH = 500;

/** An item's own or external id. A JSON number is taken for the id that reads the same. */
export const itemId = z.preprocess(
  (value) => (Number.isSafeInteger(value) ? String(value) : value),
  z.string().min(1).max(MAX_ID_LENGTH),
);

export const limit = (max: number) => z.int().min(1).max(max);

export const mode = z.enum(MODES).default('hybrid');

/** α and diversity. */
export const unitInterval = z.number().min(0).max(1);
