/** Line numbers listed per reason. */
const MAX_LINES_LISTED = 5;

/** Collects problems of a domain folder that are not errors, by reason, with the first line numbers. */
export class RowProblems {
  private readonly reasons = new Map<string, { file: string; what: string; count: number; lines: number[] }>();
  private readonly remarks: string[] = [];

  /** Adds a row. @param what the consequence and the reason, for example "left out: not JSON" */
  add(file: string, what: string, line: number): void {
    const key = `${file} ${what}`;
    let entry = this.reasons.get(key);
    if (!entry) {
      entry = { file, what, count: 0, lines: [] };
      this.reasons.set(key, entry);
    }
    entry.count++;
    if (entry.lines.length < MAX_LINES_LISTED) entry.lines.push(line);
  }

  /** Adds a sentence about a problem that does not concern a row. */
  remark(sentence: string): void {
    this.remarks.push(sentence);
  }

  /** One readable sentence per reason. @param file if given, only problems of rows of this file */
  sentences(file?: string): string[] {
    const rows = [...this.reasons.values()].filter((entry) => file === undefined || entry.file === file);
    return [
      ...(file === undefined ? this.remarks : []),
      ...rows.map(({ file, what, count, lines }) => {
        const [row, line] = count === 1 ? ['row', 'line'] : ['rows', 'lines'];
        const more = count > lines.length ? ', …' : '';
        return `${file}: ${count} ${row} ${what} (${line} ${lines.join(', ')}${more})`;
      }),
    ];
  }
}
