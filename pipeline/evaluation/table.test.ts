import { describe, expect, it } from 'vitest';
import { ROWS } from './compared-recommenders';
import { formatEvaluation, standing } from './table';
import { madeUpEvaluation } from './testing';

describe('formatEvaluation', () => {
  const text = formatEvaluation(madeUpEvaluation({ leads: [0.05, 0.04, -0.03, 0.02, 0.01, 0.002] }));

  it('fits a terminal of 120 columns', () => {
    const behind = formatEvaluation(madeUpEvaluation({ leads: [-0.06, -0.05, -0.04, -0.03, -0.02, -0.01] }));
    for (const made of [text, behind]) expect(made.split('\n').filter((line) => line.length > 120)).toEqual([]);
  });

  it('has every row at every length', () => {
    for (const { name } of ROWS) {
      expect(text.match(new RegExp(`^${name} .*\\[`, 'gm'))?.length, name).toBe(6);
    }
    expect(text).toMatch(/^1 item, 300 +P@10 +R@20/m);
    expect(text).toMatch(/^all history, 300 /m);
    expect(text).toMatch(/^hybrid +\.400 +\.400 +\.400 +\.920 +\.400 \[\.390, \.410\]/m);
  });

  it('compares hybrid with the best single signal', () => {
    expect(text).toContain('+.0500 [+.0450, +.0550]  above, the best single signal');
    expect(text).toContain('−.0300 [−.0350, −.0250]  below, the best single signal');
    expect(text).toContain('+.0020 [−.0030, +.0070]  level, the best single signal');
    expect(text).toMatch(/^ {2}missed +No worse than the best single signal at any length/m);
  });

  it('prints cold items, ANN recall and diversity, and omits what was not measured', () => {
    expect(text).toContain('Cold items: 200 removed from training');
    expect(text).toContain('ANN recall@100 of an HNSW graph of 2,000 vectors');
    expect(text).toMatch(/^ {2}\.90 +\.3960 +\.640 +default$/m);
    const without = formatEvaluation({ ...madeUpEvaluation(), cold: null, ann: null });
    expect(without).not.toMatch(/Cold|ANN/);
  });

  it('warns that validation figures are not for reporting', () => {
    const made = madeUpEvaluation();
    expect(text).not.toContain('not for reporting');
    expect(formatEvaluation({ ...made, protocol: { ...made.protocol, on: 'validation' } })).toContain(
      'not for reporting',
    );
  });
});

describe('standing', () => {
  it('is above or below if the interval excludes zero', () => {
    expect(standing({ low: 0.1, high: 0.2 })).toBe('above');
    expect(standing({ low: -0.2, high: -0.1 })).toBe('below');
    expect(standing({ low: 0, high: 0.1 })).toBe('level');
  });
});
