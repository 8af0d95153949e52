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

/** Times are this server's own where they matter: the clocks of devices may be wrong. */
const instant = (name: string) => timestamp(name, { withTimezone: true });

/** Values that instances on one database must agree on, such as the key that signs cookies. */
export const setting = pgTable('setting', { name: text().primaryKey(), value: text().notNull() });

/** A visitor with a cookie, or a user of the API, whose id a developer chose. */
export const VISITOR_KINDS = ['visitor', 'api'] as const;
export type VisitorKind = (typeof VISITOR_KINDS)[number];

/**
 * Visitors who consented, by a random id, and users of the API, by an id derived from the developer's. All stored
 * data of a person references this row and is deleted with it.
 */
export const visitor = pgTable(
  'visitor',
  {
    id: uuid().primaryKey(),
    /**
     * Computed from the id, so that the two cannot disagree, also while instances of the version before still write:
     * ids of API users are UUIDs of version 8, those of visitors of version 4 (`visitors/identity.ts`).
     */
    kind: text()
      .$type<VisitorKind>()
      .notNull()
      .generatedAlwaysAs(sql`case substr(id::text, 15, 1) when '8' then 'api' else 'visitor' end`),
    createdAt: instant('created_at').notNull().defaultNow(),
    seenAt: instant('seen_at').notNull().defaultNow(),
    /** The profile that visitors may fill in, each field optional. */
    ageBand: text('age_band'),
    region: text(),
    language: text(),
    /** The name that friends see; null until the visitor chooses one. */
    name: text(),
    /** The code by which others follow; null until the visitor requests one. */
    friendCode: text('friend_code').unique(),
  },
  (table) => [index('visitor_api').on(table.id).where(sql`${table.kind} = 'api'`)],
);

const ofVisitor = () =>
  uuid('visitor')
    .notNull()
    .references(() => visitor.id, { onDelete: 'cascade' });

/** Events of visitors, each once: the sender chooses the id, so that sending an event again changes nothing. */
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
    /** The list that showed the item, and the item's place in it. */
    list: uuid(),
    slot: smallint(),
    /** The signal or strategy that proposed the item. */
    source: text(),
    /** `experiment:variant` of the experiments in force. */
    variant: text(),
  },
  (table) => [
    primaryKey({ columns: [table.visitor, table.id] }),
    index('event_received').on(table.receivedAt),
    index('event_variant').on(table.variant).where(sql`${table.variant} is not null`),
  ],
);

/**
 * A visitor's one vote for an item on a day: its weight is the maximum over the visitor's events, not the sum. The
 * `was…` columns are the values before the last change, so that one statement can both change a vote and return the
 * difference.
 */
export const dailyVote = pgTable(
  'daily_vote',
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
    index('daily_vote_day').on(table.day),
  ],
);

/**
 * Weights by forward decay (Cormode et al., 2009): each daily vote adds 2^(t / half-life) times its weight, with t
 * measured from a fixed moment, so that no row changes as time passes and the order stays. Stored as logarithms,
 * since those powers exceed every number type.
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

/** {@link trend} by segments of the visitors' profiles: `age:…`, `region:…`, `language:…`. */
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

/** How often items were shown and then clicked, at most once per visitor and day. */
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

/** A visitor's latest opinion of an item: the history from which the API recommends. */
export const opinion = pgTable(
  'opinion',
  {
    visitor: ofVisitor(),
    domain: text().notNull(),
    item: text().notNull(),
    /** 1 liked, -1 disliked, 0 not interested or taken back. */
    value: smallint().notNull(),
    /** Never shown again: disliked, or not interested. */
    hidden: boolean().notNull(),
    saved: boolean().notNull().default(false),
    at: instant('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.visitor, table.domain, table.item] })],
);

/** The variant of an experiment under which a visitor was shown a list. */
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

/** Items published since the catalogs were built. Every change takes the next revision, a withdrawal too. */
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

/** Domains in which a visitor shares likes with followers. */
export const sharing = pgTable('sharing', { visitor: ofVisitor(), domain: text().notNull() }, (table) => [
  primaryKey({ columns: [table.visitor, table.domain] }),
]);

/** The likes that a visitor shares, as sent by their device. */
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
