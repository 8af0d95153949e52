import 'server-only';
import { join } from 'node:path';
import { loadEngineFromFolder, readArtifactIndex, readManifest } from '../artifacts/node';
import { DEFAULT_TOP_K, type DomainInfo, type ItemSummary } from '../contracts/engine';
import { type ErrorCode, InkpickError } from '../contracts/errors';
import type { Manifest } from '../contracts/manifest';
import { domainInfo, type Engine } from '../engine/engine';
import { quote } from './http/input';
import { keepRenewed } from './items/additions';
import { logError } from './log';
import { currentSettings } from './settings';
import { singleton } from './singleton';

/** One load per name, shared by all who ask; a failed one is forgotten, so that the next call tries again. */
class Loads<T> {
  readonly #pending = new Map<string, Promise<T>>();
  readonly #load: (name: string) => Promise<T>;

  constructor(load: (name: string) => Promise<T>) {
    this.#load = load;
  }

  /** The load of a name that was asked for before, unless it failed. */
  begun(name: string): Promise<T> | undefined {
    return this.#pending.get(name);
  }

  get(name: string): Promise<T> {
    let pending = this.#pending.get(name);
    if (!pending) {
      pending = this.#load(name).catch((error) => {
        this.#pending.delete(name);
        throw error;
      });
      this.#pending.set(name, pending);
    }
    return pending;
  }
}

/** The loads of one artifacts folder: its index under the empty name, the manifests of its domains, their engines. */
function loads(root: string) {
  const folder = (domain: string) => join(/* turbopackIgnore: true */ root, domain);
  return singleton(`catalog.${root}`, () => ({
    index: new Loads(() => readArtifactIndex(root)),
    manifests: new Loads((domain) => readManifest(folder(domain))),
    engines: new Loads((domain) => loadEngineFromFolder(folder(domain))),
  }));
}

/** The names of the domains, in the order in which they are shown. */
export function domainNames(): Promise<string[]> {
  return loads(currentSettings().artifactsRoot).index.get('');
}

/** The engine of a domain, loaded at the first call. `DOMAIN_NOT_FOUND` names those there are. */
export async function getEngine(domain: string): Promise<Engine> {
  const engine = await (loads(currentSettings().artifactsRoot).engines.begun(domain) ?? openEngine(domain));
  keepRenewed(engine);
  return engine;
}

async function openEngine(domain: string): Promise<Engine> {
  const names = await domainNames();
  if (!names.includes(domain)) {
    throw new InkpickError('DOMAIN_NOT_FOUND', `There is no domain ${quote(domain)}; there are: ${names.join(', ')}.`, {
      field: 'domain',
      details: { domains: names },
    });
  }
  return loads(currentSettings().artifactsRoot).engines.get(domain);
}

/** What each domain says of itself, in the order in which they are shown; loads no engine. */
export async function listDomains(): Promise<DomainInfo[]> {
  const { manifests } = loads(currentSettings().artifactsRoot);
  return Promise.all(
    (await domainNames()).map(async (domain) => {
      const { manifest, version } = await manifests.get(domain);
      return domainInfo(manifest, version);
    }),
  );
}

/** What a domain's artifacts say of themselves; for a domain that is there. */
export async function getManifest(domain: string): Promise<Manifest> {
  return (await loads(currentSettings().artifactsRoot).manifests.get(domain)).manifest;
}

/** What a browser fetches of a domain and keeps, in bytes, by the manifest. */
export async function downloadBytes(domain: string): Promise<number> {
  const { manifest } = await loads(currentSettings().artifactsRoot).manifests.get(domain);
  return manifest.artifacts.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** The items that most users chose, best first. */
export async function popularItems(domain: string, limit: number): Promise<ItemSummary[]> {
  return (await getEngine(domain)).popular(limit);
}

const WARM_UP_ROUNDS = 5;
const WARM_UP_HISTORY = 5;
const warm = new WeakSet<Engine>();

/** Code runs slowly until it is compiled, and buffers are made at their first use: better before anybody waits for it. */
function warmUp(engine: Engine): void {
  if (warm.has(engine)) return;
  warm.add(engine);
  const history = engine.popular(WARM_UP_HISTORY).map(({ id }) => ({ id }));
  for (let i = 0; i < WARM_UP_ROUNDS; i++) engine.recommend({ mode: 'hybrid', history, topK: DEFAULT_TOP_K });
  engine.search(engine.info.item.one, 1);
}

export type DomainState =
  | { state: 'ready'; items: number; version: string }
  | { state: 'unavailable'; error: ErrorCode };

/** Loads whatever is not loaded yet, and says of each domain whether it can be used. */
export async function checkDomains(): Promise<Record<string, DomainState>> {
  const check = async (domain: string): Promise<[string, DomainState]> => {
    try {
      const engine = await getEngine(domain);
      warmUp(engine);
      const { itemCount, version } = engine.info;
      return [domain, { state: 'ready', items: itemCount, version }];
    } catch (error) {
      logError(`loading ${domain}`, error);
      return [domain, { state: 'unavailable', error: error instanceof InkpickError ? error.code : 'INTERNAL' }];
    }
  };
  return Object.fromEntries(await Promise.all((await domainNames()).map(check)));
}
