import cliProgress from 'cli-progress';

/** Reports the progress of a long task, one stage at a time: `start` ends the previous stage. */
export interface Progress {
  /** Starts a stage. `total` is in units of the stage (rows, epochs); leave it out if it is unknown. */
  start(label: string, total?: number): void;
  /** Sets the number of units done since `start`, which must not decrease. */
  update(done: number): void;
  /** Ends the stage. */
  stop(): void;
}

/** Reports nothing: for tests and for callers with their own reports. */
export const silentProgress: Progress = { start() {}, update() {}, stop() {} };

/** More redraws would slow the task down. */
const REDRAWS_PER_SECOND = 10;

/**
 * A progress bar on a terminal; one line per stage otherwise (a log file, a pipe). It writes to standard error, so that
 * standard output can be piped.
 */
export function createProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  return stream.isTTY ? new BarProgress(stream) : new LineProgress(stream);
}

class BarProgress implements Progress {
  private readonly stream: NodeJS.WriteStream;
  private bar: cliProgress.SingleBar | undefined;
  private total: number | undefined;

  constructor(stream: NodeJS.WriteStream) {
    this.stream = stream;
  }

  start(label: string, total?: number): void {
    this.stop();
    this.total = total;
    this.bar = new cliProgress.SingleBar(
      {
        format:
          total === undefined
            ? '{label} {value}'
            : '{label} {bar} {percentage}% | {value}/{total} | {duration_formatted}',
        stream: this.stream,
        fps: REDRAWS_PER_SECOND,
        hideCursor: true,
        // With an unknown total the bar must neither divide by zero nor stop at 100 %.
        emptyOnZero: true,
      },
      cliProgress.Presets.shades_classic,
    );
    this.bar.start(total ?? 0, 0, { label: label.padEnd(28) });
  }

  update(done: number): void {
    if (this.bar === undefined) return;
    if (this.total === undefined) this.bar.setTotal(done);
    this.bar.update(done);
  }

  stop(): void {
    this.bar?.stop();
    this.bar = undefined;
  }
}

class LineProgress implements Progress {
  private readonly stream: NodeJS.WritableStream;

  constructor(stream: NodeJS.WritableStream) {
    this.stream = stream;
  }

  start(label: string, total?: number): void {
    this.stream.write(total === undefined ? `${label}\n` : `${label} (${total.toLocaleString('en-GB')})\n`);
  }

  update(): void {}

  stop(): void {}
}
