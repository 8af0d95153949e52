import 'server-only';

/**
 * One instance per process of what `make` returns. Next bundles each route by itself, so that a module
 * may be evaluated once per route; what must be held once (engines, rate counts, answers) hangs on
 * `globalThis` instead of on a module.
 */
export function singleton<T>(name: string, make: () => T): T {
  const key = Symbol.for(`inkpick.${name}`);
  const holder = globalThis as unknown as Record<symbol, T | undefined>;
  holder[key] ??= make();
  return holder[key];
}
