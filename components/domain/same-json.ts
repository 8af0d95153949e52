import { useState } from 'react';

/** Whether two values made of plain objects, arrays and primitives are equal. */
export function isSameJson(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [a, b] as Record<string, unknown>[];
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && isSameJson(left[key], right[key]))
  );
}

/** `value`, or the one of an earlier render while the two are equal, so that hooks depending on it do not run again. */
export function useSameJson<T>(value: T): T {
  const [same, setSame] = useState(value);
  if (isSameJson(same, value)) return same;
  setSame(value);
  return value;
}
