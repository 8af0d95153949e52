import { describe, expect, it } from 'vitest';
import type { DomainInfo, RecommendResponse } from '../../lib/contracts/engine';
import { describeLoading, describeWork } from './status-line';

const domain = { item: { one: 'film', many: 'films' }, itemCount: 86_537 } as DomainInfo;
const response = (itemsSearched: number, index: RecommendResponse['stats']['index'] = 'hnsw') =>
  ({ stats: { itemsSearched, milliseconds: 3.21, index } }) as RecommendResponse;

describe('the status line', () => {
  it('says how many items were searched, how long it took, where, and by which index', () => {
    expect(describeWork(response(86_537), domain, 'whole')).toBe(
      '86,537 films searched in 3.2 ms, on this device (HNSW)',
    );
    expect(describeWork(response(86_537, 'none'), domain, 'whole')).toBe(
      '86,537 films searched in 3.2 ms, on this device',
    );
  });

  it('says how many there are where the list was chosen from a part of them', () => {
    expect(describeWork(response(11_011, 'exact'), domain, 'partial')).toBe(
      '11,011 of 86,537 films searched in 3.2 ms, on this device (exact scan)',
    );
  });

  it('does not present a list that is going to be replaced as the final one', () => {
    expect(describeWork(response(11_011), domain, 'incomplete')).toMatch(/^11,011 of 86,537 films searched so far/);
  });

  it('says what is being loaded, and from where', () => {
    const progress = { stage: 'download', loadedBytes: 2_100_000, totalBytes: 5_400_000, fromCache: false } as const;
    expect(describeLoading(progress, domain)).toBe('Fetching the films: 2.1 of 5.4 MB');
    expect(describeLoading({ ...progress, fromCache: true }, domain)).toBe('Opening the films: 2.1 of 5.4 MB');
    expect(describeLoading(null, domain)).toBe('Fetching the films');
  });
});
