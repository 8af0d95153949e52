const INTEGER = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });

/** `86,537` */
export const count = (n: number) => INTEGER.format(n);

/** `1 film`, `86,537 films` */
export const countOf = (n: number, noun: { one: string; many: string }) =>
  `${count(n)} ${n === 1 ? noun.one : noun.many}`;

/** `5.4` for 5,400,000 bytes. */
export const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);

/** `3.2` below ten milliseconds, `124` above. */
export const milliseconds = (ms: number) => (ms < 9.95 ? ms.toFixed(1) : count(ms));

export const capitalise = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** `a film`, `an album` */
export const withArticle = (noun: string) => `${/^[aeiou]/i.test(noun) ? 'an' : 'a'} ${noun}`;
