import type { Progress } from '../io/progress';
import type { BuildReport } from './report';

/** What every ingest adapter takes. */
export interface IngestOptions {
  /** Folder of the raw files. */
  raw: string;
  /** Domain folder to write; created where it is missing, its files replaced. */
  out: string;
  /** Filled while reading; also written as `report.json`. */
  report: BuildReport;
  progress: Progress;
}
