import type { LoadProgress } from '../contracts/engine';

/** Bytes arrive in hundreds of chunks; the page does not need numbers that change faster than this. */
const MIN_INTERVAL_MS = 100;

/** Counts a load's bytes. It reports every stage at once, and bytes at intervals and when all have arrived. */
export class ProgressReporter {
  private readonly progress: LoadProgress = { stage: 'manifest', loadedBytes: 0, totalBytes: 0, fromCache: true };
  private readonly onProgress: (progress: LoadProgress) => void;
  private lastReport = Number.NEGATIVE_INFINITY;

  constructor(onProgress: (progress: LoadProgress) => void) {
    this.onProgress = onProgress;
  }

  get current(): LoadProgress {
    return { ...this.progress };
  }

  startManifest(): void {
    this.report();
  }

  startDownload(totalBytes: number): void {
    Object.assign(this.progress, { stage: 'download', loadedBytes: 0, totalBytes, fromCache: true });
    this.report();
  }

  /** @param bytes how many more have arrived; below 0, how many were discarded */
  addBytes(bytes: number, isCached: boolean): void {
    const { progress } = this;
    progress.loadedBytes += bytes;
    if (!isCached) progress.fromCache = false;
    const isDue = performance.now() - this.lastReport >= MIN_INTERVAL_MS;
    if (isDue || progress.loadedBytes === progress.totalBytes) this.report();
  }

  private report(): void {
    this.lastReport = performance.now();
    this.onProgress(this.current);
  }
}
