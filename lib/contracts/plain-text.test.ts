import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findInvisibleCharacter, plainText } from './plain-text';

const name = plainText(40);
const problem = (text: unknown) => name.safeParse(text).error?.issues[0].message;

describe('plainText', () => {
  it.each([
    ['O’Brien-Smith'],
    ['<b>&amp;'],
    ['名'.repeat(40)],
    ['محمد'],
    ['שרה'],
    // A letter joiner of Persian, and of Sinhala.
    ['می\u200cخواهم'],
    ['ශ්\u200dරී'],
    ['葛\u{E0100}城'],
    ['🎬'.repeat(40)],
    ['❤️ 👩🏽\u200d🚀 👨\u200d👩\u200d👧 🏳️\u200d🌈 🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F} 1️⃣ 🇳🇱'],
    ['Nguyễn Thị Ái'],
  ])('accepts %s unchanged', (text) => {
    expect(name.parse(text)).toBe(text);
  });

  it('normalises to NFC and single spaces', () => {
    expect(name.parse('  Zoe\u0308 \u00a0 van\u3000Dam ')).toBe('Zoë van Dam');
  });

  it.each([
    ['a zero-width space', 'Ad\u200bmin', 'U+200B'],
    ['a joiner between letters that never join', 'Ad\u200dmin', 'U+200D'],
    ['a joiner at the end', 'A\u200c', 'U+200C'],
    ['a joiner behind an emoji', '🎬\u200d', 'U+200D'],
    ['a direction override', 'a\u202eb', 'U+202E'],
    ['a direction isolate', 'a\u2066b', 'U+2066'],
    ['a direction mark', 'a\u200fb', 'U+200F'],
    ['a soft hyphen', 'Ad\u00admin', 'U+00AD'],
    ['a blank letter', '\u3164', 'U+3164'],
    ['a blank pattern', '\u2800', 'U+2800'],
    ['a tag', 'a\u{E0041}', 'U+E0041'],
    ['a stray variation selector', 'a\ufe0f', 'U+FE0F'],
    ['a byte order mark', 'An\ufeffna', 'U+FEFF'],
    ['a control', 'a\u0007', 'U+0007'],
    ['a line feed', 'a\nb', 'U+000A'],
    ['a line separator', 'a\u2028b', 'U+2028'],
    ['half a surrogate pair', '\ud800', 'U+D800'],
    ['NUL', 'a\0b', 'U+0000'],
  ])('refuses an invisible character and names it: %s', (_, text, character) => {
    expect(problem(text)).toContain(`such as ${character}`);
  });

  it.each(['', '   ', '\u3000', 'x'.repeat(41), '\u0301'])('refuses empty and too long texts: %j', (text) => {
    expect(problem(text)).toBe('must be 1 to 40 characters long');
  });

  it('refuses stacks of combining marks', () => {
    expect(problem(`a${'\u0316'.repeat(20)}`)).toMatch(/four marks/);
    expect(name.parse(`a${'\u0316'.repeat(4)}`)).toHaveLength(5);
  });

  it('is idempotent and leaves no invisible character', () => {
    const unit = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 5 }),
      fc.constantFrom('\u200d', '\ufe0f', '🎬', 'ی', '\u{1F3F4}', '\u{E0067}', '\u{E007F}', '\u0301', ' '),
    );
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 12 }), (parts) => {
        const read = name.safeParse(parts.join(''));
        if (!read.success) return;
        expect(name.parse(read.data)).toBe(read.data);
        expect(findInvisibleCharacter(read.data)).toBeUndefined();
        expect(read.data.normalize('NFC')).toBe(read.data);
      }),
    );
  });
});
