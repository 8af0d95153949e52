import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { newItem, type TinyParts, tinyParts } from '../../../testing/engine/tiny-engine';
import { TINY } from '../../../testing/tiny-domain';
import { joinCatalogs } from '../../format/catalog';
import { joinContent } from '../../format/content';
import { Additions } from './additions';
import { DomainData } from './domain-data';

let parts: TinyParts;
beforeAll(async () => {
  parts = await tinyParts();
});

const open = () => DomainData.open(parts.manifest, parts.head);
/** Items of which the build has some in its head (t5) and in its tail (t57). */
const someIds = fc.constantFrom('n0', 'n1', 'n2', 't5', 't57');
const step = fc.oneof(
  { weight: 1, arbitrary: fc.constant({ tail: true }) },
  {
    weight: 3,
    arbitrary: fc.record({
      add: fc.array(fc.tuple(someIds, fc.constantFrom('Even' as const, 'Odd')), { maxLength: 3 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ withdraw: fc.subarray(['n0', 'n1', 't4', 't5', 't57']) }) },
);

const someAdditions = (ids: string[], withdrawn: string[] = []): Additions => {
  const additions = new Additions();
  additions.add(ids.map((id) => newItem(id, 'Even')));
  additions.withdraw(withdrawn);
  return additions;
};

/** Everything that can be read of the data. */
function contentsOf({ catalog, terms, vocabulary, interests, isWhole, calibrationRows, itemTower }: DomainData) {
  const ids = ['n0', 'n1', 'n2', 't4', 't5', 't57', 'sku004', 'sku:sku057', 'fresh-n1', 'gone'];
  return {
    isWhole,
    calibrationRows,
    interests,
    itemTower,
    sizes: [catalog.size, catalog.builtSize, terms.size, terms.termCount, vocabulary.size],
    withdrawn: [...catalog.withdrawn],
    resolved: ids.map((id) => catalog.resolve(id)),
    isBuilt: ids.map((id) => catalog.isBuilt(id)),
    terms: [...vocabulary.terms],
    documents: catalog.segments.flatMap((segment) =>
      Array.from({ length: segment.size }, (_, row) => segment.searchDocument(row)),
    ),
    items: Array.from({ length: catalog.size }, (_, row) => {
      const weights: [number, number][] = [];
      terms.forEachTerm(row, (term, weight) => weights.push([term, weight]));
      return {
        summary: catalog.summary(row),
        factors: catalog.factors(row),
        publishedAt: catalog.publishedAt(row),
        weights,
      };
    }),
  };
}

describe('DomainData', () => {
  it('does not change earlier values when a tail, additions or withdrawals make new ones', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 4 }), (steps) => {
        // Later steps change the same additions, as an engine does.
        const additions = new Additions();
        let data = open();
        const earlier = [{ data, contents: contentsOf(data) }];
        for (const each of steps) {
          if ('tail' in each) data = data.isWhole ? data : data.withTail(parts.tail);
          else if ('add' in each) {
            additions.add(each.add.map(([id, taste]) => newItem(id, taste)));
            data = data.withAdditions(additions);
          } else {
            additions.withdraw(each.withdraw);
            data = data.withAdditions(additions);
          }
          earlier.push({ data, contents: contentsOf(data) });
        }
        for (const value of earlier) expect(contentsOf(value.data)).toEqual(value.contents);
      }),
      { numRuns: 15 },
    );
  });

  it('has the same contents whether additions come before or after the tail', () => {
    const additions = someAdditions(['n0', 't57', 't5', 'n1'], ['t4', 't58', 'n1']);
    const tailFirst = open().withTail(parts.tail).withAdditions(additions);
    const tailLast = open().withAdditions(additions).withTail(parts.tail).withAdditions(additions);
    expect(contentsOf(tailLast)).toEqual(contentsOf(tailFirst));
    expect(tailFirst.catalog.segments.map(({ kind, size }) => [kind, size])).toEqual([
      ['head', TINY.items - TINY.coldItems],
      ['tail', TINY.coldItems],
      ['delta', 1],
    ]);
  });

  it('replaces earlier additions by later ones', () => {
    const replaced = open()
      .withAdditions(someAdditions(['n0', 'n1'], ['t4']))
      .withAdditions(someAdditions(['n2']));
    expect(contentsOf(replaced)).toEqual(contentsOf(open().withAdditions(someAdditions(['n2']))));
    expect(contentsOf(replaced.withAdditions(new Additions()))).toEqual(contentsOf(open()));
  });

  it('has the same contents as a build that is not divided', () => {
    const { manifest, head, tail } = parts;
    const undivided = DomainData.open(manifest, {
      catalog: joinCatalogs(head.catalog, tail.catalog),
      content: joinContent(head.content, tail.content),
      itemTower: tail.itemTower,
    });
    expect(undivided.isWhole).toBe(true);
    expect(contentsOf(open().withTail(tail))).toEqual(contentsOf(undivided));
  });

  it('has only interest items and terms that are loaded', () => {
    const [head, whole] = [open(), open().withTail(parts.tail)];
    for (const { items, terms } of head.interests) {
      expect(items.every((row) => row < head.catalog.size)).toBe(true);
      expect(terms.every((term) => term < head.vocabulary.size)).toBe(true);
    }
    expect(whole.interests).toEqual(parts.manifest.interests);
  });

  it('shares the segments that did not change', () => {
    const head = open();
    const added = head.withAdditions(someAdditions(['n0']));
    const whole = head.withTail(parts.tail);
    for (const data of [added, whole]) expect(data.catalog.segments[0]).toBe(head.catalog.segments[0]);
    expect(added.hasBuildOf(head)).toBe(true);
    expect(whole.hasBuildOf(head)).toBe(false);
  });
});
