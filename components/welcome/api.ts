import type { ItemSummary, Reason } from '../../lib/contracts/engine';
import { InkpickError } from '../../lib/contracts/errors';
import type { VisitorProfile } from '../../lib/contracts/events';
import type { AnswerValue } from './answers';
import { visitorName } from './visitor';

/** An item to ask about. */
export type AskedItem = Pick<ItemSummary, 'id' | 'title' | 'year' | 'creators' | 'tags' | 'links'>;

export interface FirstItem extends AskedItem {
  slot: 'popular' | 'interest' | 'explore';
  /** What was known that brought it here. */
  level: 'taste' | 'interests' | 'segment' | 'popular' | 'prior';
  reasons: Reason[];
}

/** What a newcomer has said: it goes to the server with the question, which keeps none of it. */
export interface Told {
  interests: readonly string[];
  answers: readonly { id: string; value: AnswerValue }[];
  /** Only what the visitor chose to tell. */
  profile: VisitorProfile;
}

/** One is asked, and the others are there in case the next do not arrive; the server gives no more than twelve at once. */
const [QUESTIONS, MOST_QUESTIONS] = [6, 12];

/** @throws InkpickError with a text that may be shown */
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
  const answer = await response.json().catch(() => null);
  if (!response.ok || answer === null) {
    const { code = 'INTERNAL', message = `The server answered ${response.status}.` } = answer?.error ?? {};
    throw new InkpickError(code, message);
  }
  return answer;
}

/** The server's first list for what was told. It needs no engine on the device. */
export async function fetchFirstList(domain: string, told: Told, signal: AbortSignal): Promise<FirstItem[]> {
  const { results } = await post<{ results: FirstItem[] }>(
    '/api/onboarding',
    { domain, ...told, visitor: visitorName() },
    signal,
  );
  return results;
}

/**
 * What to ask about next, best first; `done` once enough is known.
 *
 * @param spare so many more, as some of them may be of no use here
 */
export async function fetchQuestions(
  domain: string,
  { interests, answers, spare }: Omit<Told, 'profile'> & { spare: number },
  signal: AbortSignal,
): Promise<{ items: AskedItem[]; done: boolean }> {
  const { results, done } = await post<{ results: AskedItem[]; done: boolean }>(
    '/api/onboarding/next',
    { domain, interests, answers, count: Math.min(MOST_QUESTIONS, QUESTIONS + spare) },
    signal,
  );
  return { items: results, done };
}
