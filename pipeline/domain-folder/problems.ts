/** How many lines are named for one reason. */
const LINES_NAMED = 5;

/** What is wrong in a domain folder without making it useless, by reason, with the numbers of the first few lines. */
export class RowProblems {
  readonly #reasons = new Map<string, { file: string; what: string; count: number; lines: number[] }>();
  readonly #remarks: string[] = [];

  /** Notes a row. @param what became of it, and why: "left out: not JSON" */
  add(file: string, what: string, line: number): void {
    const key = `${file} ${what}`;
    let entry = this.#reasons.get(key);
    if (!entry) {
      entry = { file, what, count: 0, lines: [] };
      this.#reasons.set(key, entry);
    }
    entry.count++;
    if (entry.lines.length < LINES_NAMED) entry.lines.push(line);
  }

  /** Notes in one sentence what is about no row. */
  remark(sentence: string): void {
    this.#remarks.push(sentence);
  }

  /** One sentence a reason, for people. @param file only what is about the rows of this file */
  sentences(file?: string): string[] {
    const rows = [...this.#reasons.values()].filter((entry) => file === undefined || entry.file === file);
    return [
      ...(file === undefined ? this.#remarks : []),
      ...rows.map(({ file, what, count, lines }) => {
        const [row, line] = count === 1 ? ['row', 'line'] : ['rows', 'lines'];
        const more = count > lines.length ? ', …' : '';
        return `${file}: ${count} ${row} ${what} (${line} ${lines.join(', ')}${more})`;
      }),
    ];
  }
}
