const MAX_WAIT_MS = 3000;

/**
 * Runs `task` when the page is idle, after three seconds at the latest (and always then in Safari, which has no
 * `requestIdleCallback`).
 *
 * @returns cancels the task
 */
export function whenIdle(task: () => void): () => void {
  if (typeof requestIdleCallback === 'undefined') {
    const timer = setTimeout(task, MAX_WAIT_MS);
    return () => clearTimeout(timer);
  }
  const handle = requestIdleCallback(task, { timeout: MAX_WAIT_MS });
  return () => cancelIdleCallback(handle);
}
