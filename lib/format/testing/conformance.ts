import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FORMAT_VERSION } from '../../contracts/manifest';
import { ARTIFACT_TYPES, type ArtifactType } from '../container';
import { outcome, tableBytes, withByte } from './damage';

/**
 * Tests that every reader of an artifact passes: it rejects empty, truncated, foreign, future and inconsistent files,
 * each with its own error code, and throws nothing but an `InkpickError` for a damaged file.
 *
 * @param file a small valid file of the type
 */
export function describeReader<T>(
  type: ArtifactType,
  file: Uint8Array,
  read: (file: Uint8Array, label?: string) => T,
): void {
  const whole = read(file);

  describe(`the reader of ${type}`, () => {
    it('rejects an empty file', () => {
      expect(() => read(new Uint8Array(), 'x.bin')).toThrow(
        expect.objectContaining({ code: 'ARTIFACT_EMPTY', message: 'x.bin is empty (0 bytes)' }),
      );
    });

    it('rejects every truncated file', () => {
      for (let length = 1; length < file.length; length++) {
        expect(outcome(read, file.subarray(0, length)), `${length} bytes`).toEqual({ code: 'ARTIFACT_TRUNCATED' });
      }
      expect(() => read(file.subarray(0, 40), 'x.bin')).toThrow(`x.bin is cut short: 40 of ${file.length} bytes`);
    });

    it('rejects trailing bytes', () => {
      const longer = new Uint8Array(file.length + 8);
      longer.set(file);
      expect(() => read(longer)).toThrow(
        expect.objectContaining({
          code: 'ARTIFACT_MALFORMED',
          message: expect.stringContaining('8 bytes follow its end'),
        }),
      );
    });

    it('rejects a file that is not an artifact', () => {
      for (const text of ['<!doctype html>', '{', 'PK\u0003\u0004', 'INKQ']) {
        expect(outcome(read, new TextEncoder().encode(text)), text).toEqual({ code: 'ARTIFACT_FOREIGN' });
      }
    });

    it('rejects an artifact of another type, and names both types', () => {
      for (const [name, code] of Object.entries(ARTIFACT_TYPES)) {
        if (name === type) continue;
        expect(() => read(withByte(file, 6, code), 'x.bin')).toThrow(
          expect.objectContaining({
            code: 'ARTIFACT_FOREIGN',
            message: `x.bin holds ${name}, where ${type} was expected`,
          }),
        );
      }
    });

    it('rejects later and earlier format versions, and says what to do about earlier ones', () => {
      const later = FORMAT_VERSION + 1;
      expect(() => read(withByte(file, 4, later), 'x.bin')).toThrow(
        expect.objectContaining({
          code: 'ARTIFACT_FUTURE',
          message: `x.bin has format version ${later}; this reader knows version ${FORMAT_VERSION}`,
        }),
      );
      for (let earlier = 0; earlier < FORMAT_VERSION; earlier++)
        expect(() => read(withByte(file, 4, earlier), 'x.bin')).toThrow(
          expect.objectContaining({
            code: 'ARTIFACT_MALFORMED',
            message: `x.bin has format version ${earlier}; this reader knows version ${FORMAT_VERSION}: build the artifacts again`,
          }),
        );
    });

    it('detects any flipped bit of header or table that changes the result', () => {
      for (let at = 0; at < tableBytes(file); at++) {
        for (let bit = 0; bit < 8; bit++) {
          const found = outcome(read, withByte(file, at, file[at] ^ (1 << bit)));
          if ('result' in found) expect(found.result, `byte ${at}, bit ${bit}`).toEqual(whole);
        }
      }
    });

    it('reads a damaged file as an InkpickError or a result', () => {
      const damage = fc.array(fc.tuple(fc.nat(file.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
      fc.assert(
        fc.property(damage, (changes) => {
          outcome(
            read,
            changes.reduce((damaged, [at, value]) => withByte(damaged, at, value), file),
          );
        }),
        { numRuns: 300 },
      );
    });

    it('reads from any offset of a larger buffer, such as those of Node', () => {
      for (const shift of [1, 2, 4]) {
        const buffer = Buffer.alloc(file.length + shift);
        buffer.set(file, shift);
        expect(read(buffer.subarray(shift))).toEqual(whole);
        expect(read(new Uint8Array(buffer.buffer, buffer.byteOffset + shift, file.length))).toEqual(whole);
      }
    });
  });
}
