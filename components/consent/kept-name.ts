import { uuid } from '../events/uuid';

/** Those that the browser keeps no storage for: they last as long as the page. */
const ofThisPage = new Map<string, string>();

/** A random name that this browser keeps under `key`, made when it is first asked for. Browser only. */
export function keptName(key: string): string {
  const made = () => {
    const name = ofThisPage.get(key) ?? uuid();
    ofThisPage.set(key, name);
    return name;
  };
  try {
    const kept = localStorage.getItem(key) ?? made();
    localStorage.setItem(key, kept);
    return kept;
  } catch {
    return made();
  }
}
