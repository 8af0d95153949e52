import { sql } from 'drizzle-orm';
import {
  boolean,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  real,
  smallint,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core';
import type { NewItem } from '../../contracts/live-signals';

/** Where time has a meaning, it is this server's own, whatever the clocks of devices say. */
const instant = (name: string) => timestamp(name, { withTimezone: true });

/** What instances that share a database must agree on, such as the key that signs cookies. */
export const setting = pgTable('setting', { name: text().primaryKey(), value: text().notNull() });

/**
 * Whoever agreed to be known, under a random number. All that is held of a person hangs on this row and goes with it.
 * Users of the API, whose ids a developer chose, have a row too, under a number made from that id.
 */
export const visitor = pgTable('visitor', {
  id: uuid().primaryKey(),
  createdAt: instant('created_at').notNull().defaultNow(),
  seenAt: instant('seen_at').notNull().defaultNow(),
  /** What visitors told of themselves, each optional. */
  ageBand: text('age_band'),
  region: text(),
  language: text(),
  /** How friends see this one; null until it is given. */
  name: text(),
  /** By which others follow; null until it is asked for. */
  friendCode: text('friend_code').unique(),
});

const ofVisitor = () =>
  uuid('visitor')
    .notNull()
    .references(() => visitor.id, { onDelete: 'cascade' });

/** What visitors did, each event once: its id is the visitor's own choice, so that sending it again changes nothing. */
export const event = pgTable(
  'event',
  {
    visitor: ofVisitor(),
    id: uuid().notNull(),
    domain: text().notNull(),
    item: text().notNull(),
    kind: text().notNull(),
    at: instant('at').notNull(),
    receivedAt: instant('received_at').notNull().defaultNow(),
    /** The list it came from, and where in it. */
    list: uuid(),
    slot: smallint(),
    /** The signal or strategy that brought the item there. */
    source: text(),
    /** `experiment:variant`, where one was in force. */
    variant: text(),
  },
  (table) => [
    primaryKey({ columns: [table.visitor, table.id] }),
    index('event_received').on(table.receivedAt),
    index('event_variant').on(table.variant).where(sql`${table.variant} is not null`),
  ],
);

/**
 * The one voice that a visitor has for an item in a window: its weight is the highest of what was done, not the sum. `was…`
 * is what it was before the last change, so that one statement can both change it and tell by how much.
 */
export const voice = pgTable(
  'voice',
  {
    visitor: ofVisitor(),
    domain: text().notNull(),
    item: text().notNull(),
    /** Days since 1970. */
    day: integer().notNull(),
    weight: real().notNull(),
    wasWeight: real('was_weight').notNull().default(0),
    impressed: smallint().notNull(),
    wasImpressed: smallint('was_impressed').notNull().default(0),
    clicked: smallint().notNull(),
    wasClicked: smallint('was_clicked').notNull().default(0),
  },
  (table) => [
    primaryKey({ columns: [table.visitor, table.domain, table.item, table.day] }),
    index('voice_day').on(table.day),
  ],
);

/**
 * Decayed weights by forward decay (Cormode et al., 2009): each voice counts 2^(t / half-life) of its weight, t from a fixed
 * moment on, so that nothing has to be touched as time goes by and the order never changes by itself. Kept as
 * logarithms, since those powers outgrow every number.
 */
export const trend = pgTable(
  'trend',
  {
    domain: text().notNull(),
    window: text('window_name').notNull(),
    item: text().notNull(),
    /** log2 of the sum. */
    logWeight: doublePrecision('log_weight').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.domain, table.window, table.item] }),
    index('trend_order').on(table.domain, table.window, table.logWeight.desc()),
  ],
);

/** The same by what visitors told of themselves: `ageBand:…`, `region:…`, `language:…`. */
export const segmentTrend = pgTable(
  'segment_trend',
  {
    domain: text().notNull(),
    segment: text().notNull(),
    item: text().notNull(),
    logWeight: doublePrecision('log_weight').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.domain, table.segment, table.item] }),
    index('segment_trend_order').on(table.domain, table.segment, table.logWeight.desc()),
  ],
);

/** How often items were shown and then clicked, one voice a visitor and day. */
export const audience = pgTable(
  'audience',
  {
    domain: text().notNull(),
    item: text().notNull(),
    impressions: integer().notNull(),
    clicks: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.domain, table.item] })],
);

/** What a visitor thinks of an item, the latest word of it; the history from which the API recommends. */
export const opinion = pgTable(
  'opinion',
  {
    visitor: ofVisitor(),
    domain: text().notNull(),
    item: text().notNull(),
    /** 1 liked, -1 disliked, 0 not interested or taken back. */
    value: smallint().notNull(),
    /** Never to be shown: disliked, or not interested. */
    hidden: boolean().notNull(),
    saved: boolean().notNull().default(false),
    at: instant('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.visitor, table.domain, table.item] })],
);

/** Under which variant of an experiment a visitor was shown a list. */
export const exposure = pgTable(
  'exposure',
  {
    visitor: ofVisitor(),
    experiment: text().notNull(),
    list: uuid().notNull(),
    variant: text().notNull(),
    at: instant('at').notNull(),
    /** Mean pairwise dissimilarity of its items, 0 … 1. */
    diversity: doublePrecision(),
  },
  (table) => [primaryKey({ columns: [table.visitor, table.experiment, table.list] })],
);

/** Items published since the catalogs were built. A change takes the next revision, a withdrawal too. */
export const newItem = pgTable(
  'new_item',
  {
    domain: text().notNull(),
    id: text().notNull(),
    revision: integer().notNull(),
    item: jsonb().$type<NewItem>().notNull(),
    publishedAt: instant('published_at').notNull().defaultNow(),
    withdrawn: boolean().notNull().default(false),
  },
  (table) => [
    primaryKey({ columns: [table.domain, table.id] }),
    index('new_item_revision').on(table.domain, table.revision),
  ],
);

/** In which domains a visitor lets followers see likes. */
export const sharing = pgTable('sharing', { visitor: ofVisitor(), domain: text().notNull() }, (table) => [
  primaryKey({ columns: [table.visitor, table.domain] }),
]);

/** The likes shared, as the visitor's device gave them. */
export const sharedLike = pgTable(
  'shared_like',
  { visitor: ofVisitor(), domain: text().notNull(), item: text().notNull(), at: instant('at').notNull() },
  (table) => [primaryKey({ columns: [table.visitor, table.domain, table.item] })],
);

export const follow = pgTable(
  'follow',
  {
    follower: uuid()
      .notNull()
      .references(() => visitor.id, { onDelete: 'cascade' }),
    followed: uuid()
      .notNull()
      .references(() => visitor.id, { onDelete: 'cascade' }),
    at: instant('at').notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.follower, table.followed] }), index('follow_followed').on(table.followed)],
);

export const block = pgTable(
  'block',
  {
    blocker: uuid()
      .notNull()
      .references(() => visitor.id, { onDelete: 'cascade' }),
    blocked: uuid()
      .notNull()
      .references(() => visitor.id, { onDelete: 'cascade' }),
  },
  (table) => [primaryKey({ columns: [table.blocker, table.blocked] })],
);
