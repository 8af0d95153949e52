import type { LoadProgress } from '../contracts/engine';
import { OpenDomain } from './open-domain';

type ProgressListener = (progress: LoadProgress) => void;

/** The load of one domain, which several callers may wait for. */
interface DomainLoad {
  opened: Promise<OpenDomain>;
  /** One listener for each caller that waits. */
  listeners: Set<ProgressListener>;
  /** Aborts the download; null when that is over. */
  download: AbortController | null;
}

/** Opens domains, each once, and keeps them for the life of the worker. */
export class DomainLoader {
  private readonly onOpen: (domain: OpenDomain) => void;
  private readonly loads = new Map<string, DomainLoad>();

  /** @param onOpen receives every domain that was opened, once */
  constructor(onOpen: (domain: OpenDomain) => void) {
    this.onOpen = onOpen;
  }

  /**
   * Returns a domain; all callers share one load. A load that failed is not kept, so that the next call tries again.
   * The download is aborted when the last caller that waits for it has aborted.
   *
   * @throws as `loadArtifacts` does
   */
  async load(domain: string, signal: AbortSignal, onProgress: ProgressListener): Promise<OpenDomain> {
    const load = this.loads.get(domain) ?? this.start(domain);
    const leave = () => {
      load.listeners.delete(onProgress);
      if (load.listeners.size > 0 || !load.download) return;
      load.download.abort();
      this.remove(domain, load);
    };
    load.listeners.add(onProgress);
    signal.addEventListener('abort', leave);
    try {
      return await load.opened;
    } finally {
      signal.removeEventListener('abort', leave);
      load.listeners.delete(onProgress);
    }
  }

  private start(domain: string): DomainLoad {
    const listeners: DomainLoad['listeners'] = new Set();
    const download = new AbortController();
    const reportProgress = (progress: LoadProgress) => {
      if (progress.stage === 'decode') load.download = null;
      for (const listener of listeners) listener(progress);
    };
    const opened = OpenDomain.open(domain, download.signal, reportProgress);
    const load: DomainLoad = { opened, listeners, download };
    this.loads.set(domain, load);
    opened.then(this.onOpen, () => this.remove(domain, load));
    return load;
  }

  private remove(domain: string, load: DomainLoad): void {
    if (this.loads.get(domain) === load) this.loads.delete(domain);
  }
}
