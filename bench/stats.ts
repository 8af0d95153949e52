/** Order statistics of a sample of durations, in milliseconds. */
export interface Stats {
  count: number;
  median: number;
  p95: number;
  p99: number;
}

export function summarise(samples: readonly number[]): Stats {
  const sorted = samples.toSorted((a, b) => a - b);
  const quantile = (q: number) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
  return { count: sorted.length, median: quantile(0.5), p95: quantile(0.95), p99: quantile(0.99) };
}

export interface Line extends Stats {
  name: string;
  /** What the issue of the day allows, as text; empty where it names nothing. */
  target: string;
}

/** A table for people; ratios are of medians, against the line called `baseline`, measured in the same run. */
export function formatLines(title: string, lines: readonly Line[], baseline: string): string {
  const base = lines.find(({ name }) => name === baseline)?.median;
  const cell = (value: number) => value.toFixed(2).padStart(9);
  const rows = lines.map(
    ({ name, median, p95, p99, count, target }) =>
      `${name.padEnd(44)}${cell(median)}${cell(p95)}${cell(p99)}${base ? `${(median / base).toFixed(2)}×`.padStart(10) : ''}${String(count).padStart(7)}  ${target}`,
  );
  const head = `${title.padEnd(44)}${'median'.padStart(9)}${'p95'.padStart(9)}${'p99'.padStart(9)}${base ? 'ratio'.padStart(10) : ''}${'n'.padStart(7)}  target (ms)`;
  return [head, ...rows, ''].join('\n');
}
