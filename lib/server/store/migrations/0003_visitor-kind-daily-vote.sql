-- The kind of a visitor as a column: until now queries read it off the id's version digit.
ALTER TABLE "visitor" ADD COLUMN "kind" text GENERATED ALWAYS AS (case substr(id::text, 15, 1) when '8' then 'api' else 'visitor' end) STORED NOT NULL;--> statement-breakpoint
CREATE INDEX "visitor_api" ON "visitor" USING btree ("id") WHERE "visitor"."kind" = 'api';--> statement-breakpoint
-- `voice` becomes `daily_vote`. Constraints and index are renamed, not rebuilt.
ALTER TABLE "voice" RENAME TO "daily_vote";--> statement-breakpoint
ALTER TABLE "daily_vote" RENAME CONSTRAINT "voice_visitor_visitor_id_fk" TO "daily_vote_visitor_visitor_id_fk";--> statement-breakpoint
ALTER TABLE "daily_vote" RENAME CONSTRAINT "voice_visitor_domain_item_day_pk" TO "daily_vote_visitor_domain_item_day_pk";--> statement-breakpoint
ALTER INDEX "voice_day" RENAME TO "daily_vote_day";--> statement-breakpoint
-- The function of migration 0001, which names the table; it does the same as before.
--
-- Writes events and everything that is counted from them, each event once however often it is sent, in one statement
-- whose plan the session caches. Its parts run one after another where one reads another. Rows that several writers
-- touch are written in the order of their keys, so that writers cannot deadlock. Events of visitors without a row are
-- skipped. Rates, weights and kinds come from the caller (lib/server/events/write.ts). Returns the places of the
-- events that were new.
create or replace function write_events(
  -- [{visitor, id, place, domain, item, kind, at, list, slot, source, variant, diversity}]; `at` in milliseconds.
  -- No id occurs twice for a visitor, and no place twice.
  events jsonb,
  -- The kinds of events: [{kind, weight, value, hidden}]; value and hidden are null for kinds that express no
  -- opinion.
  kinds jsonb,
  -- Half-lives: [{domain, among, half_life}] in milliseconds; `among` is a window, or null for the segments of
  -- profiles.
  paces jsonb,
  -- By the server's clock, in milliseconds.
  now float8,
  -- The origin of forward decay, in milliseconds.
  landmark float8
) returns int[]
language plpgsql as $$
#variable_conflict use_column
declare
  -- The day of receipt, not of the event: backdating events gives a visitor no further votes.
  today constant int := floor(now / 86400000);
  places int[];
