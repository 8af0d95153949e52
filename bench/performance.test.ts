import { describe, expect, it } from 'vitest';
import { formatTarget, type Line, type Report, reportSchema, summarise, verdictOf } from './lines';
import { formatPerformance } from './performance';
import { formatLines } from './table';

const line = (given: Partial<Line>): Line => ({
  part: 'worker',
  domain: 'cinema',
  name: 'recommend',
  unit: 'ms',
  figures: { median: 2.5, p95: 4, p99: 12 },
  samples: 400,
  targets: [],
  ...given,
});

const fast = line({ targets: [{ figure: 'median', atMost: 3 }] });
const slow = line({ targets: [{ figure: 'p99', atMost: 10 }] });
const unknown = line({
  part: 'quality',
  domain: null,
  name: 'lost',
  unit: 'share',
  figures: {},
  samples: 0,
  targets: [{ figure: 'value', atMost: 0.005 }],
});

const report = (...lines: Line[]): Report =>
  reportSchema.parse({
    format: 'inkpick-bench',
    machine: { processor: 'P', cores: 2, memoryBytes: 2 ** 34, system: 'linux x64', node: '20.9.0', chromium: '1.2' },
    lines,
  });

describe('summarise', () => {
  it('computes percentiles by nearest rank, for any order', () => {
    const samples = Array.from({ length: 100 }, (_, i) => 100 - i);
    expect(summarise(samples)).toEqual({ figures: { median: 50, p95: 95, p99: 99 }, samples: 100 });
    expect(summarise([7])).toEqual({ figures: { median: 7, p95: 7, p99: 7 }, samples: 1 });
  });
});

describe('targets', () => {
  it('are met at the limit, missed beyond it, and not measured without a figure', () => {
    const verdict = (value: number | undefined, target: object) =>
      verdictOf({ figures: value === undefined ? {} : { value } }, { figure: 'value', ...target });
    expect(verdict(3, { atMost: 3 })).toBe('met');
    expect(verdict(3.01, { atMost: 3 })).toBe('missed');
    expect(verdict(0.59, { atLeast: 0.6 })).toBe('missed');
    expect(verdict(0.6, { atLeast: 0.6 })).toBe('met');
    expect(verdict(undefined, { atMost: 3 })).toBe('not measured');
    expect(verdict(Number.NaN, { atMost: 3 })).toBe('not measured');
  });

  it('are formatted', () => {
    expect(formatTarget({ figure: 'p99', atMost: 2500 }, 'ms')).toBe('p99 ≤ 2,500 ms');
    expect(formatTarget({ figure: 'value', atMost: 6_000_000 }, 'bytes')).toBe('≤ 6 MB');
    expect(formatTarget({ figure: 'value', atMost: 2_500_000 }, 'bytes')).toBe('≤ 2.5 MB');
    expect(formatTarget({ figure: 'value', atMost: 200_000 }, 'bytes')).toBe('≤ 200 kB');
    expect(formatTarget({ figure: 'median', atLeast: 0.6 }, 'share')).toBe('median ≥ 60 %');
    expect(formatTarget({ figure: 'value', atMost: 0.005 }, 'share')).toBe('≤ 0.5 %');
    expect(formatTarget({ figure: 'p95', atLeast: 20 }, 'times')).toBe('p95 ≥ 20×');
  });
});

describe('the document', () => {
  it('shows targets met, missed and not measured, and the notes', () => {
    const text = formatPerformance(report(fast, slow, unknown), '## What was tried\n\nMuch.\n');
    expect(text).toContain('1 of 3 met.');
    expect(text).toContain('| cinema | recommend | median ≤ 3 ms | 2.50 ms | met |');
    expect(text).toContain('| cinema | recommend | p99 ≤ 10 ms | 12.0 ms | **missed** |');
    expect(text).toMatch(/≤ 0\.5 % \| – \| \*\*not measured\*\*/);
    expect(text).toContain('## What was tried\n\nMuch.\n\n## The engine in its worker');
  });

  it('compares a line with its baseline', () => {
    const compared = line({ baseline: { name: 'plain scan', figures: { median: 5 } } });
    expect(formatPerformance(report(compared), '')).toContain('| 0.50 of plain scan, 5.00 ms |');
    expect(formatLines('Title', [compared])).toContain('plain scan 5.00 ms: 0.50×');
  });

  it('is deterministic, and its tables are complete', () => {
    const given = report(fast, slow, unknown, line({ domain: null, name: 'a|b', note: 'c|d' }));
    const text = formatPerformance(given, 'Notes.');
    expect(formatPerformance(given, 'Notes.')).toBe(text);
    for (const table of text
      .trim()
      .split('\n\n')
      .filter((block) => block.startsWith('|'))) {
      const columns = table.split('\n').map((row) => row.replaceAll('\\|', '').split('|').length);
      expect(new Set(columns).size).toBe(1);
    }
  });
});
