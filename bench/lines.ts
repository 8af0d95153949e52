import { z } from 'zod';

/** Units of figures. `share` is a fraction of 1, `times` a ratio. */
export const UNITS = ['ms', 'bytes', 'per second', 'share', 'times', 'count'] as const;
export type Unit = (typeof UNITS)[number];

export const PARTS = [
  'node',
  'worker',
  'throttled',
  'page',
  'slider',
  'search',
  'wire',
  'memory',
  'vectors',
  'api',
  'events',
  'soak',
  'server-vectors',
  'scale',
  'quality',
  'lighthouse',
] as const;
export type PartName = (typeof PARTS)[number];

const targetSchema = z.object({
  /** Name of the figure that the target applies to. */
  figure: z.string(),
  atMost: z.number().optional(),
  atLeast: z.number().optional(),
});
export type Target = z.infer<typeof targetSchema>;

const lineSchema = z.object({
  part: z.enum(PARTS),
  /** Null if it does not belong to one domain. */
  domain: z.string().nullable(),
  name: z.string(),
  unit: z.enum(UNITS),
  /** By name, in the order shown: `median`, `p95`, `p99`, or `value` for a single one. */
  figures: z.record(z.string(), z.number()),
  /** Number of measurements. */
  samples: z.number().int().nonnegative(),
  /** All measurements, if they are few. */
  runs: z.array(z.number()).optional(),
  targets: z.array(targetSchema),
  /** The same figures of a baseline, measured in the same run. */
  baseline: z.object({ name: z.string(), figures: z.record(z.string(), z.number()) }).optional(),
  /** A remark for readers. */
  note: z.string().optional(),
});
export type Line = z.infer<typeof lineSchema>;
/** A line as a part measures it. */
export type Measured = Omit<Line, 'part' | 'targets'> & { targets?: Target[] };

export const reportSchema = z.object({
  format: z.literal('inkpick-bench'),
  machine: z.object({
    processor: z.string(),
    cores: z.number().int(),
    memoryBytes: z.number(),
    system: z.string(),
    node: z.string(),
    chromium: z.string(),
  }),
  lines: z.array(lineSchema),
});
export type Report = z.infer<typeof reportSchema>;

/** @returns median, 95th and 99th percentile by nearest rank */
export function summarise(samples: readonly number[]): { figures: Record<string, number>; samples: number } {
  const sorted = samples.toSorted((a, b) => a - b);
  const quantile = (q: number) => sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)];
  return {
    figures: { median: quantile(0.5), p95: quantile(0.95), p99: quantile(0.99) },
    samples: sorted.length,
  };
}

/** @returns the median of a few runs, and each of them */
export function fewRuns(runs: readonly number[]): { figures: Record<string, number>; samples: number; runs: number[] } {
  const { median } = summarise(runs).figures;
  return { figures: { median }, samples: runs.length, runs: [...runs] };
}

/** A single figure. */
export const single = (value: number) => ({ figures: { value }, samples: 1 });

export type Verdict = 'met' | 'missed' | 'not measured';

export function verdictOf({ figures }: Pick<Line, 'figures'>, { figure, atMost, atLeast }: Target): Verdict {
  const value = figures[figure];
  if (value === undefined || Number.isNaN(value)) return 'not measured';
  return value <= (atMost ?? Number.POSITIVE_INFINITY) && value >= (atLeast ?? Number.NEGATIVE_INFINITY)
    ? 'met'
    : 'missed';
}

const FORMATS: Record<Unit, (value: number) => string> = {
  ms: (value) => (value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : value.toFixed(0)),
  bytes: (value) =>
    value >= 1e6 ? `${(value / 1e6).toFixed(2)} MB` : value >= 1e3 ? `${(value / 1e3).toFixed(1)} kB` : `${value} B`,
  'per second': (value) => value.toLocaleString('en-GB', { maximumFractionDigits: 0 }),
  share: (value) => `${(100 * value).toFixed(1)} %`,
  times: (value) => `${value.toFixed(value < 10 ? 2 : 0)}×`,
  count: (value) => value.toLocaleString('en-GB'),
};
const SUFFIX: Record<Unit, string> = { ms: ' ms', bytes: '', 'per second': '/s', share: '', times: '', count: '' };

/** Formats a figure without `ms` or `/s`: `3.02`, `1.25 MB`. */
export const formatFigure = (value: number, unit: Unit): string => FORMATS[unit](value);

/** `3.02 ms` */
export const withUnit = (value: number, unit: Unit): string => `${FORMATS[unit](value)}${SUFFIX[unit]}`;

/** Removes trailing zeros of a fraction. */
const bare = (text: string) => text.replace(/(\.\d*?)0+(?=\D|$)/, '$1').replace(/\.(?=\D|$)/, '');

/** `median ≤ 3 ms`; `≥ 60 %` for a single figure. */
export function formatTarget({ figure, atMost, atLeast }: Target, unit: Unit): string {
  const limit = (value: number) =>
    unit === 'ms' || unit === 'count' ? value.toLocaleString('en-GB') : bare(FORMATS[unit](value));
  const name = figure === 'value' ? '' : `${figure} `;
  return [
    ...(atMost === undefined ? [] : [`${name}≤ ${limit(atMost)}${SUFFIX[unit]}`]),
    ...(atLeast === undefined ? [] : [`${name}≥ ${limit(atLeast)}${SUFFIX[unit]}`]),
  ].join(', ');
}

/** @returns the main figure of a line */
export function mainFigure({ figures }: Pick<Line, 'figures'>): number {
  return figures.median ?? figures.value ?? Object.values(figures)[0];
}

/** @returns the ratio of a line to its baseline by their main figures; undefined without a baseline */
export function ratioOf(line: Line): number | undefined {
  return line.baseline && mainFigure(line) / mainFigure(line.baseline);
}
