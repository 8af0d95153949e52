import 'server-only';
import { randomBytes } from 'node:crypto';
import { CODE_ALPHABET, CODE_LENGTH } from '../../contracts/friends';

/**
 * A new friend code of 50 random bits. The alphabet has 32 letters, which divides 256, so that each letter is equally
 * likely. Two equal codes are improbable, and the database has a unique constraint.
 */
export const newCode = (): string =>
  Array.from(randomBytes(CODE_LENGTH), (byte) => CODE_ALPHABET[byte % CODE_ALPHABET.length]).join('');
