/** End of an axis: the smallest 1, 2 or 5 times a power of ten that is at least `max`; 1 if `max` is not above 0. */
export function roundUp(max: number): number {
  if (!(max > 0) || !Number.isFinite(max)) return 1;
  const power = 10 ** Math.floor(Math.log10(max));
  // The tolerance absorbs the rounding error of the division.
  const step = [1, 2, 5, 10].find((step) => step >= (max / power) * (1 - 1e-9))!;
  return step * power;
}

/**
 * Computes the `points` of SVG polylines in a box of 100 × 100.
 *
 * @param values equally spaced; a null ends a polyline and starts another
 * @param top the value at the upper edge
 */
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
