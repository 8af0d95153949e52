/** A round number at or above `most`, to end an axis with: 1, 2 or 5 times a power of ten; 1 for nothing. */
export function roundUp(most: number): number {
  if (!(most > 0) || !Number.isFinite(most)) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  // Of what rounding has done to the division, a little is forgiven.
  const step = [1, 2, 5, 10].find((step) => step >= (most / power) * (1 - 1e-9))!;
  return step * power;
}

/** The points of a polyline in a box of 100 × 100, y upwards; broken into several where values are missing. */
export function polylines(values: readonly (number | null)[], top: number): string[] {
  const lines: string[][] = [[]];
  const step = values.length > 1 ? 100 / (values.length - 1) : 0;
  values.forEach((value, i) => {
    if (value === null) lines.push([]);
    else
      lines[lines.length - 1].push(`${(i * step).toFixed(2)},${(100 - (100 * Math.min(value, top)) / top).toFixed(2)}`);
  });
  return lines.filter((line) => line.length > 0).map((line) => line.join(' '));
}
