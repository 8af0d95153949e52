import type { ItemSummary, Reason } from '../../lib/contracts/engine';
import { InkpickError } from '../../lib/contracts/errors';
import type { VisitorProfile } from '../../lib/contracts/events';
import type { AnswerValue } from './quick-pick-answers';
import { visitorId } from './visitor-id';

/** An item that the quick pick asks about. */
export type QuestionItem = Pick<ItemSummary, 'id' | 'title' | 'year' | 'creators' | 'tags' | 'links'>;

export interface FirstItem extends QuestionItem {
  slot: 'popular' | 'interest' | 'explore';
  /** The level of the cold start that filled this slot (docs/adr/0010-cold-start.md). */
  level: 'taste' | 'interests' | 'segment' | 'popular' | 'prior';
  reasons: Reason[];
}

/** A new visitor's interests, quick pick and profile. The server answers with a list and stores none of it. */
export interface OnboardingInput {
  interests: readonly string[];
  answers: readonly { id: string; value: AnswerValue }[];
  /** Only the fields that the visitor filled in. */
  profile: VisitorProfile;
}

/** One question is shown; the others are a reserve in case the next request fails. */
const QUESTION_COUNT = 6;
/** The server's limit for one request. */
const MAX_QUESTION_COUNT = 12;

/** @throws InkpickError with a message that may be shown to the visitor */
async function post<T>(address: string, body: object, signal: AbortSignal): Promise<T> {
  let response: Response;
  try {
    response = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal,
    });
  } catch (cause) {
    throw new InkpickError('INTERNAL', 'The server cannot be reached just now.', { cause });
  }
  const json = await response.json().catch(() => null);
  if (!response.ok || json === null) {
    const { code = 'INTERNAL', message = `The server answered ${response.status}.` } = json?.error ?? {};
    throw new InkpickError(code, message);
  }
  return json;
}

/**
 * Fetches the first list, which the server makes: the device may not have the engine yet.
 *
 * @throws InkpickError with a message that may be shown to the visitor
 */
export async function fetchFirstList(
  domain: string,
  input: OnboardingInput,
  signal: AbortSignal,
): Promise<FirstItem[]> {
  const { results } = await post<{ results: FirstItem[] }>(
    '/api/onboarding',
    { domain, ...input, visitor: visitorId() },
    signal,
  );
  return results;
}

/**
 * Fetches the next questions of the quick pick.
 *
 * @param spare number of extra questions, since the caller drops items that are picked already
 * @returns items, most informative first; `done` once the server has enough answers
 * @throws InkpickError with a message that may be shown to the visitor
 */
export async function fetchQuestions(
  domain: string,
  { interests, answers, spare }: Omit<OnboardingInput, 'profile'> & { spare: number },
  signal: AbortSignal,
): Promise<{ items: QuestionItem[]; done: boolean }> {
  const { results, done } = await post<{ results: QuestionItem[]; done: boolean }>(
    '/api/onboarding/next',
    { domain, interests, answers, count: Math.min(MAX_QUESTION_COUNT, QUESTION_COUNT + spare) },
    signal,
  );
  return { items: results, done };
}
