import type { VisitorProfile } from '../../lib/contracts/events';

/**
 * Suggests a region and a language from the browser's language. The visitor has to confirm them.
 *
 * @param tag BCP 47, such as `navigator.language`
 * @param options the regions and languages that may be suggested
 * @returns null if the tag has neither
 */
export function suggestFromLocale(
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
