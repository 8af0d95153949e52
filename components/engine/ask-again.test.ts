import { describe, expect, it } from 'vitest';
import { type ErrorCode, InkpickError } from '../../lib/contracts/errors';
import { askAgainAfterCrash } from './ask-again';

/** Fails with these codes, one a call, then answers with the number of calls. */
function failing(...codes: ErrorCode[]) {
  let calls = 0;
  return async () => {
    const code = codes[calls++];
    if (code) throw new InkpickError(code, 'on purpose');
    return calls;
  };
}

describe('asking again after a crash', () => {
  const { signal } = new AbortController();

  it('asks once more, and says so', async () => {
    let crashes = 0;
    await expect(askAgainAfterCrash(failing('WORKER_CRASHED'), signal, () => crashes++)).resolves.toBe(2);
    expect(crashes).toBe(1);
  });

  it('gives up at the second crash', async () => {
    const ask = failing('WORKER_CRASHED', 'WORKER_CRASHED');
    await expect(askAgainAfterCrash(ask, signal)).rejects.toMatchObject({ code: 'WORKER_CRASHED' });
    await expect(ask()).resolves.toBe(3);
  });

  it('does not ask again after any other error, nor for nobody', async () => {
    await expect(askAgainAfterCrash(failing('INTERNAL'), signal)).rejects.toMatchObject({ code: 'INTERNAL' });
    const lost = askAgainAfterCrash(failing('WORKER_CRASHED'), AbortSignal.abort());
    await expect(lost).rejects.toMatchObject({ code: 'WORKER_CRASHED' });
  });
});
