const ENTITIES: Record<string, string> = { amp: '&', quot: '"', apos: "'", lt: '<', gt: '>', nbsp: ' ' };

/** Decodes HTML entities, normalises to NFC, collapses white space and trims. */
export function cleanText(text: string): string {
  return text
    .replace(/&(?:#(\d+)|#x([0-9a-f]+)|([a-z]+));/gi, (whole, decimal, hexadecimal, name) => {
      if (name !== undefined) return ENTITIES[name.toLowerCase()] ?? whole;
      const code = decimal === undefined ? Number.parseInt(hexadecimal, 16) : Number.parseInt(decimal, 10);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    })
    .normalize('NFC')
    .replace(/\s+/g, ' ')
    .trim();
}

/**
 * A common key for spellings of a name: lower case, without accents, punctuation and white space, with "and" for `&`.
 * Letters and digits of all scripts stay. A name without any is only lower-cased.
 */
export function foldKey(text: string): string {
  const lower = text.toLowerCase();
  const key = lower
    .replaceAll('&', ' and ')
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]/gu, '');
  return key === '' ? lower.trim() : key;
}

/** The distinct values, in the order of their first occurrence. */
export function distinct<T>(values: Iterable<T>): T[] {
  return [...new Set(values)];
}

/** The value of a key, which is created if it is missing. */
export function getOrSet<K, V>(map: Map<K, V>, key: K, create: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = create();
    map.set(key, value);
  }
  return value;
}
