const ENTITIES: Record<string, string> = { amp: '&', quot: '"', apos: "'", lt: '<', gt: '>', nbsp: ' ' };

/** The text with HTML entities decoded, in Unicode form C, runs of white space made one space, and trimmed. */
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
 * A key under which spellings of one name meet: lower case, without accents, punctuation or white space,
 * `&` read as "and". Letters and digits of every script are kept; a name without any gives its own lower case.
 */
export function foldKey(text: string): string {
  const lower = text.toLowerCase();
  const key = lower
    .replaceAll('&', ' and ')
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]/gu, '');
  return key === '' ? lower.trim() : key;
}

/** The values in their first order, each once. */
export function distinct<T>(values: Iterable<T>): T[] {
  return [...new Set(values)];
}

/** The value under a key, made and kept on first use. */
export function getOrSet<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}
