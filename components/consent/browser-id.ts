import { uuid } from '../events/uuid';

/** Ids by key, for browsers that refuse storage: they last as long as the page. */
const pageIds = new Map<string, string>();

/** Returns the random id that this browser stores under `key`, and creates it at the first call. Browser only. */
export function browserId(key: string): string {
  const pageId = () => {
    const id = pageIds.get(key) ?? uuid();
    pageIds.set(key, id);
    return id;
  };
  try {
    const stored = localStorage.getItem(key) ?? pageId();
    localStorage.setItem(key, stored);
    return stored;
  } catch {
    return pageId();
  }
}
