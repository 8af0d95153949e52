import { InkpickError } from '../contracts/errors';
import type { ArtifactEntry } from '../contracts/manifest';
import { sha256Hex } from './integrity';
import { request, throwNetworkError } from './request';

const PARTIAL_CONTENT = 206;
const RANGE_NOT_SATISFIABLE = 416;

/**
 * The download of one file. It keeps the bytes of an attempt that failed, and the next attempt requests only the rest.
 */
export class Download {
  private readonly url: string;
  private readonly entry: ArtifactEntry;
  private readonly priority: RequestPriority;
  private readonly onBytes: (bytes: number) => void;
  private readonly packed: Uint8Array<ArrayBuffer>;
  /** How many bytes of `packed` have arrived. */
  private length = 0;

  /** @param onBytes receives how many more bytes have arrived; below 0, how many were discarded */
  constructor(url: string, entry: ArtifactEntry, priority: RequestPriority, onBytes: (bytes: number) => void) {
    this.url = url;
    this.entry = entry;
    this.priority = priority;
    this.onBytes = onBytes;
    this.packed = new Uint8Array(entry.bytes);
  }

  /**
   * Downloads what is missing and verifies the file against the manifest.
   *
   * @returns the gzip file
   * @throws `ARTIFACT_UNREACHABLE`, `_MISSING`, `_EMPTY`, `_TRUNCATED` or `_ALTERED`, or `ABORTED`
   */
  async attempt(signal: AbortSignal, cache: RequestCache): Promise<Uint8Array<ArrayBuffer>> {
    const { url, entry, packed } = this;
    await this.readBody(await this.requestRest(signal, cache), signal);
    if (this.length === 0) throw new InkpickError('ARTIFACT_EMPTY', `${url} is empty (0 bytes)`);
    if (this.length < entry.bytes)
      throw new InkpickError('ARTIFACT_TRUNCATED', `${url} is cut short: ${this.length} of ${entry.bytes} bytes`);
    if ((await sha256Hex(packed)) !== entry.sha256) throw this.discardAltered('its SHA-256 differs from its manifest');
    return packed;
  }

  /** Requests the bytes that are missing, or the whole file where the server does not send exactly those. */
  private async requestRest(signal: AbortSignal, cache: RequestCache): Promise<Response> {
    const { url, priority, length } = this;
    if (length === 0) return request(url, { signal, cache, priority });
    const headers = { Range: `bytes=${length}-` };
    const response = await request(url, { signal, cache, priority, headers }, [RANGE_NOT_SATISFIABLE]);
    const { status } = response;
    if (status === PARTIAL_CONTENT && response.headers.get('Content-Range')?.startsWith(`bytes ${length}-`))
      return response;
    this.discard();
    // 200 is the whole file, from a server without ranges. Another range than the requested one is not trusted, and 416
    // means that the server's file is shorter than the bytes that have arrived.
    if (status === 200) return response;
    await response.body?.cancel();
    return request(url, { signal, cache: 'reload', priority });
  }

  private async readBody(response: Response, signal: AbortSignal): Promise<void> {
    const reader = response.body!.getReader();
    while (true) {
      const { done, value } = await reader.read().catch((cause) => {
        // A connection may fail after the last byte. The hash decides whether the file is right.
        if (this.length === this.packed.length && !signal.aborted) return { done: true as const, value: undefined };
        return throwNetworkError(this.url, cause, signal);
      });
      if (done) return;
      if (this.length + value.length > this.packed.length) {
        await reader.cancel();
        throw this.discardAltered(`it is longer than the ${this.entry.bytes} bytes of its manifest`);
      }
      this.packed.set(value, this.length);
      this.length += value.length;
      this.onBytes(value.length);
    }
  }

  private discardAltered(reason: string): InkpickError {
    this.discard();
    return new InkpickError('ARTIFACT_ALTERED', `${this.url} was altered on its way: ${reason}`);
  }

  private discard(): void {
    if (this.length > 0) this.onBytes(-this.length);
    this.length = 0;
  }
}
