import type { VisitorProfile } from '../../lib/contracts/events';

/**
 * What a browser's language says of its owner, as far as it can be told here: a suggestion, which nobody but the visitor
 * confirms. Null where it says nothing.
 *
 * @param tag BCP 47, such as `navigator.language`
 */
export function suggestedBy(
  tag: string | undefined,
  { region: regions, language: languages }: Record<'region' | 'language', readonly { value: string }[]>,
): Pick<VisitorProfile, 'region' | 'language'> | null {
  if (!tag) return null;
  let locale: Intl.Locale;
  try {
    locale = new Intl.Locale(tag);
  } catch {
    return null;
  }
  const region = regions.find(({ value }) => value === locale.region)?.value;
  const language = languages.find(({ value }) => value === locale.language)?.value;
  return region || language ? { ...(region && { region }), ...(language && { language }) } : null;
}
