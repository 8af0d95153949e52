import { z } from 'zod';

/**
 * Text that people write for others to read: names, titles. It must not contain invisible characters, and must not turn
 * or cover the text around it. Two names that look the same should be the same.
 */

/** An emoji with its variation selector or skin tone. */
const PICTURE = String.raw`\p{ExtPict}[\uFE0E\uFE0F\p{EMod}]?`;
/** Letters of scripts in which U+200C and U+200D control how letters join. */
const JOINING =
  '[' +
  ['Arab', 'Syrc', 'Mong', 'Nkoo', 'Deva', 'Beng', 'Guru', 'Gujr', 'Orya', 'Taml', 'Telu', 'Knda', 'Mlym', 'Sinh']
    .map((script) => `\\p{scx=${script}}`)
    .join('') +
  ']';

/** Sequences where an invisible character has a meaning: emoji, regional flags, keycaps, joined letters, Han. */
const MEANINGFUL = new RegExp(
  [
    // Regional flags come before other emoji, since they begin with one.
    String.raw`\u{1F3F4}[\u{E0030}-\u{E0039}\u{E0061}-\u{E007A}]{1,6}\u{E007F}`,
    `${PICTURE}(?:\\u200D${PICTURE})*`,
    String.raw`[0-9#*]\uFE0F\u20E3`,
    `${JOINING}[\\u200C\\u200D](?=${JOINING})`,
    String.raw`\p{scx=Hani}[\u{E0100}-\u{E01EF}]`,
  ].join('|'),
  'gu',
);

/** Controls, lone surrogates, line breaks and invisible characters: zero width, direction marks, blank letters. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/u;
/** More combining marks on one letter than any language uses; they cover the lines around (UTS 39, 5.4). */
const STACKED_MARKS = /[\p{Mn}\p{Me}]{5}/u;
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;

/** Finds the first invisible character without a meaning, as `U+200B`; undefined if there is none. */
export function findInvisibleCharacter(text: string): string | undefined {
  const [found] = INVISIBLE.exec(text.replace(MEANINGFUL, '')) ?? [];
  return found && `U+${found.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
}

/**
 * Schema of one line of plain text. It normalises to NFC (UAX 15), trims, and turns each run of spaces into one.
 *
 * @param maxLength in code points after normalisation; an emoji or a letter with marks may have several
 */
export const plainText = (maxLength: number) =>
  z
    .string()
    // Bounds the work of normalisation. No character has more than 25 code units.
    .max(25 * maxLength)
    .transform((text) =>
      text
        .normalize('NFC')
        .replace(/\p{Zs}+/gu, ' ')
        .trim(),
    )
    .superRefine((text, context) => {
      const refuse = (message: string) => context.addIssue({ code: 'custom', message, input: text });
      const invisible = findInvisibleCharacter(text);
      if (invisible) refuse(`must be one line of plain text, without invisible characters such as ${invisible}`);
      else if (STACKED_MARKS.test(text)) refuse('must have no more than four marks on one letter');
      else if (!VISIBLE.test(text) || [...text].length > maxLength) refuse(`must be 1 to ${maxLength} characters long`);
    });
