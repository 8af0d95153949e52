import type { BrowserContext } from '@playwright/test';

/** An event as the server holds it. */
export interface HeldEvent {
  id: string;
  domain: string;
  item: string;
  kind: string;
  /** ISO 8601. */
  at: string;
  list: string | null;
  slot: number | null;
  source: string | null;
  variant: string | null;
}

/** The events that the server holds of a context's visitor, oldest first; none of a visitor whom it does not know. */
export async function heldEvents(context: BrowserContext, server: string): Promise<HeldEvent[]> {
  const answer = await (await context.request.get(`${server}/api/me`)).json();
  const events: HeldEvent[] = answer.held?.events ?? [];
  return events.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

/** What the pages of a context send to the API rather than ask of it, as it goes on: `POST /api/me`. */
export function sentToApi(context: BrowserContext): string[] {
  const sent: string[] = [];
  context.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (request.method() !== 'GET' && pathname.startsWith('/api/')) sent.push(`${request.method()} ${pathname}`);
  });
  return sent;
}
