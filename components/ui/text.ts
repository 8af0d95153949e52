/** `86,537`. Without `Intl.NumberFormat`: creating the first one takes a phone as long as rendering the page. */
export const count = (n: number) => n.toFixed(0).replace(/\B(?=(?:\d{3})+$)/g, ',');

/** `1 film`, `86,537 films` */
export const countOf = (n: number, noun: { one: string; many: string }) =>
  `${count(n)} ${n === 1 ? noun.one : noun.many}`;

/** `5.4` for 5,400,000 bytes. */
export const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);

/** `3.2` below ten milliseconds, `124` above. */
export const milliseconds = (ms: number) => (ms < 9.95 ? ms.toFixed(1) : count(ms));

/** `−0.40`, with U+2212 as minus sign, and never `−0.00`. */
export function decimal(x: number, digits: number): string {
  const size = Math.abs(x).toFixed(digits);
  return x < 0 && Number(size) > 0 ? `−${size}` : size;
}

/** `+0.40` */
export const signed = (x: number, digits: number) => `${Number(x.toFixed(digits)) > 0 ? '+' : ''}${decimal(x, digits)}`;

/** `films, songs and courses` */
export const listOf = (words: readonly string[]) => new Intl.ListFormat('en-GB').format(words);

export const capitalise = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** `a film`, `an album` */
export const withArticle = (noun: string) => `${/^[aeiou]/i.test(noun) ? 'an' : 'a'} ${noun}`;