begin
  with input as materialized (
    select * from jsonb_to_recordset(write_events.events) as input (
      visitor uuid, id uuid, place int, domain text, item text, kind text, at float8,
      list uuid, slot int, source text, variant text, diversity float8
    )
  ), meaning as materialized (
    select * from jsonb_to_recordset(write_events.kinds) as meaning (kind text, weight real, value int, hidden boolean)
  ), pace as materialized (
    select * from jsonb_to_recordset(write_events.paces) as pace (domain text, among text, half_life float8)
  ), known as materialized (
    -- An erasure either waits for this statement, or came first and left no row to write for.
    select id, age_band, region, language from visitor
    where id in (select visitor from input) order by id for key share
  ), inserted as materialized (
    insert into event (visitor, id, domain, item, kind, at, list, slot, source, variant)
    select visitor, id, domain, item, kind, to_timestamp(at / 1000), list, slot, source, variant
    from input where visitor in (select id from known) order by visitor, id
    on conflict do nothing returning visitor, id
  ), fresh as materialized (
    select input.*, weight, value, hidden from inserted join input using (visitor, id) join meaning using (kind)
  ), opinions as (
    -- The latest opinion of each item; one that arrives late does not replace a later one. Saving an item is no
    -- opinion, and is dated before any.
    insert into opinion (visitor, domain, item, value, hidden, saved, at)
    select visitor, domain, item,
      coalesce((array_agg(value order by at desc, place desc) filter (where value is not null))[1], 0),
      coalesce((array_agg(hidden order by at desc, place desc) filter (where value is not null))[1], false),
      bool_or(kind = 'save'),
      to_timestamp(coalesce(max(at) filter (where value is not null), 0) / 1000)
    from fresh where value is not null or kind = 'save'
    group by visitor, domain, item order by visitor, domain, item
    on conflict (visitor, domain, item) do update set
      value = case when excluded.at >= opinion.at then excluded.value else opinion.value end,
      hidden = case when excluded.at >= opinion.at then excluded.hidden else opinion.hidden end,
      saved = excluded.saved or opinion.saved,
      at = greatest(excluded.at, opinion.at)
  ), exposures as (
    -- The variants under which lists were shown, each list once. Only lists that were seen count.
    insert into exposure (visitor, experiment, variant, at, list, diversity)
    select visitor, split_part(name, ':', 1), split_part(name, ':', 2), to_timestamp(at / 1000), list, diversity
    from fresh cross join unnest(string_to_array(variant, ',')) as name
    where kind = 'impression' and list is not null
    order by split_part(name, ':', 1), visitor, list
    on conflict do nothing
  ), votes as materialized (
    -- One vote per visitor, item and day, with the highest weight of the events, and at most one impression and one
    -- click. Every event with a weight (open, follow, like, …) counts as the click of an item that was shown.
    select visitor, domain, item, max(weight) as weight, max(at) as at,
      max((kind = 'impression')::int) as impressed, max((weight > 0)::int) as clicked
    from fresh group by visitor, domain, item
  ), raised as (
    insert into daily_vote as stored (visitor, domain, item, day, weight, impressed, clicked)
    select visitor, domain, item, today, weight, impressed, clicked from votes order by visitor, domain, item
    on conflict (visitor, domain, item, day) do update set
      was_weight = stored.weight, weight = greatest(stored.weight, excluded.weight),
      was_impressed = stored.impressed, impressed = greatest(stored.impressed, excluded.impressed),
      was_clicked = stored.clicked, clicked = greatest(stored.clicked, excluded.clicked)
    returning visitor, domain, item, weight - was_weight as weight,
      impressed - was_impressed as impressions, clicked - was_clicked as clicks
  ), gains as materialized (
    select raised.*, at from raised join votes using (visitor, domain, item)
    where raised.weight > 0 or impressions > 0 or clicks > 0
  ), trends as (
    -- Decayed until now here, and from now on as in lib/server/trends/decay.ts. 2^-1000 is near the smallest float8.
    insert into trend as stored (domain, window_name, item, log_weight)
    select domain, among, item,
      ln(sum(weight * power(2, greatest((at - now) / half_life, -1000)))) / ln(2) + max((now - landmark) / half_life)
    from gains join pace using (domain) where weight > 0 and among is not null
    group by domain, among, item order by domain, among, item
    on conflict (domain, window_name, item) do update set log_weight =
      greatest(stored.log_weight, excluded.log_weight)
        + ln(1 + power(2, -least(abs(stored.log_weight - excluded.log_weight), 1000))) / ln(2)
  ), segments as (
    insert into segment_trend as stored (domain, segment, item, log_weight)
    select domain, name || ':' || answer, item,
      ln(sum(weight * power(2, greatest((at - now) / half_life, -1000)))) / ln(2) + max((now - landmark) / half_life)
    from gains join pace using (domain) join known on known.id = visitor
      cross join lateral (values ('age', age_band), ('region', region), ('language', language)) as segment (name, answer)
    where weight > 0 and among is null and answer is not null
    group by domain, name || ':' || answer, item order by domain, name || ':' || answer, item
    on conflict (domain, segment, item) do update set log_weight =
      greatest(stored.log_weight, excluded.log_weight)
        + ln(1 + power(2, -least(abs(stored.log_weight - excluded.log_weight), 1000))) / ln(2)
  ), audiences as (
    -- Impressions, and clicks on what was shown.
    insert into audience as stored (domain, item, impressions, clicks)
    select domain, item, sum(impressions), sum(clicks) from gains
    where impressions > 0 or clicks > 0
    group by domain, item order by domain, item
    on conflict (domain, item) do update set
      impressions = stored.impressions + excluded.impressions, clicks = stored.clicks + excluded.clicks
  )
  select array_agg(place) from fresh into places;
  return coalesce(places, '{}');
end
$$;
