/**
 * Covers made from what is known of an item: its tags choose the colours, the id the drawing, the title its
 * own size. The same item always gets the same cover, on every device. Pure.
 */

/** Four inks in their roles: what is printed on, what the title is set in, and two for the drawing. */
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

/** The least contrast between title and ground: WCAG's for text of any size. */
export const READABLE = 4.5;

/** A palette with its inks in other roles: every pair that can be read as title on ground. */
function rolesOf(palette: Palette): Palette[] {
  const inks = Object.values(palette) as string[];
  return inks.flatMap((ground) =>
    inks
      .filter((ink) => contrast(ink, ground) >= READABLE)
      .map((ink) => {
        const [first, second] = inks.filter((other) => other !== ground && other !== ink);
        return { ground, ink, first, second };
      }),
  );
}

let roles: Palette[][] | null = null;

/** Spreads the commonest genres, tags and categories over different palettes. */
const PALETTE_SEED = 'hues';

/** The palette that a tag always has. */
export function paletteOf(tag: string): number {
  return hashText(PALETTE_SEED + tag.toLowerCase()) % PALETTES.length;
}

/** A drawing: paths in a box of 120 × 100 units, each in one ink. */
export interface Shape {
  d: string;
  fill: 'ink' | 'first' | 'second';
}

export interface CoverDesign {
  palette: Palette;
  shapes: Shape[];
  /** Whether the title stands above the drawing or below it. */
  titleFirst: boolean;
}

/** FNV-1a over UTF-16 code units, with Murmur's finish, for its low bits alone mix poorly. 32 bits. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Mulberry32: numbers in [0, 1), the same for the same seed. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const n = (x: number) => String(Math.round(x * 10) / 10);
const circle = (x: number, y: number, radius: number) => {
  // Rounded once: the two halves must agree.
  const r = Math.round(radius * 10) / 10;
  return `M${n(x - r)} ${n(y)}a${r} ${r} 0 1 0 ${n(2 * r)} 0a${r} ${r} 0 1 0 ${n(-2 * r)} 0z`;
};
const box = (x: number, y: number, w: number, h: number) => `M${n(x)} ${n(y)}h${n(w)}v${n(h)}h${n(-w)}z`;
/** A quarter disc in the cell at (x, y), its right angle in corner 0 … 3, clockwise from the top left. */
const quarter = (x: number, y: number, s: number, corner: number) =>
  [
    `M${n(x)} ${n(y)}h${n(s)}a${n(s)} ${n(s)} 0 0 1 ${n(-s)} ${n(s)}z`,
    `M${n(x + s)} ${n(y)}v${n(s)}a${n(s)} ${n(s)} 0 0 1 ${n(-s)} ${n(-s)}z`,
    `M${n(x + s)} ${n(y + s)}h${n(-s)}a${n(s)} ${n(s)} 0 0 1 ${n(s)} ${n(-s)}z`,
    `M${n(x)} ${n(y + s)}v${n(-s)}a${n(s)} ${n(s)} 0 0 1 ${n(s)} ${n(s)}z`,
  ][corner];

type Drawing = (random: () => number) => Shape[];
const range = (count: number) => Array.from({ length: count }, (_, i) => i);

const sun: Drawing = (random) => {
  const horizon = 58 + random() * 16;
  const x = 34 + random() * 52;
  return [
    { d: circle(x, horizon - 4, 30 + random() * 10), fill: 'first' },
    { d: box(0, horizon, 120, 100 - horizon), fill: 'second' },
  ];
};

