/** Countries that no longer exist, and shorter names than those of `Intl`. */
const COUNTRIES: Record<string, string> = {
  HK: 'Hong Kong',
  MO: 'Macao',
  PS: 'Palestine',
  SU: 'Soviet Union',
  YU: 'Yugoslavia',
  CS: 'Serbia and Montenegro',
  XC: 'Czechoslovakia',
  XG: 'East Germany',
  XK: 'Kosovo',
};
/** Language codes that only TMDB uses, and more usual names than those of `Intl`. */
const LANGUAGES: Record<string, string> = { cn: 'Cantonese', zh: 'Mandarin', sh: 'Serbo-Croatian', mo: 'Moldavian' };
/** TMDB's code for a film without dialogue. */
const NO_LANGUAGE = 'xx';
const COUNTRY_NAMES = new Intl.DisplayNames(['en-GB'], { type: 'region', fallback: 'none' });
const LANGUAGE_NAMES = new Intl.DisplayNames(['en-GB'], { type: 'language', fallback: 'none' });

/** The English name of a TMDB country code; undefined for an unknown code. */
export function countryName(code: string): string | undefined {
  return COUNTRIES[code] ?? (/^[A-Z]{2}$/.test(code) ? COUNTRY_NAMES.of(code) : undefined);
}

/** The English name of a TMDB language code; undefined for an unknown code and for "no language". */
export function languageName(code: string): string | undefined {
  if (code === NO_LANGUAGE) return undefined;
  return LANGUAGES[code] ?? (/^[a-z]{2,3}$/.test(code) ? LANGUAGE_NAMES.of(code) : undefined);
}
