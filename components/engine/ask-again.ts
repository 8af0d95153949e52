import { asInkpickError } from './use-domain';

/**
 * Asks the engine, and once more if its worker crashed meanwhile: the next call starts a new one. `onCrash` hears
 * of it. Nothing is asked again once `signal` is aborted.
 */
export async function askAgainAfterCrash<T>(
  ask: () => Promise<T>,
  signal: AbortSignal,
  onCrash?: () => void,
): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (signal.aborted || asInkpickError(error).code !== 'WORKER_CRASHED') throw error;
    onCrash?.();
    return ask();
  }
}
