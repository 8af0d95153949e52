import type { ItemSummary, Reason } from '../../lib/contracts/engine';
import { InkpickError } from '../../lib/contracts/errors';
import { visitorName } from './visitor';

export type FirstItem = Pick<ItemSummary, 'id' | 'title' | 'year' | 'creators' | 'tags' | 'links'> & {
  slot: 'popular' | 'interest' | 'explore';
  reasons: Reason[];
};

/** The server's first list for the interests chosen. It needs no engine on the device. */
export async function fetchFirstList(domain: string, interests: string[], signal: AbortSignal): Promise<FirstItem[]> {
  const response = await fetch('/api/onboarding', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ domain, interests, visitor: visitorName() }),
    signal,
  });
  const body = await response.json().catch(() => null);
  if (!response.ok) {
    const { code = 'INTERNAL', message = `The server answered ${response.status}.` } = body?.error ?? {};
    throw new InkpickError(code, message);
  }
  return body.results;
}
