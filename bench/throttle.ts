import { Worker } from 'node:worker_threads';
import type { Browser } from '@playwright/test';
import { summarise } from './lines';

/** How long the renderers run before each pause, or as little longer as the system lets the pacer sleep. */
const RUN_MS = 0.5;
/** However wrong a round's estimate was: this many times the ratio of pause to run that would do without any loss. */
const LEAST_CORRECTION = 0.5;
const MOST_CORRECTION = 2;
const SPINS = 7;
/** Until a new thread gets its turns as promptly as others. */
const SETTLE_MS = 1000;
const ROUNDS = 5;
/** Close enough to the factor asked for. */
const TOLERANCE = 0.05;

/**
 * Slows a browser's renderers down, page and worker alike, as `Emulation.setCPUThrottlingRate` cannot: Chromium 156 slows
 * the main thread by it alone, and refuses it for workers ("only supported for pages"). The processes are stopped and
 * continued by signals some hundred times a second, and the pauses are made longer or shorter until a loop of known work in
 * the worker takes `factor` times what it takes undisturbed. For systems with POSIX signals.
 *
 * @param spin milliseconds that a fixed piece of work takes in the worker; a tenth of a second or so, which is many pauses
 * @returns what `work` gives, and how much slower the loop was, before and after it, on average
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
        pausePerRun = (factor - 1) * Math.min(MOST_CORRECTION, Math.max(LEAST_CORRECTION, right / (factor - 1)));
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
 * A thread that waits with a precision that timers do not have, and sends the signals. On a busy machine it sleeps longer than
 * it asked to, so that each pause is measured by the run before it.
 */
const PACER = `
const { setPriority } = require('node:os');
const { parentPort, workerData: { pids, run, pausePerRun, flag } } = require('node:worker_threads');
try { setPriority(0, -10); } catch { /* Not everybody may; it only keeps the steps shorter. */ }
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
