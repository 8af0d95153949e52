import { inject } from 'vitest';

declare module 'vitest' {
  export interface ProvidedContext {
    /** URL of the server in `services.ts`, from which test files get the address of a service by its name. */
    services: string;
  }
}

/**
 * The services of which a test run has one each (`services.ts`): two servers, and two folders to copy, `embedded` (an
 * empty store) and `tiny` (the artifacts of the tiny domain).
 */
export type ServiceName = 'postgres' | 'redis' | 'embedded' | 'tiny';

/** The URL of a server of this test run, or the path of a template folder; started at the first request. */
export async function serviceUrl(name: ServiceName): Promise<string> {
  const response = await fetch(`${inject('services')}/${name}`);
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return text;
}
