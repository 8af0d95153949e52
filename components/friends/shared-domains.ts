const STORAGE_KEY = 'inkpick.sharing';
/** The shared domains if the browser refuses storage: they last as long as the page. */
let pageDomains: readonly string[] = [];

/** Reads which domains this device shares. A cache: the server decides. Browser only. */
export function sharedDomains(): readonly string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '[]');
    return Array.isArray(stored) ? stored.filter((domain) => typeof domain === 'string') : [];
  } catch {
    return pageDomains;
  }
}

/** Stores which domains this device shares. */
export function saveSharedDomains(domains: readonly string[]): void {
  pageDomains = domains;
  try {
    if (domains.length > 0) localStorage.setItem(STORAGE_KEY, JSON.stringify(domains));
    else localStorage.removeItem(STORAGE_KEY);
  } catch {
    // Storage is refused: `pageDomains` has them.
  }
}

export const setDomainShared = (domain: string, isShared: boolean): void => {
  const others = sharedDomains().filter((other) => other !== domain);
  saveSharedDomains(isShared ? [...others, domain] : others);
};
