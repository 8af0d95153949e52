import 'server-only';
import { sql } from 'drizzle-orm';
import { EVENT_WEIGHTS } from '../../contracts/events';
import type { Database } from '../store/database';
import { given } from '../store/given';
import { rows } from '../store/rows';
import { inKeyOrder } from './sum-by';
import type { AcceptedEvent } from './write';

/** What one visitor's voice for one item on one day has gained. */
export interface Gain {
  visitor: string;
  domain: string;
  item: string;
  day: number;
  weight: number;
  impressions: number;
  clicks: number;
  /** The latest of the events behind it. */
  at: number;
}

/** One voice a visitor, item and day: it counts for the most that was done, and for one impression and one click. */
export async function raiseVoices(db: Database, events: readonly AcceptedEvent[], day: number): Promise<Gain[]> {
  const voices = new Map<string, Gain>();
  for (const { visitor, domain, item, kind, at } of events) {
    const key = `${visitor}/${domain}/${item}`;
    const voice = voices.get(key) ?? { visitor, domain, item, day, weight: 0, impressions: 0, clicks: 0, at };
    voice.weight = Math.max(voice.weight, EVENT_WEIGHTS[kind]);
    voice.at = Math.max(voice.at, at);
    if (kind === 'impression') voice.impressions = 1;
    // Whoever opens, follows or likes what was shown has answered to it.
    else if (EVENT_WEIGHTS[kind] > 0) voice.clicks = 1;
    voices.set(key, voice);
  }
  const ordered = inKeyOrder(voices);
  const columns = {
    visitor: 'uuid',
    domain: 'text',
    item: 'text',
    day: 'int',
    weight: 'float4',
    impressions: 'int',
    clicks: 'int',
  };
  const raised = await rows<Omit<Gain, 'at'>>(
    db,
    sql`insert into voice as held (visitor, domain, item, day, weight, impressed, clicked)
        select visitor, domain, item, day, weight, impressions, clicks
        from ${given(ordered, columns)}
        on conflict (visitor, domain, item, day) do update set
          was_weight = held.weight, weight = greatest(held.weight, excluded.weight),
          was_impressed = held.impressed, impressed = greatest(held.impressed, excluded.impressed),
          was_clicked = held.clicked, clicked = greatest(held.clicked, excluded.clicked)
        returning visitor, domain, item, day, weight - was_weight as weight,
          impressed - was_impressed as impressions, clicked - was_clicked as clicks`,
  );
  return raised.map((gain) => ({ ...gain, at: voices.get(`${gain.visitor}/${gain.domain}/${gain.item}`)!.at }));
}