const arcs: Drawing = (random) => {
  const left = random() < 0.5;
  const rings = 4 + Math.floor(random() * 2);
  const step = 108 / rings;
  const ring = (i: number) => {
    const [outer, inner] = [108 - i * step, 108 - (i + 0.55) * step];
    const [x, turn, sign] = left ? [0, 1, 1] : [120, 0, -1];
    return `M${x} ${n(100 - outer)}A${n(outer)} ${n(outer)} 0 0 ${turn} ${n(x + sign * outer)} 100H${n(x + sign * inner)}A${n(inner)} ${n(inner)} 0 0 ${1 - turn} ${x} ${n(100 - inner)}z`;
  };
  return [
    {
      d: range(rings)
        .filter((i) => i % 2 === 0)
        .map(ring)
        .join(''),
      fill: 'first',
    },
    {
      d: range(rings)
        .filter((i) => i % 2 === 1)
        .map(ring)
        .join(''),
      fill: 'second',
    },
  ];
};

const stripes: Drawing = (random) => {
  const width = 9 + random() * 7;
  const lean = random() < 0.5 ? 60 : -60;
  const stripe = (i: number) => {
    const x = -70 + i * width * 2;
    return `M${n(x)} 100L${n(x + lean)} 0h${n(width)}L${n(x + width)} 100z`;
  };
  const count = Math.ceil(260 / (width * 2));
  const accent = Math.floor(count * (0.35 + random() * 0.3));
  return [
    {
      d: range(count)
        .filter((i) => i !== accent)
        .map(stripe)
        .join(''),
      fill: 'second',
    },
    { d: stripe(accent), fill: 'first' },
  ];
};

const bands: Drawing = (random) => {
  const shapes: Shape[] = [];
  let y = 6 + random() * 8;
  for (let i = 0; y < 100; i++) {
    const height = 3 + i * (2.2 + random() * 1.4);
    shapes.push({ d: box(0, y, 120, height), fill: i % 2 ? 'second' : 'first' });
    y += height + 5;
  }
  return shapes;
};

const halftone: Drawing = (random) => {
  const angle = random() * Math.PI;
  const dots = range(9).flatMap((column) =>
    range(8).map((row) => {
      const [x, y] = [column * 15, row * 14 + (column % 2) * 7];
      const along = ((x - 60) * Math.cos(angle) + (y - 50) * Math.sin(angle)) / 78;
      return circle(x, y, Math.max(0.8, 4.2 + along * 4.4));
    }),
  );
  return [{ d: dots.join(''), fill: random() < 0.5 ? 'first' : 'second' }];
};

const tiles: Drawing = (random) => {
  const paths: Record<'first' | 'second' | 'ink', string> = { first: '', second: '', ink: '' };
  for (let row = 0; row < 4; row++)
    for (let column = 0; column < 4; column++) {
      const [kind, x, y] = [random(), column * 30, row * 30 - 10];
      const fill = random() < 0.52 ? 'first' : 'second';
      if (kind < 0.62) paths[fill] += quarter(x, y, 30, Math.floor(random() * 4));
      else if (kind < 0.78) paths[fill] += box(x, y, 30, 30);
      else if (kind < 0.88) paths.ink += circle(x + 15, y + 15, 8);
    }
  return (['second', 'first', 'ink'] as const).flatMap((fill) => (paths[fill] ? [{ d: paths[fill], fill }] : []));
};

const waves: Drawing = (random) => {
  const height = 6 + random() * 7;
  const wave = (i: number) => {
    const y = 18 + i * 19;
    const shift = -(random() * 40);
    const crests = range(5).map(() => `q10 ${n(-height)} 20 0t20 0`);
    return `M${n(shift)} ${n(y)}${crests.join('')}v9${range(5)
      .map(() => `q-10 ${n(height)} -20 0t-20 0`)
      .join('')}z`;
  };
  const accent = Math.floor(random() * 5);
  return range(5).map((i) => ({ d: wave(i), fill: i === accent ? 'first' : 'second' }) as const);
};

const hills: Drawing = (random) => {
  const far = circle(25 + random() * 25, 104, 44 + random() * 10);
  const near = circle(80 + random() * 22, 112, 44 + random() * 10);
  const moon = circle(76 + random() * 26, 22 + random() * 10, 8 + random() * 6);
  return [
    { d: far, fill: 'second' },
    { d: near, fill: 'first' },
    { d: moon, fill: 'ink' },
  ];
};

