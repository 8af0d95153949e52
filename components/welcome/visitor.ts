const STORAGE_KEY = 'inkpick-visitor';
let ofThisPage: string | null = null;

function randomName(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * A random name for this browser. It seeds the first list, so that a reload does not reshuffle it, and says
 * nothing of anybody. Without storage it lasts as long as the page.
 */
export function visitorName(): string {
  try {
    const stored = localStorage.getItem(STORAGE_KEY);
    if (stored) return stored;
    ofThisPage ??= randomName();
    localStorage.setItem(STORAGE_KEY, ofThisPage);
  } catch {
    ofThisPage ??= randomName();
  }
  return ofThisPage;
}
