import { Worker } from 'node:worker_threads';
import type { Browser } from '@playwright/test';
import { summarise } from './lines';

/** Time that the renderers run before each pause; longer if the system does not let the pacer sleep so briefly. */
const RUN_MS = 0.5;
/** Bounds of a round's correction, as multiples of the ideal ratio of pause to run. */
const MIN_CORRECTION = 0.5;
const MAX_CORRECTION = 2;
const SPINS = 7;
/** Time until the scheduler treats a new thread like others. */
const SETTLE_MS = 1000;
const ROUNDS = 5;
/** Accepted relative deviation from the requested factor. */
const TOLERANCE = 0.05;

/**
 * Slows down a browser's renderers, page and worker alike. `Emulation.setCPUThrottlingRate` cannot do this: in Chromium
 * 156 it slows only the main thread and is rejected for workers ("only supported for pages"). Signals stop and continue
 * the processes some hundred times a second, and the pauses are adjusted until a loop in the worker takes `factor`
 * times its normal time. Requires POSIX signals.
 *
 * @param spin runs fixed work of about 0.1 s in the worker, which spans many pauses, and returns its milliseconds
 * @returns the result of `work`, and the slowdown of the loop, averaged over before and after
 */
export async function throttled<T>(
  browser: Browser,
  factor: number,
  spin: () => Promise<number>,
  work: () => Promise<T>,
): Promise<{ result: T; slowdown: number }> {
  const sample = async () => {
    const times: number[] = [];
    for (let i = 0; i < SPINS; i++) times.push(await spin());
    return summarise(times).figures.median;
  };
  await sample();
  const undisturbed = await sample();
  const pids = await rendererPids(browser);
  let pausePerRun = factor - 1;
  for (let round = 1; ; round++) {
    const pacer = await startPacer(pids, pausePerRun);
    try {
      await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
      const before = (await sample()) / undisturbed;
      if (round < ROUNDS && Math.abs(before / factor - 1) > TOLERANCE) {
        const right = (pausePerRun * (factor - 1)) / Math.max(0.1, before - 1);
        pausePerRun = (factor - 1) * Math.min(MAX_CORRECTION, Math.max(MIN_CORRECTION, right / (factor - 1)));
        continue;
      }
      const result = await work();
      const after = (await sample()) / undisturbed;
      return { result, slowdown: (before + after) / 2 };
    } finally {
      await pacer.stop();
    }
  }
}

async function rendererPids(browser: Browser): Promise<number[]> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
}

/**
 * A thread that sends the signals; it can wait more precisely than timers. On a busy machine it may sleep too long, so
 * each pause is proportional to the run before it.
 */
const PACER = `
const { setPriority } = require('node:os');
const { parentPort, workerData: { pids, run, pausePerRun, flag } } = require('node:worker_threads');
try { setPriority(0, -10); } catch { /* Needs a privilege, and only makes steps shorter. */ }
const signal = (name) => { for (const pid of pids) try { process.kill(pid, name); } catch { /* It has ended. */ } };
parentPort.postMessage('running');
while (Atomics.load(flag, 0) === 0) {
  const begin = performance.now();
  signal('SIGCONT');
  Atomics.wait(flag, 0, 0, run);
  signal('SIGSTOP');
  const end = performance.now();
  let left = (end - begin) * pausePerRun;
  while (left > 0 && Atomics.load(flag, 0) === 0) {
    Atomics.wait(flag, 0, 0, left);
    left = (end - begin) * pausePerRun - (performance.now() - end);
  }
}
signal('SIGCONT');
`;

async function startPacer(pids: readonly number[], pausePerRun: number): Promise<{ stop(): Promise<void> }> {
  const flag = new Int32Array(new SharedArrayBuffer(4));
  const thread = new Worker(PACER, { eval: true, workerData: { pids, run: RUN_MS, pausePerRun, flag } });
  const ended = new Promise<void>((resolve, reject) => {
    thread.once('exit', () => resolve());
    thread.once('error', reject);
  });
  await new Promise((resolve) => thread.once('message', resolve));
  return {
    stop: () => {
      Atomics.store(flag, 0, 1);
      Atomics.notify(flag, 0);
      return ended;
    },
  };
}
