import { inject } from 'vitest';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where test files ask for the address of a server, `postgres` or `redis`, or for a folder to copy: `embedded`, an empty store, or `tiny`. */
    services: string;
  }
}

/** What a test run has one of, for all its files to ask for: see `services.ts`. */
export type ServiceName = 'postgres' | 'redis' | 'embedded' | 'tiny';

/** The address of a server of this test run, or the folder of a template; made now if it was not. */
export async function serviceUrl(name: ServiceName): Promise<string> {
  const response = await fetch(`${inject('services')}/${name}`);
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return text;
}
