import { InkpickError } from '../contracts/errors';

/** The pause before the first retry; each further pause is twice as long. */
const FIRST_RETRY_PAUSE_MS = 300;

/**
 * `fetch` with the errors of artifacts.
 *
 * @param acceptedStatuses statuses that are no error, besides 200 to 299
 * @throws `ARTIFACT_MISSING` for 404, `ARTIFACT_UNREACHABLE` for other statuses and network errors, `ABORTED`
 */
export async function request(
  url: string,
  init: RequestInit & { signal: AbortSignal },
  acceptedStatuses: readonly number[] = [],
): Promise<Response> {
  const response = await fetch(url, init).catch((cause) => throwNetworkError(url, cause, init.signal));
  const { ok, status } = response;
  if (status === 404) throw new InkpickError('ARTIFACT_MISSING', `${url} is missing on the server`);
  if (!ok && !acceptedStatuses.includes(status)) throw unreachable(url, new Error(`HTTP ${status}`));
  return response;
}

const unreachable = (url: string, cause: unknown) =>
  new InkpickError('ARTIFACT_UNREACHABLE', `${url} could not be fetched: ${(cause as Error).message}`, { cause });

/** Throws the `InkpickError` for a rejection of `fetch` or of reading a response's body. */
export function throwNetworkError(url: string, cause: unknown, signal: AbortSignal): never {
  if (signal.aborted) throw new InkpickError('ABORTED', 'the load was aborted', { cause });
  throw cause instanceof InkpickError ? cause : unreachable(url, cause);
}

/**
 * Repeats an action whose failure may be temporary: a broken connection, or bytes that do not match the manifest.
 * Browsers cache hashed files for a year, broken ones too, so only the first attempt may be answered from the HTTP
 * cache.
 */
export async function withRetries<T>(
  attempts: number,
  signal: AbortSignal,
  action: (cache: RequestCache) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await action(attempt === 1 ? 'default' : 'reload');
    } catch (error) {
      const isFinal = error instanceof InkpickError && (error.code === 'ARTIFACT_MISSING' || error.code === 'ABORTED');
      if (isFinal || attempt >= attempts || signal.aborted) throw error;
      await new Promise((resolve) => setTimeout(resolve, FIRST_RETRY_PAUSE_MS * 2 ** (attempt - 1)));
    }
  }
}
