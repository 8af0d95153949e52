import 'server-only';
import { createHash } from 'node:crypto';

/** 22 characters of base64url. */
const BYTES = 16;
const LENGTH = Math.ceil((BYTES * 8) / 6);

/**
 * How `viewer` names `other` to this server: a hash of both their numbers. It says nothing of either, since numbers are 122 random
 * bits that nobody but their owner's cookie tells; and two visitors cannot find out that their handles mean the same person.
 */
export const handleOf = (viewer: string, other: string): string =>
  createHash('sha256').update(`inkpick handle\n${viewer}\n${other}`).digest('base64url').slice(0, LENGTH);
