/** Characters as wide as they are high: CJK, kana, hangul, emoji. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60]|\p{Extended_Pictographic}/u;

/** Approximate width of a text in the display font, in ems. */
function ems(text: string): number {
  let width = 0;
  for (const c of text) {
    if (WIDE.test(c)) width += 1;
    else if (/[MWmw@%&]/.test(c)) width += 0.92;
    else if (/[\p{Lu}\d]/u.test(c)) width += 0.7;
    else if (/[ijlfrt'’.,:;!|()\s]/.test(c)) width += 0.4;
    else width += 0.6;
  }
  return width;
}

const MAX_SIZE = 15;
const MIN_SIZE = 6;

/**
 * Font size of a title in hundredths of the cover's width, 6 … 15: larger for shorter titles, and small enough that the
 * longest word need not break.
 */
export function titleSize(title: string): number {
  const byLength = MAX_SIZE - 3.1 * Math.log2(Math.max(1, ems(title) / 8));
  // Scripts without spaces can break anywhere.
  const words = title.split(/[\s\-–—/]+/).filter((word) => !WIDE.test(word));
  const byWord = 82 / Math.max(1, ...words.map(ems));
  return Math.round(Math.max(MIN_SIZE, Math.min(MAX_SIZE, byLength, byWord)) * 10) / 10;
}
