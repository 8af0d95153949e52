import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex } from '@noble/hashes/utils';
import { InkpickError } from '../contracts/errors';
import type { ArtifactEntry } from '../contracts/manifest';

/** SHA-256 in lower-case hexadecimal digits. Browsers have their own implementation on https and localhost only. */
export async function sha256Hex(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = crypto.subtle ? new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)) : sha256(bytes);
  return bytesToHex(hash);
}

/**
 * Decompresses an artifact and checks its size.
 *
 * @param packed the gzip file, already verified against the manifest's hash
 * @throws `ARTIFACT_MALFORMED` where it is not gzip or has another size than the manifest says
 */
export async function inflate(packed: Uint8Array<ArrayBuffer>, entry: ArtifactEntry): Promise<Uint8Array> {
  const stream = new Response(packed).body!.pipeThrough(new DecompressionStream('gzip'));
  const inflated = new Response(stream).arrayBuffer().catch((cause) => {
    throw new InkpickError('ARTIFACT_MALFORMED', `${entry.file} is not gzip`, { cause });
  });
  const raw = new Uint8Array(await inflated);
  if (raw.length !== entry.rawBytes) {
    throw new InkpickError(
      'ARTIFACT_MALFORMED',
      `${entry.file} inflates to ${raw.length} bytes, not to the ${entry.rawBytes} of its manifest`,
    );
  }
  return raw;
}
