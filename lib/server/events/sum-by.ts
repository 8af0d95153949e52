import 'server-only';

/** The values of a map in the order of its keys: the order in which all writers touch rows that they share. */
export const inKeyOrder = <Value>(map: ReadonlyMap<string, Value>): Value[] =>
  [...map.keys()].sort().map((key) => map.get(key)!);

/** Sums by key, in the order of the keys; the first part of a sum is changed. */
export function sumBy<Part>(parts: readonly (readonly [string, Part])[], add: (sum: Part, part: Part) => void): Part[] {
  const sums = new Map<string, Part>();
  for (const [key, part] of parts) {
    const sum = sums.get(key);
    if (sum) add(sum, part);
    else sums.set(key, part);
  }
  return inKeyOrder(sums);
}
