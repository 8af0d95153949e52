import { asInkpickError } from './use-domain';

/**
 * Calls the engine, and once more if its worker crashed during the call: the second call starts a new worker. There is
 * no second call once `signal` is aborted.
 *
 * @param onCrash called before the second call
 */
export async function retryAfterCrash<T>(
  call: () => Promise<T>,
  signal: AbortSignal,
  onCrash?: () => void,
): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (signal.aborted || asInkpickError(error).code !== 'WORKER_CRASHED') throw error;
    onCrash?.();
    return call();
  }
}
