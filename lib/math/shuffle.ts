/**
 * Shuffles in place (Fisher & Yates).
 *
 * @param random uniform in [0, 1)
 */
export function shuffle<T>(values: T[], random: () => number): void {
  for (let i = values.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [values[i], values[j]] = [values[j], values[i]];
  }
}
