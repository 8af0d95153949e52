import type { Progress } from '../io/progress';
import type { IngestReport } from './ingest-report';

/** The options of every ingest adapter. */
export interface IngestOptions {
  /** The folder with the raw files. */
  raw: string;
  /** The domain folder to write. It is created if it is missing; existing files are replaced. */
  out: string;
  /** Collects dropped and repaired rows; is also written as `report.json`. */
  report: IngestReport;
  progress: Progress;
}
