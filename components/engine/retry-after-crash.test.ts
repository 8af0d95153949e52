import { describe, expect, it } from 'vitest';
import { type ErrorCode, InkpickError } from '../../lib/contracts/errors';
import { retryAfterCrash } from './retry-after-crash';

/** Fails with these codes, one a call, then returns the number of calls. */
function failing(...codes: ErrorCode[]) {
  let calls = 0;
  return async () => {
    const code = codes[calls++];
    if (code) throw new InkpickError(code, 'on purpose');
    return calls;
  };
}

describe('a call of the engine', () => {
  const { signal } = new AbortController();

  it('is repeated once after a crash, which is reported', async () => {
    let crashes = 0;
    await expect(retryAfterCrash(failing('WORKER_CRASHED'), signal, () => crashes++)).resolves.toBe(2);
    expect(crashes).toBe(1);
  });

  it('fails at the second crash', async () => {
    const call = failing('WORKER_CRASHED', 'WORKER_CRASHED');
    await expect(retryAfterCrash(call, signal)).rejects.toMatchObject({ code: 'WORKER_CRASHED' });
    await expect(call()).resolves.toBe(3);
  });

  it('is not repeated after any other error, nor once it is aborted', async () => {
    await expect(retryAfterCrash(failing('INTERNAL'), signal)).rejects.toMatchObject({ code: 'INTERNAL' });
    const aborted = retryAfterCrash(failing('WORKER_CRASHED'), AbortSignal.abort());
    await expect(aborted).rejects.toMatchObject({ code: 'WORKER_CRASHED' });
  });
});