const rays: Drawing = (random) => {
  const x = 20 + random() * 80;
  const count = 9 + Math.floor(random() * 4);
  const ray = (i: number) => {
    const a = Math.PI + (Math.PI * i) / count;
    const b = a + (Math.PI / count) * 0.52;
    return `M${n(x)} 100L${n(x + 190 * Math.cos(a))} ${n(100 + 190 * Math.sin(a))}L${n(x + 190 * Math.cos(b))} ${n(100 + 190 * Math.sin(b))}z`;
  };
  return [
    { d: range(count).map(ray).join(''), fill: 'second' },
    { d: circle(x, 100, 26 + random() * 8), fill: 'first' },
  ];
};

const skyline: Drawing = (random) => {
  const bars = range(10).map((i) => {
    const height = 24 + random() * 62;
    return { d: box(i * 12 + 1, 100 - height, 9.6, height), accent: random() < 0.3 };
  });
  return [
    {
      d: bars
        .filter((bar) => !bar.accent)
        .map((bar) => bar.d)
        .join(''),
      fill: 'second',
    },
    {
      d: bars
        .filter((bar) => bar.accent)
        .map((bar) => bar.d)
        .join(''),
      fill: 'first',
    },
  ];
};

const steps: Drawing = (random) => {
  const up = random() < 0.5;
  const count = 5 + Math.floor(random() * 3);
  const step = range(count).map((i) => {
    const height = 16 + (70 * (up ? i : count - 1 - i)) / (count - 1);
    return box((i * 120) / count, 100 - height, 120 / count + 0.2, height);
  });
  const ball = up ? circle(20, 62, 11) : circle(100, 62, 11);
  return [
    { d: step.join(''), fill: 'first' },
    { d: ball, fill: 'second' },
  ];
};

const phases: Drawing = (random) => {
  const r = 15;
  const rows = [26, 66];
  const discs = rows.flatMap((y) => [20, 60, 100].map((x) => [x, y] as const));
  const lit = discs.map(([x, y]) => {
    const bulge = 2 + random() * (r - 2);
    const sweep = random() < 0.5 ? 0 : 1;
    return `M${x} ${y - r}a${r} ${r} 0 0 1 0 ${2 * r}a${n(bulge)} ${r} 0 0 ${sweep} 0 ${-2 * r}z`;
  });
  return [
    { d: discs.map(([x, y]) => circle(x, y, r)).join(''), fill: 'second' },
    { d: lit.join(''), fill: 'first' },
  ];
};

const DRAWINGS = [sun, arcs, stripes, bands, halftone, tiles, waves, hills, rays, skyline, steps, phases];

/** How many of an item's tags may decide its colours. */
const TELLING_TAGS = 3;

/** The cover of an item: colours by one of its first tags (by the id where it has none), drawing by its id. */
export function designCover(id: string, tags: readonly string[]): CoverDesign {
  const seed = hashText(id);
  const random = seeded(seed);
  roles ??= PALETTES.map(rolesOf);
  const tag = tags[Math.floor(random() * Math.min(tags.length, TELLING_TAGS))];
  const choices = roles[paletteOf(tag ?? id)];
  const palette = choices[Math.floor(random() * choices.length)];
  const drawing = DRAWINGS[Math.floor(random() * DRAWINGS.length)];
  const shapes = drawing(random).map((shape) => visibleOn(palette, shape));
  return { palette, shapes, titleFirst: random() < 0.72 };
}

/** A shape in an ink that can be told from the ground. */
function visibleOn(palette: Palette, shape: Shape): Shape {
  return contrast(palette[shape.fill], palette.ground) < 1.25 ? { ...shape, fill: 'ink' } : shape;
}

function luminance(hex: string): number {
  const channel = (at: number) => {
    const c = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

/** WCAG contrast of two colours written `#rrggbb`, 1 … 21. */
export function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

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
