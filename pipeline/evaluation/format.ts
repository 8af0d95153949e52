import type { Estimate } from '../metrics/bootstrap';

/** Number formats of the tables: no zero before the decimal point, and U+2212 as the minus sign. */

/** `.289`; `1.000` */
export function fraction(value: number, digits = 3): string {
  return value
    .toFixed(digits)
    .replace(/^(-?)0\./, '$1.')
    .replace('-', '−');
}

/** `.289 [.270, .309]` */
export function withInterval({ mean, low, high }: Estimate): string {
  return `${fraction(mean)} [${fraction(low)}, ${fraction(high)}]`;
}

/** A difference, with four digits: `+.0123 [+.0051, +.0190]` */
export function signedInterval({ mean, low, high }: Estimate): string {
  const signed = (value: number) => `${value < 0 ? '' : '+'}${fraction(value, 4)}`;
  return `${signed(mean)} [${signed(low)}, ${signed(high)}]`;
}

/** `12.3 %` */
export const percent = (share: number, digits = 1): string => `${(100 * share).toFixed(digits).replace('-', '−')} %`;

/** `86,537` */
export const count = (value: number): string => value.toLocaleString('en-GB');

/** `1 item`, `3 items`, `all` */
export const lengthName = (length: number | null): string =>
  length === null ? 'all' : `${length} ${length === 1 ? 'item' : 'items'}`;
