import { describe, expect, it } from 'vitest';
import { type DomainConfig, domainConfigSchema } from '../../lib/contracts/domain-folder';
import { cardTagField } from './card-field';

const config = (fields: DomainConfig['fields']): DomainConfig => ({
  ...domainConfigSchema.parse({ id: 'd', label: 'D', item: { one: 'i', many: 'i' }, fields: [] }),
  fields,
});

describe('cardTagField', () => {
  it('is the field marked with show, otherwise the first field of tags', () => {
    const fields: DomainConfig['fields'] = [
      { name: 'year', kind: 'number', weight: 1 },
      { name: 'genres', kind: 'tags', weight: 1 },
    ];
    expect(cardTagField(config(fields))).toBe('genres');
    expect(cardTagField(config([...fields, { name: 'moods', kind: 'tags', weight: 1, show: true }]))).toBe('moods');
    expect(cardTagField(config([]))).toBeUndefined();
  });
});
