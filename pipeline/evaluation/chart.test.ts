import { describe, expect, it } from 'vitest';
import { diversityChart } from './chart';
import { madeUpEvaluation } from './testing';

const numbers = (svg: string, attribute: string) =>
  [...svg.matchAll(new RegExp(` ${attribute}="([^"]*)"`, 'g'))].map(([, value]) => Number(value));

describe('diversityChart', () => {
  const svg = diversityChart(madeUpEvaluation());

  it('draws one point per step, further right and lower as diversity grows', () => {
    const [x, y] = [numbers(svg, 'cx'), numbers(svg, 'cy')];
    expect(x).toHaveLength(6);
    expect(x).toEqual(x.toSorted((a, b) => a - b));
    expect(y).toEqual(y.toSorted((a, b) => a - b));
  });

  it('marks the default and the largest diversity within 2 %', () => {
    expect(svg.match(/class="default"/g)).toHaveLength(1);
    expect(svg).toContain('λ .90, default');
    expect(svg).toContain('λ .85, largest within 2 %');
    expect(svg).toContain('98 % of pure relevance');
  });

  it('stays within the picture, with ticks at round numbers', () => {
    for (const attribute of ['x', 'x1', 'x2', 'cx', 'y', 'y1', 'y2', 'cy']) {
      for (const value of numbers(svg, attribute)) {
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(attribute.includes('x') ? 680 : 420);
      }
    }
    expect(svg).toContain('>.62<');
    expect(svg).not.toMatch(/NaN|Infinity/);
  });

  it('has a dark colour scheme, and a title for screen readers', () => {
    expect(svg).toContain('prefers-color-scheme: dark');
    expect(svg).toMatch(/<title id="title">Cinema: NDCG@10 against diversity/);
  });

  it('is well-formed for any domain label, and if every NDCG is 0', () => {
    const odd = diversityChart(madeUpEvaluation({ label: 'A & <B>', curve: [0, 0] }));
    expect(odd).toContain('A &amp; &lt;B&gt;');
    expect(odd).not.toMatch(/NaN|Infinity/);
    expect(diversityChart(madeUpEvaluation({ curve: [0.3] }))).not.toMatch(/NaN|Infinity/);
  });
});
