import { z } from 'zod';

/**
 * Text that people give for others to read: names, titles. In it nothing may be hidden, and nothing may turn or cover the text around it;
 * two names that look the same should be the same.
 */

/** A picture, and several joined into one. */
const PICTURE = String.raw`\p{ExtPict}[\uFE0E\uFE0F\p{EMod}]?`;
/** The letters that join, or are kept from joining, by a character that is not seen. */
const JOINING =
  '[' +
  ['Arab', 'Syrc', 'Mong', 'Nkoo', 'Deva', 'Beng', 'Guru', 'Gujr', 'Orya', 'Taml', 'Telu', 'Knda', 'Mlym', 'Sinh']
    .map((script) => `\\p{scx=${script}}`)
    .join('') +
  ']';

/** Where what is not seen has a meaning: emoji, flags of regions, keycaps, joined letters, and variants of Han. */
const MEANT = new RegExp(
  [
    // Before the pictures, of which it begins with one.
    String.raw`\u{1F3F4}[\u{E0030}-\u{E0039}\u{E0061}-\u{E007A}]{1,6}\u{E007F}`,
    `${PICTURE}(?:\\u200D${PICTURE})*`,
    String.raw`[0-9#*]\uFE0F\u20E3`,
    `${JOINING}[\\u200C\\u200D](?=${JOINING})`,
    String.raw`\p{scx=Hani}[\u{E0100}-\u{E01EF}]`,
  ].join('|'),
  'gu',
);

/** Controls, halves of surrogate pairs, breaks of lines, and all that is not seen: of no width, turning the direction, or blank letters. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/u;
/** More marks on one letter than any language puts there cover the lines around (UTS 39, 5.4). */
const HEAPED = /[\p{Mn}\p{Me}]{5}/u;
const SEEN = /[\p{L}\p{N}\p{P}\p{S}]/u;

/** The first character that may not be in a text for others to read, as `U+200B`; undefined where there is none. */
export function hiddenCharacter(text: string): string | undefined {
  const [found] = HIDDEN.exec(text.replace(MEANT, '')) ?? [];
  return found && `U+${found.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
}

/**
 * One line of text for others to read, in NFC (UAX 15), without spaces at its ends and with a plain one for every row of others.
 *
 * @param most characters, as people count them but for emoji and marks that are made of several
 */
export const plainText = (most: number) =>
  z
    .string()
    // Before anything is done with it; no character is made of more.
    .max(25 * most)
    .transform((text) =>
      text
        .normalize('NFC')
        .replace(/\p{Zs}+/gu, ' ')
        .trim(),
    )
    .superRefine((text, context) => {
      const refuse = (message: string) => context.addIssue({ code: 'custom', message, input: text });
      const hidden = hiddenCharacter(text);
      if (hidden) refuse(`must be one line of plain text, without characters that cannot be seen, such as ${hidden}`);
      else if (HEAPED.test(text)) refuse('must have no more than four marks on one letter');
      else if (!SEEN.test(text) || [...text].length > most) refuse(`must be 1 to ${most} characters long`);
    });
