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

/** How long slices of work in the background go on before whoever asks meanwhile is answered. */
const SLICE_MS = 6;

/** Lets what has come in meanwhile be answered. */
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/**
 * A domain that can answer. It begins with the head of its catalog, the items that anyone chose; all that the first list
 * does not need comes afterwards, each part once, at its first need or by {@link follow}.
 */
export class OpenDomain {
  readonly engine: Engine;
  readonly tower: TowerRunner;
  /** Where the domain is too large to be held here whole. */
  readonly serverIndex: ServerIndex | null;
  /** The order in which calls that ask the server are answered. */
  readonly serverOrder = { recommend: new SettleInOrder(), search: new SettleInOrder() };
  private readonly loaded: LoadedArtifacts;
  /** The head, until the tail has been put to it. */
  private head: ReturnType<typeof decodeHead> | null;
  private readonly parts = new Map<string, Promise<void>>();
  private readonly whenWhole: (() => void)[] = [];

  private constructor(loaded: LoadedArtifacts) {
    this.loaded = loaded;
    const { manifest, version, files } = loaded;
    this.head = decodeHead(manifest, version, files);
    this.engine = openEngine(this.head, files, () => performance.now());
    this.tower = new TowerRunner(this.engine, files.get('tower'));
    this.serverIndex = manifest.domain.index === 'server' ? new ServerIndex(this.engine) : null;
  }

  /** Loads and decodes what the first list needs. */
  static async open(domain: string, signal: AbortSignal, tell: (progress: LoadProgress) => void): Promise<OpenDomain> {
    const loaded = await loadArtifacts(domain, signal, tell);
    tell({ ...loaded.progress, stage: 'decode' });
    const open = new OpenDomain(loaded);
    tell({ ...loaded.progress, stage: 'ready' });
    return open;
  }

  /** What to tell once the whole catalog is there. */
  get wholeProgress(): LoadProgress {
    return { ...this.loaded.progress, stage: 'whole' };
  }

  /** Calls back once the whole catalog is there, at once where it is. */
  onWhole(hear: () => void): void {
    if (this.engine.isWhole) hear();
    else this.whenWhole.push(hear);
  }

  /** Waits for the whole catalog. Rejects where it cannot be had; the next call tries again. */
  whole(): Promise<void> {
    return this.once('whole', async () => {
      if (!this.head || this.engine.isWhole) return;
      const files = new Map<ArtifactName, Uint8Array>();
      await Promise.all(
        TAIL_ARTIFACTS.map(async (name) => {
          const file = await this.loaded.fetchLater(name);
          if (file) files.set(name, file);
        }),
      );
      await pause();
      const tail = decodeTail(this.head, files);
      await pause();
      if (tail) this.engine.attachTail(tail);
      this.head = null;
      for (const hear of this.whenWhole.splice(0)) hear();
    });
  }

  /**
   * Waits for the index of the search box, over the whole catalog, or over the head where the server finds the rest. Rejects as
   * {@link whole} does.
   */
  searchable(): Promise<void> {
    return this.once('searchable', async () => {
      if (!this.serverIndex) await this.whole();
      const work = this.engine.prepareSearch();
      for (let end = performance.now() + SLICE_MS; !work.next().done; ) {
        if (performance.now() < end) continue;
        await pause();
        end = performance.now() + SLICE_MS;
      }
    });
  }

  /** Brings everything else, in the order of its use. Never rejects: what could not be had is fetched at its next need. */
  async follow(): Promise<void> {
    await this.searchable().catch(() => {});
    if (!this.serverIndex) await this.once('graph', () => this.openGraph());
    await this.once('refresh', () => this.loaded.refresh()).catch(() => {});
  }

  /** Has an HNSW graph find the candidates, where the domain has one; the exact scan does until then. */
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
      // Without IndexedDB the exact scan answers the same questions, and every answer says which of them did.
      console.warn(`The HNSW index of ${id} could not be opened; the exact scan serves instead.`, error);
    }
  }

  private once(name: string, work: () => Promise<void>): Promise<void> {
    let part = this.parts.get(name);
    if (!part) {
      part = work();
      this.parts.set(name, part);
      part.catch(() => this.parts.delete(name));
    }
    return part;
  }
}
