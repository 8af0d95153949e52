import localFont from 'next/font/local';

// The fonts' own split of Latin and the rest of it (as in the packages' CSS): few pages need the second file.
// It stands before the first in the font stack and answers for its own characters only.

const display = localFont({
  src: '../node_modules/@fontsource/young-serif/files/young-serif-latin-400-normal.woff2',
  weight: '400',
  variable: '--font-young-serif',
  adjustFontFallback: 'Times New Roman',
});
const displayExtended = localFont({
  src: '../node_modules/@fontsource/young-serif/files/young-serif-latin-ext-400-normal.woff2',
  weight: '400',
  variable: '--font-young-serif-extended',
  preload: false,
  adjustFontFallback: false,
  declarations: [
    {
      prop: 'unicode-range',
      value:
        'U+0100-02BA, U+02BD-02C5, U+02C7-02CC, U+02CE-02D7, U+02DD-02FF, U+0304, U+0308, U+0329, U+1D00-1DBF, U+1E00-1E9F, U+1EF2-1EFF, U+2020, U+20A0-20AB, U+20AD-20C0, U+2113, U+2C60-2C7F, U+A720-A7FF',
    },
  ],
});
const text = localFont({
  src: '../node_modules/@fontsource-variable/instrument-sans/files/instrument-sans-latin-wght-normal.woff2',
  weight: '400 700',
  variable: '--font-instrument-sans',
});

/** Class names that define the fonts' variables, for the root element. */
export const fontVariables = [display, displayExtended, text].map((font) => font.variable).join(' ');
