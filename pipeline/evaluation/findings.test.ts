import { describe, expect, it } from 'vitest';
import { findings } from './findings';
import { madeUpEvaluation } from './testing';

const verdicts = (made?: Parameters<typeof madeUpEvaluation>[0]) =>
  Object.fromEntries(findings(madeUpEvaluation(made)).map(({ aim, verdict }) => [aim, verdict]));
const find = (made: Parameters<typeof madeUpEvaluation>[0], words: string) =>
  findings(madeUpEvaluation(made)).find(({ aim }) => aim.includes(words));

describe('findings', () => {
  it('are all met if every figure reaches its aim', () => {
    expect(new Set(Object.values(verdicts()))).toEqual(new Set(['met']));
    expect(Object.keys(verdicts()).length).toBeGreaterThanOrEqual(11);
  });

  it('name the lengths at which hybrid is behind', () => {
    const behind = { leads: [0.06, -0.02, 0.04, 0.03, 0.02, 0.01] };
    expect(find(behind, 'at any length')).toMatchObject({
      verdict: 'missed',
      measured: 'behind at 2 items: −.0200 [−.0250, −.0150] over popular',
    });
    expect(find({ leads: [0.06, 0.05, 0.04, 0.03, 0.02, -0.02] }, 'best single signal, NDCG@10')?.verdict).toBe(
      'missed',
    );
  });

  it('are undecided if the interval contains zero', () => {
    const close = { leads: [0.06, -0.002, 0.05, 0.03, 0.02, 0.002] };
    expect(find(close, 'at any length')?.verdict).toBe('undecided');
    expect(find(close, 'Above the best single signal')?.verdict).toBe('undecided');
  });

  it('compare the shipped domains, and no other, with their target levels', () => {
    expect(find({ id: 'music' }, 'NDCG@100 at least')).toMatchObject({
      aim: 'NDCG@100 at least .435',
      verdict: 'missed',
    });
    expect(find({ id: 'music' }, 'Recall@1000')).toBeUndefined();
    expect(find({ id: 'books' }, 'at least .3')).toBeUndefined();
  });

  it('compare cold items, the graph and the default diversity with their aims', () => {
    expect(find({ coldLead: -0.01 }, 'Cold')?.verdict).toBe('missed');
    expect(find({ annRecall: 0.97 }, 'ANN')?.verdict).toBe('missed');
    expect(find({ inForce: 0.2 }, 'diversity')).toMatchObject({ verdict: 'missed', measured: '5.0 % at λ = .80' });
    expect(find({ inForce: 0 }, 'diversity')).toMatchObject({ verdict: 'met', measured: 'nothing at λ = 1.00' });
  });

  it('omit what was not measured', () => {
    const evaluation = { ...madeUpEvaluation(), cold: null, ann: null };
    expect(findings(evaluation).filter(({ aim }) => /Cold|ANN/.test(aim))).toEqual([]);
  });
});
