import { InkpickError } from '../../contracts/errors';

/** Bytes of the header and of the section table, which a reader must trust least. */
export function tableBytes(file: Uint8Array): number {
  return 16 + 32 * new DataView(file.buffer, file.byteOffset).getUint32(12, true);
}

/** Generates copies of the file with one changed byte. */
export function withByte(file: Uint8Array, at: number, value: number): Uint8Array {
  const damaged = file.slice();
  damaged[at] = value;
  return damaged;
}

/** @returns the reader’s result, or the code of its InkpickError; other errors are rethrown */
export function outcome<T>(read: (file: Uint8Array) => T, file: Uint8Array): { result: T } | { code: string } {
  try {
    return { result: read(file) };
  } catch (error) {
    if (error instanceof InkpickError && error.code.startsWith('ARTIFACT_')) return { code: error.code };
    throw error;
  }
}
