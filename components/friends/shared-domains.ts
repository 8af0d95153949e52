const STORAGE_KEY = 'inkpick.sharing';
/** Where the browser keeps no storage, it is known for as long as the page. */
let ofThisPage: readonly string[] = [];

/** The domains that this device shares, as far as it knows: the server has the last word. Browser only. */
export function sharedDomains(): readonly string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '[]');
    return Array.isArray(stored) ? stored.filter((domain) => typeof domain === 'string') : [];
  } catch {
    return ofThisPage;
  }
}

/** Remembers which domains this device shares. */
export function rememberShared(domains: readonly string[]): void {
  ofThisPage = domains;
  try {
    if (domains.length > 0) localStorage.setItem(STORAGE_KEY, JSON.stringify(domains));
    else localStorage.removeItem(STORAGE_KEY);
  } catch {
    // Kept for this page only.
  }
}

export const rememberOne = (domain: string, isShared: boolean): void => {
  const others = sharedDomains().filter((other) => other !== domain);
  rememberShared(isShared ? [...others, domain] : others);
};
