import type { OnboardingInput } from './onboarding-api';

type ListInput = Pick<OnboardingInput, 'answers' | 'profile'>;

const EMPTY: ListInput = { answers: [], profile: {} };
const storageKey = (domain: string) => `inkpick-welcome-${domain}`;

/** Saves the input of the first list in this tab's session storage, so that a reload shows the same list. */
export function saveListInput(domain: string, { answers, profile }: ListInput): void {
  try {
    sessionStorage.setItem(storageKey(domain), JSON.stringify({ answers, profile }));
  } catch {
    // Without storage a reload shows a list from the interests alone.
  }
}

/** Reads the input that {@link saveListInput} saved; empty if there is none. */
export function readListInput(domain: string): ListInput {
  try {
    const saved = JSON.parse(sessionStorage.getItem(storageKey(domain)) ?? '{}') as Partial<ListInput>;
    return { ...EMPTY, ...saved };
  } catch {
    return EMPTY;
  }
}
