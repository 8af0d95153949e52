-- Writes events and all that is counted from them, each event once however often it is sent: one statement, whose plan the session keeps.
-- Its parts run one after another where one reads another; rows that writers share are touched in the order of their keys,
-- so that none waits for another in a circle. Events of visitors who are not known, or not any more, are passed over.
-- Rates, weights and days are what the caller says (lib/server/events/write.ts). Returns the places of the events that were not kept before.
create function write_events(
  -- [{visitor, id, place, domain, item, kind, at, list, slot, source, variant, diversity}]; `at` in milliseconds, each id of a visitor once, each place once.
  events jsonb,
  -- What the kinds are: [{kind, weight, value, hidden}]; value and hidden null for what says nothing of how good an item is.
  kinds jsonb,
  -- How fast weights halve: [{domain, among, half_life}] in milliseconds; `among` is a window, or null for what visitors told of themselves.
  paces jsonb,
  -- By the server's clock, in milliseconds.
  now float8,
  -- The moment from which forward decay counts, in milliseconds.
  landmark float8
) returns int[]
language plpgsql as $$
#variable_conflict use_column
declare
  -- Of the day on which it is heard: whoever dates events back has no more voices for it.
  today constant int := floor(now / 86400000);
  places int[];
begin
  with given as materialized (
    select * from jsonb_to_recordset(write_events.events) as given (
      visitor uuid, id uuid, place int, domain text, item text, kind text, at float8,
      list uuid, slot int, source text, variant text, diversity float8
    )
  ), meaning as materialized (
    select * from jsonb_to_recordset(write_events.kinds) as meaning (kind text, weight real, value int, hidden boolean)
  ), pace as materialized (
    select * from jsonb_to_recordset(write_events.paces) as pace (domain text, among text, half_life float8)
  ), known as materialized (
    -- An erasure waits until this is through, or has come first and leaves nobody to write for.
    select id, age_band, region, language from visitor
    where id in (select visitor from given) order by id for key share
  ), kept as materialized (
    insert into event (visitor, id, domain, item, kind, at, list, slot, source, variant)
    select visitor, id, domain, item, kind, to_timestamp(at / 1000), list, slot, source, variant
    from given where visitor in (select id from known) order by visitor, id
    on conflict do nothing returning visitor, id
  ), fresh as materialized (
    select given.*, weight, value, hidden from kept join given using (visitor, id) join meaning using (kind)
  ), opinions as (
    -- The latest word on each item; a word that comes late does not undo a later one. To save an item is no word on it, and dated
    -- before any.
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
    -- Under which variants lists were shown, each list once: one that nobody saw tells nothing of them.
    insert into exposure (visitor, experiment, variant, at, list, diversity)
    select visitor, split_part(name, ':', 1), split_part(name, ':', 2), to_timestamp(at / 1000), list, diversity
    from fresh cross join unnest(string_to_array(variant, ',')) as name
    where kind = 'impression' and list is not null
    order by split_part(name, ':', 1), visitor, list
    on conflict do nothing
  ), voices as materialized (
    -- One voice a visitor, item and day: it counts for the most that was done, and for one impression and one click.
    -- Whoever opens, follows or likes what was shown has answered to it.
    select visitor, domain, item, max(weight) as weight, max(at) as at,
      max((kind = 'impression')::int) as impressed, max((weight > 0)::int) as clicked
    from fresh group by visitor, domain, item
  ), raised as (
    insert into voice as held (visitor, domain, item, day, weight, impressed, clicked)
    select visitor, domain, item, today, weight, impressed, clicked from voices order by visitor, domain, item
    on conflict (visitor, domain, item, day) do update set
      was_weight = held.weight, weight = greatest(held.weight, excluded.weight),
      was_impressed = held.impressed, impressed = greatest(held.impressed, excluded.impressed),
      was_clicked = held.clicked, clicked = greatest(held.clicked, excluded.clicked)
    returning visitor, domain, item, weight - was_weight as weight,
      impressed - was_impressed as impressions, clicked - was_clicked as clicks
  ), gains as materialized (
    select raised.*, at from raised join voices using (visitor, domain, item)
    where raised.weight > 0 or impressions > 0 or clicks > 0
  ), trends as (
    -- As decayed until now, and from now on as lib/server/trends/decay.ts has it; 2^-1000 is the least that has a number of its own.
    insert into trend as held (domain, window_name, item, log_weight)
    select domain, among, item,
      ln(sum(weight * power(2, greatest((at - now) / half_life, -1000)))) / ln(2) + max((now - landmark) / half_life)
    from gains join pace using (domain) where weight > 0 and among is not null
    group by domain, among, item order by domain, among, item
    on conflict (domain, window_name, item) do update set log_weight =
      greatest(held.log_weight, excluded.log_weight)
        + ln(1 + power(2, -least(abs(held.log_weight - excluded.log_weight), 1000))) / ln(2)
  ), segments as (
    insert into segment_trend as held (domain, segment, item, log_weight)
    select domain, name || ':' || told, item,
      ln(sum(weight * power(2, greatest((at - now) / half_life, -1000)))) / ln(2) + max((now - landmark) / half_life)
    from gains join pace using (domain) join known on known.id = visitor
      cross join lateral (values ('age', age_band), ('region', region), ('language', language)) as segment (name, told)
    where weight > 0 and among is null and told is not null
    group by domain, name || ':' || told, item order by domain, name || ':' || told, item
    on conflict (domain, segment, item) do update set log_weight =
      greatest(held.log_weight, excluded.log_weight)
        + ln(1 + power(2, -least(abs(held.log_weight - excluded.log_weight), 1000))) / ln(2)
  ), audiences as (
    -- What was shown, and what of it was answered to.
    insert into audience as held (domain, item, impressions, clicks)
    select domain, item, sum(impressions), sum(clicks) from gains
    where impressions > 0 or clicks > 0
    group by domain, item order by domain, item
    on conflict (domain, item) do update set
      impressions = held.impressions + excluded.impressions, clicks = held.clicks + excluded.clicks
  )
  select array_agg(place) from fresh into places;
  return coalesce(places, '{}');
end
$$;
