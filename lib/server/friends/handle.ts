import 'server-only';
import { createHash } from 'node:crypto';

/** 128 bits, 22 characters of base64url. */
const BYTES = 16;
const LENGTH = Math.ceil((BYTES * 8) / 6);

/**
 * The name by which `viewer` refers to `other`: a hash of both ids. It reveals neither, because ids are 122 random bits
 * that are only in their owner's cookie. Two viewers have different handles for the same person, and cannot tell that
 * it is the same.
 */
export const handleOf = (viewer: string, other: string): string =>
  createHash('sha256').update(`inkpick handle\n${viewer}\n${other}`).digest('base64url').slice(0, LENGTH);
