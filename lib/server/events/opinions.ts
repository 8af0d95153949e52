import 'server-only';
import { sql } from 'drizzle-orm';
import type { EventKind } from '../../contracts/events';
import type { Database } from '../store/database';
import { given } from '../store/given';
import { inKeyOrder } from './sum-by';
import type { AcceptedEvent } from './write';

/** What these kinds say of an item; the others say nothing. */
const OPINIONS: Partial<Record<EventKind, { value: number; hidden: boolean }>> = {
  like: { value: 1, hidden: false },
  dislike: { value: -1, hidden: true },
  not_interested: { value: 0, hidden: true },
  retract: { value: 0, hidden: false },
};

/** The latest word on each item; a word that comes late does not undo a later one. */
export async function keepOpinions(db: Database, events: readonly AcceptedEvent[]): Promise<void> {
  const latest = new Map<string, AcceptedEvent>();
  for (const event of events) {
    if (!OPINIONS[event.kind]) continue;
    const key = opinionKey(event);
    const before = latest.get(key);
    if (!before || before.at <= event.at) latest.set(key, event);
  }
  const words = inKeyOrder(latest).map((event) => ({ ...event, ...OPINIONS[event.kind]! }));
  if (words.length > 0) {
    const columns = { visitor: 'uuid', domain: 'text', item: 'text', value: 'int', hidden: 'bool', at: 'float8' };
    await db.execute(
      sql`insert into opinion (visitor, domain, item, value, hidden, at)
          select visitor, domain, item, value, hidden, to_timestamp(at / 1000)
          from ${given(words, columns)}
          on conflict (visitor, domain, item) do update
          set value = excluded.value, hidden = excluded.hidden, at = excluded.at where opinion.at <= excluded.at`,
    );
  }
  const saves = new Map(events.filter(({ kind }) => kind === 'save').map((event) => [opinionKey(event), event]));
  if (saves.size > 0) {
    const columns = { visitor: 'uuid', domain: 'text', item: 'text' };
    // Of no date of its own: it is no word on how good an item is, and any such word is later.
    await db.execute(
      sql`insert into opinion (visitor, domain, item, value, hidden, saved, at)
          select visitor, domain, item, 0, false, true, to_timestamp(0)
          from ${given(inKeyOrder(saves), columns)}
          on conflict (visitor, domain, item) do update set saved = true`,
    );
  }
}

const opinionKey = ({ visitor, domain, item }: AcceptedEvent) => `${visitor}/${domain}/${item}`;
