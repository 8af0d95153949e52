import type { Browser } from '@playwright/test';
import type { Measured } from './lines';

/** What a part of the bench may use. Server and browser are started by the first part that needs them. */
export interface BenchContext {
  /** The domains to measure, in order. */
  domains: readonly string[];
  /** The artifacts folder that the server serves. */
  artifacts: string;
  /** Address of the running production server. */
  server(): Promise<string>;
  browser(): Promise<Browser>;
  /** Where the empty route handler may be served. */
  emptyPort: number;
  /** Tells the person waiting what is being done. */
  tell(what: string): void;
  /** Pairs of files of `inkpick evaluate --json`, where some were given. */
  evaluations: readonly { shipped: string; unquantised: string }[];
}

export type Part = (context: BenchContext) => Promise<Measured[]>;
