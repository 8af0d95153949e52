import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderOf } from '../../testing/folder';
import { formatReport, writeReport } from './report';
import { madeUpEvaluation } from './testing';

const json = (made?: Parameters<typeof madeUpEvaluation>[0]) => JSON.stringify(madeUpEvaluation(made));

describe('writeReport', () => {
  it('writes the report of several domains, and one chart per domain beside it', async () => {
    const folder = await folderOf({
      'a.json': json(),
      'b.json': json({ id: 'books', label: 'Books' }),
      'lists.md': '\n## Lists\n\n',
    });
    const out = join(folder, 'docs', 'EVALUATION.md');
    const written = await writeReport([join(folder, 'a.json'), join(folder, 'b.json')], out, join(folder, 'lists.md'));
    expect(written).toEqual([
      out,
      join(folder, 'docs', 'evaluation-cinema.svg'),
      join(folder, 'docs', 'evaluation-books.svg'),
    ]);
    const report = await readFile(out, 'utf8');
    expect(report).toContain('## Cinema');
    expect(report).toContain('](evaluation-books.svg)');
    expect(report).toMatch(/\S\n\n## Lists\n$/);
    expect(await readFile(written[2], 'utf8')).toContain('Books');
  });

  it('names the unusable file and what is wrong with it', async () => {
    const folder = await folderOf({
      'old.json': '[{"name": "hybrid"}]',
      'half.json': json().slice(0, 100),
      'bad.json': JSON.stringify({ ...madeUpEvaluation(), domain: { id: '../up', label: 'x' } }),
      'good.json': json(),
    });
    const write = (...names: string[]) =>
      writeReport(
        names.map((name) => join(folder, name)),
        join(folder, 'out.md'),
      );
    for (const name of ['old.json', 'half.json', 'bad.json']) {
      await expect(write(name)).rejects.toThrow(`${name} is not in the current format`);
    }
    await expect(write('none.json')).rejects.toThrow('none.json cannot be read');
    await expect(write('good.json', 'good.json')).rejects.toThrow('cinema is in two of the files');
  });
});

describe('formatReport', () => {
  const report = formatReport([madeUpEvaluation({ leads: [0.06, -0.02, 0.002, 0.03, 0.02, 0.01] })]);

  it('states how it was measured and with which command', () => {
    expect(report).toContain('npm run inkpick -- evaluate data/cinema --seed 1 --diversity 0.1 --json');
    expect(report).toContain('0.4 latent + 0.4 neighbours + 0.2 content');
    expect(report).toContain('values above 3.5 are likes');
    const made = madeUpEvaluation();
    const small = formatReport([{ ...made, cold: null, protocol: { ...made.protocol, limit: 50, on: 'validation' } }]);
    expect(small).toContain('--seed 1 --diversity 0.1 --on validation --users 50 --no-cold');
    expect(small).toContain('not for reporting');
  });

  it('lists the lengths at which hybrid is not above the best single signal', () => {
    expect(report).toContain(
      '- Above the best single signal at all lengths in NDCG@10: no: below at 2 items (−.0200 [−.0250, −.0150]); level at 3 items (+.0020 [−.0030, +.0070]).',
    );
    expect(formatReport([madeUpEvaluation()])).toContain(
      '- Above the best single signal at all lengths in NDCG@10: yes, by .0100 to .0600.',
    );
  });

  it('shows missed aims in bold', () => {
    expect(report).toMatch(/\| No worse than the best single signal.*\*\*missed\*\* \|/);
    expect(report).toMatch(/\| Above the hand-weighted blend.*\| met \|/);
  });

  it('has a row for popular in every table of rows', () => {
    expect(report.match(/^\| popular \|/gm)?.length).toBe(6 + 3);
    expect(report).toMatch(/^\| cold: .* \| popular \|/m);
  });

  it('gives all rows of a table the same number of cells', () => {
    for (const block of report
      .trim()
      .split('\n\n')
      .filter((part) => part.startsWith('|'))) {
      const widths = block.split('\n').map((line) => line.split(/(?<!\\)\|/).length);
      expect(new Set(widths).size, block).toBe(1);
    }
    expect(formatReport([madeUpEvaluation({ label: 'A|B' })])).toContain('| A\\|B |');
  });
});
