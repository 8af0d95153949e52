import { hashSeed, mulberry32 } from '../../lib/math/random';

/** Four colours by role: the background, the title, and two for the drawing. */
export interface Palette {
  ground: string;
  ink: string;
  first: string;
  second: string;
}

export const PALETTES: readonly Palette[] = [
  { ground: '#b9331c', ink: '#fff3e2', first: '#171a36', second: '#f0b545' },
  { ground: '#e8b548', ink: '#1f1a2e', first: '#b5381f', second: '#fdf0cf' },
  { ground: '#0f5a64', ink: '#f5f0df', first: '#f0a35a', second: '#0a3a44' },
  { ground: '#2a3ca6', ink: '#f6f1e6', first: '#f1c04a', second: '#7f92f2' },
  { ground: '#1d4a38', ink: '#f3efdd', first: '#d9c34a', second: '#6fa283' },
  { ground: '#4a2040', ink: '#f8e8e2', first: '#e4745c', second: '#94568d' },
  { ground: '#efc3b4', ink: '#431322', first: '#b8364b', second: '#fff1e8' },
  { ground: '#a6cce0', ink: '#10233d', first: '#1c5c98', second: '#fcf4de' },
  { ground: '#171a36', ink: '#f3eee0', first: '#e6cf76', second: '#4b57ae' },
  { ground: '#eee5d0', ink: '#1f1b17', first: '#c23a20', second: '#2a3ca6' },
  { ground: '#5c5b1b', ink: '#fdf7df', first: '#e0c24c', second: '#343510' },
  { ground: '#9c234a', ink: '#fff0ec', first: '#f5b4a4', second: '#570d2b' },
  { ground: '#bcdcc6', ink: '#103325', first: '#1f744e', second: '#f7f5e3' },
  { ground: '#3a4658', ink: '#f2f0e8', first: '#e58f44', second: '#8aa0b8' },
  { ground: '#cbbce8', ink: '#261a4d', first: '#5a3fae', second: '#fff5e6' },
  { ground: '#4b2e21', ink: '#f7ead8', first: '#da8b4a', second: '#8c6046' },
];

/** Minimum contrast between title and ground: WCAG's for text of any size. */
export const MIN_TEXT_CONTRAST = 4.5;

/** A palette in other roles: one for every pair of its colours that is readable as title on ground. */
function rolesOf(palette: Palette): Palette[] {
  const inks = Object.values(palette) as string[];
  return inks.flatMap((ground) =>
    inks
      .filter((ink) => contrast(ink, ground) >= MIN_TEXT_CONTRAST)
      .map((ink) => {
        const [first, second] = inks.filter((other) => other !== ground && other !== ink);
        return { ground, ink, first, second };
      }),
  );
}

/** Each palette in all its roles. */
export const ROLES: readonly Palette[][] = PALETTES.map(rolesOf);

/** This seed gives the most common genres, tags and categories different palettes. */
const PALETTE_SEED = 'vellum';

/** Index of a tag's palette, always the same. */
export function paletteOf(tag: string): number {
  return Math.floor(mulberry32(hashSeed(PALETTE_SEED + tag.toLowerCase()))() * PALETTES.length);
}

function luminance(hex: string): number {
  const channel = (at: number) => {
    const c = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

/** WCAG contrast of two colours in the form `#rrggbb`, 1 … 21. */
export function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}
