import type { Palette } from './palettes';

/** A path in a box of 120 × 100 units, in one ink. */
export interface Shape {
  d: string;
  fill: Exclude<keyof Palette, 'ground'>;
}

const n = (x: number) => String(Math.round(x * 10) / 10);
const circle = (x: number, y: number, radius: number) => {
  // Rounded once, so that the two halves meet.
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

/** Paths in two inks: most in the second, accents in the first. */
function inTwo(paths: readonly { d: string; isAccent: boolean }[]): Shape[] {
  const joined = (isAccent: boolean) =>
    paths
      .filter((path) => path.isAccent === isAccent)
      .map((path) => path.d)
      .join('');
  const shapes: Shape[] = [
    { d: joined(false), fill: 'second' },
    { d: joined(true), fill: 'first' },
  ];
  return shapes.filter((shape) => shape.d !== '');
}

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
  return inTwo(range(rings).map((i) => ({ d: ring(i), isAccent: i % 2 === 0 })));
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
  return inTwo(range(count).map((i) => ({ d: stripe(i), isAccent: i === accent })));
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
  return inTwo(range(5).map((i) => ({ d: wave(i), isAccent: i === accent })));
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

const skyline: Drawing = (random) =>
  inTwo(
    range(10).map((i) => {
      const height = 24 + random() * 62;
      return { d: box(i * 12 + 1, 100 - height, 9.6, height), isAccent: random() < 0.3 };
    }),
  );

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

/** All kinds of drawings; each takes as many random numbers as it needs. */
export const DRAWINGS: readonly Drawing[] = [
  sun,
  arcs,
  stripes,
  bands,
  halftone,
  tiles,
  waves,
  hills,
  rays,
  skyline,
  steps,
  phases,
];
