import type { ScoreSignal } from '../../contracts/engine';

/** Signals that say what an item is about. Other users' choices say little about an item that few of them know. */
const ABOUT_WEIGHTS: Partial<Record<ScoreSignal, number>> = { related: 1, content: 0.3 };

/** The signals that say what an item is about, with fixed weights: the gate's serve both of its jobs. */
export function aboutSignals<T extends { signal: ScoreSignal }>(signals: readonly T[]): (T & { weight: number })[] {
  return signals.flatMap((signal) => {
    const weight = ABOUT_WEIGHTS[signal.signal];
    return weight === undefined ? [] : [{ ...signal, weight }];
  });
}
