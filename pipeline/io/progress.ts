import cliProgress from 'cli-progress';

/** Tells whoever waits how far a long task is. One stage at a time: `start` ends the stage before it. */
export interface Progress {
  /** Begins a stage. `total` is in the stage's own units (rows, epochs); leave it out where it is not known. */
  start(label: string, total?: number): void;
  /** Units done since `start`; never falls. */
  update(done: number): void;
  /** Ends the stage. */
  stop(): void;
}

/** Says nothing: for tests and for callers that report by themselves. */
export const silentProgress: Progress = { start() {}, update() {}, stop() {} };

/** Redrawing more often than this only slows the task down. */
const REDRAWS_PER_SECOND = 10;

/**
 * A progress bar on a terminal; elsewhere (a log file, a pipe) one line a stage. It writes to standard error,
 * so that standard output can be piped.
 */
export function createProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  return stream.isTTY ? new BarProgress(stream) : new LineProgress(stream);
}

class BarProgress implements Progress {
  readonly #stream: NodeJS.WriteStream;
  #bar: cliProgress.SingleBar | undefined;
  #total: number | undefined;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  start(label: string, total?: number): void {
    this.stop();
    this.#total = total;
    this.#bar = new cliProgress.SingleBar(
      {
        format:
          total === undefined
            ? '{label} {value}'
            : '{label} {bar} {percentage}% | {value}/{total} | {duration_formatted}',
        stream: this.#stream,
        fps: REDRAWS_PER_SECOND,
        hideCursor: true,
        // Without a known total the bar must neither divide by nought nor stop at one hundred per cent.
        emptyOnZero: true,
      },
      cliProgress.Presets.shades_classic,
    );
    this.#bar.start(total ?? 0, 0, { label: label.padEnd(28) });
  }

  update(done: number): void {
    if (this.#bar === undefined) return;
    if (this.#total === undefined) this.#bar.setTotal(done);
    this.#bar.update(done);
  }

  stop(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }
}

class LineProgress implements Progress {
  readonly #stream: NodeJS.WritableStream;

  constructor(stream: NodeJS.WritableStream) {
    this.#stream = stream;
  }

  start(label: string, total?: number): void {
    this.#stream.write(total === undefined ? `${label}\n` : `${label} (${total.toLocaleString('en-GB')})\n`);
  }

  update(): void {}

  stop(): void {}
}
