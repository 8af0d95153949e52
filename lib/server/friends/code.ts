import 'server-only';
import { randomBytes } from 'node:crypto';
import { CODE_ALPHABET, CODE_LENGTH } from '../../contracts/friends';

/**
 * A new friend code: 50 random bits. 32 letters divide the 256 values of a byte, so that each is as likely. That two people get
 * the same one is not to be expected; the database would refuse it.
 */
export const newCode = (): string =>
  Array.from(randomBytes(CODE_LENGTH), (byte) => CODE_ALPHABET[byte % CODE_ALPHABET.length]).join('');
