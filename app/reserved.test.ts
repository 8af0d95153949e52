import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { domainConfigSchema } from '../lib/contracts/domain-folder';

describe('the addresses of pages', () => {
  const pages = readdirSync(fileURLToPath(new URL('.', import.meta.url)), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('['))
    .map(({ name }) => name);

  it.each(pages)('are reserved: no domain can be called %s', (id) => {
    expect(() => domainConfigSchema.parse({ id, label: 'A domain', fields: [] })).toThrow(/addresses of the product/);
  });
});
