/** Changes one parameter of a setting by one step. */
export type Move<T> = (setting: T) => T;

/** A setting must be better by this share to be accepted: smaller differences are noise. */
const MIN_GAIN = 0.003;

/** Multiplies one parameter, rounded to three digits, so that a step and its inverse restore the setting. */
export const multiply =
  <T, K extends keyof T>(key: K, factor: number): Move<T> =>
  (setting) => ({ ...setting, [key]: Number(((setting[key] as number) * factor).toPrecision(3)) });

/**
 * Coordinate search: accepts any move that improves the quality and continues from there, until no move improves it.
 * Every setting is measured once.
 *
 * @param moves returns `start` unmeasured if there are none
 * @param fixed parameters that no move may change
 */
export async function coordinateSearch<T extends object>(
  start: T,
  moves: readonly Move<T>[],
  fixed: Partial<T>,
  measure: (setting: T) => Promise<number>,
): Promise<T> {
  if (moves.length === 0) return start;
  const measured = new Map<string, number>();
  const quality = async (setting: T): Promise<number> => {
    const key = JSON.stringify(setting);
    const value = measured.get(key) ?? (await measure(setting));
    measured.set(key, value);
    return value;
  };
  let best = start;
  for (let stale = 0, next = 0; stale < moves.length; next = (next + 1) % moves.length) {
    const moved: T = { ...moves[next](best), ...fixed };
    if ((await quality(moved)) > (await quality(best)) * (1 + MIN_GAIN)) {
      best = moved;
      stale = 0;
      // Repeat the move that has just helped.
      next--;
    } else stale++;
  }
  return best;
}
