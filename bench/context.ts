import type { Browser } from '@playwright/test';
import type { Measured } from './lines';

/** Resources of the parts. Server and browser start when a part first needs them. */
export interface BenchContext {
  /** The domains to measure, in order. */
  domains: readonly string[];
  /** The artifacts folder that the server serves. */
  artifacts: string;
  /** Address of the running production server. */
  server(): Promise<string>;
  browser(): Promise<Browser>;
  /** Port for the empty route handler. */
  emptyPort: number;
  /** Logs the current step for the person waiting. */
  log(what: string): void;
  /** Pairs of files of `inkpick evaluate --json`; may be empty. */
  evaluations: readonly { shipped: string; unquantised: string }[];
}

export type Part = (context: BenchContext) => Promise<Measured[]>;
