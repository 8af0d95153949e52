import 'server-only';

/**
 * The process's one instance of what `create` returns. Next bundles each route separately, so a module may be evaluated
 * once per route; state of which there must be one (engines, rate-limit counts, caches) is kept on `globalThis`.
 *
 * @param name unique among all singletons; includes the settings that the instance was made with
 */
export function singleton<T>(name: string, create: () => T): T {
  const key = Symbol.for(`inkpick.${name}`);
  const holder = globalThis as unknown as Record<symbol, T | undefined>;
  holder[key] ??= create();
  return holder[key];
}
