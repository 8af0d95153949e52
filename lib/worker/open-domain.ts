import { type LoadedArtifacts, loadArtifacts } from '../artifacts/browser';
import { decodeHead, decodeTail, openEngine } from '../artifacts/decode';
import type { LoadProgress } from '../contracts/engine';
import { type ArtifactName, TAIL_ARTIFACTS } from '../contracts/manifest';
import type { Engine } from '../engine/engine';
import { readHnsw } from '../format/hnsw';
import { HnswIndex } from '../hnsw/hnsw-index';
import { ServerIndex } from './server-index';
import { SettleInOrder } from './settle-in-order';
import { TowerRunner } from './tower-runner';

/** How long background work runs before the worker handles the messages that have arrived. */
const SLICE_MS = 6;

const handleMessages = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/**
 * A domain that can answer. It starts with the head of its catalog, the items with interactions. Everything that the
 * first list does not need is loaded later, each part once: when a call first needs it, or by {@link loadRemaining}.
 */
export class OpenDomain {
  readonly engine: Engine;
  readonly tower: TowerRunner;
  /** Null unless the domain is too large for the browser. */
  readonly serverIndex: ServerIndex | null;
  /** The order in which calls that ask the server are answered. */
  readonly serverOrder = { recommend: new SettleInOrder(), search: new SettleInOrder() };
  private readonly loaded: LoadedArtifacts;
  /** The decoded head; null once the tail is attached. */
  private head: ReturnType<typeof decodeHead> | null;
  private readonly parts = new Map<string, Promise<void>>();
  private readonly wholeListeners: (() => void)[] = [];

  private constructor(loaded: LoadedArtifacts) {
    this.loaded = loaded;
    const { manifest, version, files } = loaded;
    this.head = decodeHead(manifest, version, files);
    this.engine = openEngine(this.head, files, () => performance.now());
    this.tower = new TowerRunner(files.get('tower'));
    this.serverIndex = manifest.domain.index === 'server' ? new ServerIndex(this.engine) : null;
  }

  /**
   * Loads and decodes what the first list needs.
   *
   * @throws as `loadArtifacts` and `decodeHead` do
   */
  static async open(
    domain: string,
    signal: AbortSignal,
    onProgress: (progress: LoadProgress) => void,
  ): Promise<OpenDomain> {
    const loaded = await loadArtifacts(domain, signal, onProgress);
    onProgress({ ...loaded.progress, stage: 'decode' });
    const open = new OpenDomain(loaded);
    onProgress({ ...loaded.progress, stage: 'ready' });
    return open;
  }

  /** The progress to report when the whole catalog is loaded. */
  get wholeProgress(): LoadProgress {
    return { ...this.loaded.progress, stage: 'whole' };
  }

  /** Calls `listener` once the whole catalog is loaded; immediately if it already is. */
  onWhole(listener: () => void): void {
    if (this.engine.isWhole) listener();
    else this.wholeListeners.push(listener);
  }

  /** Loads the items without interactions. Rejects where they cannot be fetched; the next call tries again. */
  loadTail(): Promise<void> {
    return this.runOnce('tail', async () => {
      if (!this.head || this.engine.isWhole) return;
      const files = new Map<ArtifactName, Uint8Array>();
      await Promise.all(
        TAIL_ARTIFACTS.map(async (name) => {
          const file = await this.loaded.fetchLater(name);
          if (file) files.set(name, file);
        }),
      );
      await handleMessages();
      const tail = decodeTail(this.head, files);
      await handleMessages();
      if (tail) this.engine.attachTail(tail);
      this.head = null;
      for (const listener of this.wholeListeners.splice(0)) listener();
    });
  }

  /**
   * Builds the index of the search box in slices: over the whole catalog, or over the head where the server searches
   * the rest. Rejects as {@link loadTail} does.
   */
  prepareSearch(): Promise<void> {
    return this.runOnce('search', async () => {
      if (!this.serverIndex) await this.loadTail();
      const work = this.engine.prepareSearch();
      for (let end = performance.now() + SLICE_MS; !work.next().done; ) {
        if (performance.now() < end) continue;
        await handleMessages();
        end = performance.now() + SLICE_MS;
      }
    });
  }

  /** Loads everything else, in order of use. Never rejects: a part that failed is loaded when a call needs it. */
  async loadRemaining(): Promise<void> {
    await this.prepareSearch().catch(() => {});
    if (!this.serverIndex) await this.runOnce('graph', () => this.openGraph());
    await this.runOnce('refresh', () => this.loaded.refresh()).catch(() => {});
  }

  /** Replaces the exact scan by the HNSW graph, where the domain has one. */
  private async openGraph(): Promise<void> {
    const { manifest } = this.loaded;
    const entry = manifest.artifacts.find(({ name }) => name === 'hnsw');
    if (!entry || manifest.counts.warmItems === 0) return;
    const { id } = manifest.domain;
    try {
      const file = (await this.loaded.fetchLater('hnsw'))!;
      const name = `${id}.${entry.sha256.slice(0, 16)}`;
      this.engine.attachIndex(await HnswIndex.open(readHnsw(file, `${id}/hnsw`), this.engine.itemFactors(), name));
    } catch (error) {
      // Without IndexedDB the exact scan retrieves the candidates. Every response names the index that was used.
      console.warn(`The HNSW index of ${id} could not be opened; the exact scan is used instead.`, error);
    }
  }

  private runOnce(name: string, work: () => Promise<void>): Promise<void> {
    let part = this.parts.get(name);
    if (!part) {
      part = work();
      this.parts.set(name, part);
      part.catch(() => this.parts.delete(name));
    }
    return part;
  }
}
