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

/** Loads each name once for all callers. A failed load is removed, so that the next call tries again. */
class LoadOnce<T> {
  private readonly pending = new Map<string, Promise<T>>();
  private readonly load: (name: string) => Promise<T>;

  constructor(load: (name: string) => Promise<T>) {
    this.load = load;
  }

  /** The load of a name that was started before and has not failed. */
  started(name: string): Promise<T> | undefined {
    return this.pending.get(name);
  }

  get(name: string): Promise<T> {
    let pending = this.pending.get(name);
    if (!pending) {
      pending = this.load(name).catch((error) => {
        this.pending.delete(name);
        throw error;
      });
      this.pending.set(name, pending);
    }
    return pending;
  }
}

/** The loads from an artifacts folder: its index (under the empty name), and the domains' manifests and engines. */
function loadsFrom(root: string) {
  const folder = (domain: string) => join(/* turbopackIgnore: true */ root, domain);
  return singleton(`catalog.${root}`, () => ({
    index: new LoadOnce(() => readArtifactIndex(root)),
    manifests: new LoadOnce((domain) => readManifest(folder(domain))),
    engines: new LoadOnce((domain) => loadEngineFromFolder(folder(domain))),
  }));
}

/** The names of the domains, in display order. */
export function domainNames(): Promise<string[]> {
  return loadsFrom(currentSettings().artifactsRoot).index.get('');
}

/**
 * The engine of a domain, loaded at the first call.
 *
 * @throws `DOMAIN_NOT_FOUND`, with the names of the domains
 */
export async function getEngine(domain: string): Promise<Engine> {
  const engine = await (loadsFrom(currentSettings().artifactsRoot).engines.started(domain) ?? openEngine(domain));
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
  return loadsFrom(currentSettings().artifactsRoot).engines.get(domain);
}

/** The descriptions of all domains, in display order; from the manifests, without loading an engine. */
export async function listDomains(): Promise<DomainInfo[]> {
  const { manifests } = loadsFrom(currentSettings().artifactsRoot);
  return Promise.all(
    (await domainNames()).map(async (domain) => {
      const { manifest, version } = await manifests.get(domain);
      return domainInfo(manifest, version);
    }),
  );
}

/** The manifest of an existing domain. */
export async function getManifest(domain: string): Promise<Manifest> {
  return (await loadsFrom(currentSettings().artifactsRoot).manifests.get(domain)).manifest;
}

/** Total size of a domain's artifacts by the manifest, in bytes: what a browser downloads and stores. */
export async function downloadBytes(domain: string): Promise<number> {
  const { manifest } = await loadsFrom(currentSettings().artifactsRoot).manifests.get(domain);
  return manifest.artifacts.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** The items with the most interactions, most first. */
export async function popularItems(domain: string, limit: number): Promise<ItemSummary[]> {
  return (await getEngine(domain)).popular(limit);
}

const WARM_UP_ROUNDS = 5;
const WARM_UP_HISTORY_LENGTH = 5;
const warmedUp = new WeakSet<Engine>();

/** The first calls are slow (JIT compilation, allocation of buffers): this makes them before a user waits for one. */
function warmUp(engine: Engine): void {
  if (warmedUp.has(engine)) return;
  warmedUp.add(engine);
  const history = engine.popular(WARM_UP_HISTORY_LENGTH).map(({ id }) => ({ id }));
  for (let i = 0; i < WARM_UP_ROUNDS; i++) engine.recommend({ mode: 'hybrid', history, topK: DEFAULT_TOP_K });
  engine.search(engine.info.item.one, 1);
}

export type DomainState =
  | { state: 'ready'; items: number; version: string }
  | { state: 'unavailable'; error: ErrorCode };

/** Loads and warms up the engines of all domains. Returns for each whether it can be used. */
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
