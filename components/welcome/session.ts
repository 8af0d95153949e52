import type { Told } from './api';

type Kept = Pick<Told, 'answers' | 'profile'>;

const NOTHING: Kept = { answers: [], profile: {} };
const key = (domain: string) => `inkpick-welcome-${domain}`;

/** Keeps in this tab, and no longer than it, what the list on the screen was made from, so that a reload shows the same. */
export function keepTold(domain: string, { answers, profile }: Kept): void {
  try {
    sessionStorage.setItem(key(domain), JSON.stringify({ answers, profile }));
  } catch {
    // Without storage a reload shows the list of the interests alone.
  }
}

/** What {@link keepTold} kept; nothing where it did not. */
export function readTold(domain: string): Kept {
  try {
    const kept = JSON.parse(sessionStorage.getItem(key(domain)) ?? '{}') as Partial<Kept>;
    return { ...NOTHING, ...kept };
  } catch {
    return NOTHING;
  }
}
