import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cleanText, foldKey } from './text';

test('decodes entities and collapses white space', () => {
  expect(cleanText('  Alexis &amp; Fido \u00a0 &#39;live&#x27; \t&quot;now&quot;\n')).toBe(
    'Alexis & Fido \'live\' "now"',
  );
  expect(cleanText('AT&T; R&B; &unknown;')).toBe('AT&T; R&B; &unknown;');
});

test('cleaning is idempotent', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const once = cleanText(text.replaceAll('&', ''));
      expect(cleanText(once)).toBe(once);
    }),
  );
});

test('spellings of a name have the same key, names in any script have different ones', () => {
  expect(foldKey("Amélie: L'Étoile & Co.")).toBe(foldKey('amelie letoile AND co'));
  expect(foldKey('Игра')).not.toBe(foldKey('Игры'));
  expect(foldKey('!!!')).toBe('!!!');
});
