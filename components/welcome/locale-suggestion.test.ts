import { describe, expect, it } from 'vitest';
import { suggestFromLocale } from './locale-suggestion';

const options = { region: [{ value: 'NL' }, { value: 'GB' }], language: [{ value: 'nl' }, { value: 'en' }] };

describe('suggestFromLocale', () => {
  it('suggests the language and region that the tag has and the options allow', () => {
    expect(suggestFromLocale('nl-NL', options)).toEqual({ region: 'NL', language: 'nl' });
    expect(suggestFromLocale('en', options)).toEqual({ language: 'en' });
    expect(suggestFromLocale('en-Latn-GB', options)).toEqual({ region: 'GB', language: 'en' });
    expect(suggestFromLocale('tlh-NL', options)).toEqual({ region: 'NL' });
  });

  it('suggests nothing for other tags', () => {
    for (const tag of [undefined, '', 'tlh', 'fr-FR', 'not a language', '-'])
      expect(suggestFromLocale(tag, options)).toBeNull();
  });
});
