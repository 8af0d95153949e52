import { describe, expect, it } from 'vitest';
import { toRagged } from './container';
import { type ContentColumns, readContent, writeContent } from './content';
import { describeReader } from './testing/conformance';

const content: ContentColumns = {
  fields: [
    { name: 'genres', weight: 1, tellable: true },
    { name: 'plot', weight: 0.3, tellable: false },
  ],
  terms: ['Drama', 'Sci-fi', 'été'],
  termFields: Uint8Array.of(0, 0, 1),
  notNamed: Uint32Array.of(1),
  documentFrequency: Uint32Array.of(3, 2, 300),
  rows: toRagged([[0, 1], [], [0, 2]]),
  frequencies: Uint8Array.of(1, 1, 2, 255),
};

describe('content', () => {
  it('reads back as it was written', () => {
    expect(readContent(writeContent(content))).toEqual(content);
    const empty = {
      ...content,
      terms: [],
      termFields: new Uint8Array(),
      notNamed: new Uint32Array(),
      documentFrequency: new Uint32Array(),
      rows: toRagged([[]]),
      frequencies: new Uint8Array(),
    };
    expect(readContent(writeContent(empty))).toEqual(empty);
  });

  it.each<[string, Partial<ContentColumns>]>([
    ['a term without a field', { termFields: Uint8Array.of(0, 0) }],
    ['a silent term that there is not', { notNamed: Uint32Array.of(3) }],
    ['a field that is not listed', { termFields: Uint8Array.of(0, 0, 2) }],
    ['a term without a count', { documentFrequency: Uint32Array.of(3, 2) }],
    ['an entry without a frequency', { frequencies: Uint8Array.of(1, 1, 2) }],
    ['a term that is not listed', { rows: toRagged([[0, 3], [], [0, 2]]) }],
  ])('is refused with %s', (_, change) => {
    expect(() => readContent(writeContent({ ...content, ...change }), 'c.bin')).toThrow(
      expect.objectContaining({
        code: 'ARTIFACT_MALFORMED',
        message: expect.stringMatching(/^c\.bin is inconsistent: /),
      }),
    );
  });
});

describeReader('content', writeContent(content), readContent);
