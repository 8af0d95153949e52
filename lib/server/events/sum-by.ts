import 'server-only';

/** Sums by key, in the order of the keys; the first part of a sum is changed. */
export function sumBy<Part>(parts: readonly (readonly [string, Part])[], add: (sum: Part, part: Part) => void): Part[] {
  const sums = new Map<string, Part>();
  for (const [key, part] of parts) {
    const sum = sums.get(key);
    if (sum) add(sum, part);
    else sums.set(key, part);
  }
  return [...sums.keys()].sort().map((key) => sums.get(key)!);
}
