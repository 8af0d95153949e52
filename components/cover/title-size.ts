/** Characters as wide as they are high: CJK, kana, hangul, emoji. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60]|\p{Extended_Pictographic}/u;

/** Width of a text in the display face, roughly, in ems. */
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

const LARGEST = 15;
const SMALLEST = 6;

/**
 * Type size of a title in hundredths of the cover's width: large for a short one, and never so large that
 * its longest word must break while that can be helped. Between 6 and 15.
 */
export function titleSize(title: string): number {
  const byLength = LARGEST - 3.1 * Math.log2(Math.max(1, ems(title) / 8));
  // Scripts without spaces break anywhere.
  const words = title.split(/[\s\-–—/]+/).filter((word) => !WIDE.test(word));
  const byWord = 82 / Math.max(1, ...words.map(ems));
  return Math.round(Math.max(SMALLEST, Math.min(LARGEST, byLength, byWord)) * 10) / 10;
}
