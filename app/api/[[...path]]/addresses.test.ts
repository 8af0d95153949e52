import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ADDRESSES } from './addresses';

const API = join(import.meta.dirname, '..');
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

interface RouteModule {
  OPTIONS(request: Request, context: object): Promise<Response>;
}

interface Route {
  file: string;
  /** As in the name given to `route()`: `/api/items/[domain]`. */
  pattern: string;
}

/** All routes but the one that answers the other addresses. */
async function findRoutes(): Promise<Route[]> {
  const files = await readdir(API, { recursive: true });
  return files
    .filter((file) => basename(file) === 'route.ts' && !file.startsWith('[['))
    .map((file) => ({ file: join(API, file), pattern: `/api/${dirname(file)}` }));
}

/** The methods that a route names in `Allow`, without those that every route answers. */
async function methodsOf({ file, pattern }: Route): Promise<string[]> {
  const { OPTIONS }: RouteModule = await import(file);
  const { headers } = await OPTIONS(new Request(`http://localhost${pattern}`), { params: Promise.resolve({}) });
  const allowed = headers.get('allow')!.split(', ');
  return METHODS.filter((method) => allowed.includes(method));
}

describe('the addresses named where there is nothing', () => {
  it('are those of all routes, with their methods', async () => {
    const expected = await Promise.all(
      (await findRoutes()).map(async (route) => {
        const address = route.pattern.replaceAll('[', '{').replaceAll(']', '}');
        return `${(await methodsOf(route)).join(', ')} ${address}`;
      }),
    );
    const listed = ADDRESSES.map((address) => address.replace(/\?.*/, ''));
    expect(listed.toSorted()).toEqual(expected.toSorted());
  });

  it('are the names under which the routes are logged and measured', async () => {
    for (const { file, pattern } of await findRoutes()) {
      expect(await readFile(file, 'utf8'), file).toContain(`'${pattern}'`);
    }
  });
});
