import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CODE_ALPHABET, CODE_LENGTH, cleanCode, groupCode } from '../../contracts/friends';
import { newCode } from './code';
import { handleOf } from './handle';

const code = fc.string({ unit: fc.constantFrom(...CODE_ALPHABET), minLength: CODE_LENGTH, maxLength: CODE_LENGTH });

describe('friend codes', () => {
  it('have ten letters of the alphabet, and every letter at every place', () => {
    const codes = Array.from({ length: 2000 }, newCode);
    expect(new Set(codes).size).toBe(codes.length);
    for (const made of codes) expect(made).toMatch(/^[0-9A-HJKMNP-TV-Z]{10}$/);
    for (let place = 0; place < CODE_LENGTH; place++) {
      expect(new Set(codes.map((made) => made[place])).size).toBe(CODE_ALPHABET.length);
    }
  });

  it('are accepted as displayed and in other spellings', () => {
    fc.assert(
      fc.property(code, (made) => {
        expect(cleanCode(made)).toBe(made);
        expect(cleanCode(groupCode(made))).toBe(made);
        expect(cleanCode(` ${groupCode(made).toLowerCase().replace('-', ' – ')}\n`)).toBe(made);
        expect(cleanCode(made.replaceAll('0', 'o').replaceAll('1', 'l'))).toBe(made);
        expect(cleanCode(made.replaceAll('0', 'O').replaceAll('1', 'I'))).toBe(made);
      }),
    );
  });
});

describe('handles', () => {
  const person = fc.uuid();

  it('are the same for the same two people, and reveal neither id', () => {
    fc.assert(
      fc.property(person, person, (viewer, other) => {
        const handle = handleOf(viewer, other);
        expect(handle).toBe(handleOf(viewer, other));
        expect(handle).toMatch(/^[\w-]{22}$/);
        const bytes = Buffer.from(handle, 'base64url').toString('hex');
        for (const id of [viewer, other]) expect(bytes).not.toContain(id.replaceAll('-', '').slice(0, 8));
      }),
    );
  });

  it('differ for each viewer and each person, and in both directions', () => {
    fc.assert(
      fc.property(fc.uniqueArray(person, { minLength: 3, maxLength: 8 }), (people) => {
        const handles = people.flatMap((viewer) => people.map((other) => handleOf(viewer, other)));
        expect(new Set(handles).size).toBe(people.length ** 2);
      }),
    );
    expect(handleOf(randomUUID(), randomUUID())).not.toBe(handleOf(randomUUID(), randomUUID()));
  });
});
