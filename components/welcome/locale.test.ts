import { describe, expect, it } from 'vitest';
import { suggestedBy } from './locale';

const options = { region: [{ value: 'NL' }, { value: 'GB' }], language: [{ value: 'nl' }, { value: 'en' }] };

describe('what a browser’s language suggests', () => {
  it('is language and country, as far as they are named and may be told', () => {
    expect(suggestedBy('nl-NL', options)).toEqual({ region: 'NL', language: 'nl' });
    expect(suggestedBy('en', options)).toEqual({ language: 'en' });
    expect(suggestedBy('en-Latn-GB', options)).toEqual({ region: 'GB', language: 'en' });
    expect(suggestedBy('tlh-NL', options)).toEqual({ region: 'NL' });
  });

  it('is nothing where it says nothing that is known here', () => {
    for (const tag of [undefined, '', 'tlh', 'fr-FR', 'not a language', '-'])
      expect(suggestedBy(tag, options)).toBeNull();
  });
});
