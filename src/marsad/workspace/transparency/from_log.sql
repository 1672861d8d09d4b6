-- The figures of a transparency report, counted from the exported log with SQLite 3.38 or later,
-- by other means than the program that wrote the report.
--
--   sqlite3 check.db
--   .mode ascii
--   .separator "\x1f" "\n"
--   create table lines(line text);
--   .import log.ndjson lines
--   create table span(first integer, until integer);   -- µs UTC: from first on, before until
--   insert into span values (1767225600000000, 1798761600000000);
--   .read from_log.sql
--
-- `marsad transparency check` does the same and compares. Columns: figure, of, count; of figures
-- that are fractions n, of lengths of time n, median and p95 in µs, and all of them as JSON. The median is the mean of the
-- two in the middle, rounded down; p95 is the smallest value that 95 % are not above.

with entries as materialized (
    select json_extract(line, '$.seq') as seq, json(json_extract(line, '$.body')) as body
    from lines where json_extract(line, '$.seq') is not null
),
log as materialized (
    select seq, json_extract(body, '$.at') as at, json_extract(body, '$.kind') as kind,
           json_extract(body, '$.case') as case_id, json_extract(body, '$.data') as data
    from entries
),
ordered as materialized (  -- from which entry on an order is about a case
    select case_id, min(seq) as since from log
    where kind = 'order-item' or kind = 'opened' and json_extract(data, '$.route') = 'order'
    group by case_id
),
every_case as materialized (
    select case_id, seq, at as opened_at, json_extract(data, '$.kind') as kind,
           json_extract(data, '$.platform') as platform,
           coalesce(json_extract(data, '$.route'), 'signal') as route, since
    from log left join ordered using (case_id)
    where kind = 'opened' and json_extract(data, '$.copy_of') is null
),
cases as materialized (
    select * from every_case where route <> 'order'
),
plain as materialized (  -- what happened in cases before an order was about them
    select log.* from log join cases using (case_id) where since is null or log.seq < since
),
openings as materialized (
    select plain.case_id, plain.seq, plain.at, plain.kind, value as signal
    from plain, json_each(plain.data, '$.opening')
    where plain.kind in ('opened', 'found', 'reopened') and value <> 'notice'
),
signals as materialized (
    select case_id, signal, min(seq) as since from openings group by case_id, signal
),
decided as materialized (
    select plain.seq, plain.at, plain.case_id, cases.kind, platform, route,
           json_extract(data, '$.outcome') as outcome, json_extract(data, '$.policy') as policy,
           json_extract(data, '$.exemption') as exemption,
           coalesce(json_extract(data, '$.language'), 'unknown') as language,
           json_extract(data, '$.outcome')
               in ('return', 'warn', 'reduce', 'hide', 'remove', 'suspend') as against,
           max(plain.at - (select at from plain as began
                         where began.case_id = plain.case_id and began.seq < plain.seq
                           and began.kind in ('opened', 'reopened')
                         order by began.seq desc limit 1), 0) as took,
           coalesce((select next.kind = 'overturned' from plain as next
                     where next.case_id = plain.case_id and next.seq > plain.seq
                       and next.kind in ('overturned', 'reopened', 'decided')
                     order by next.seq limit 1), 0) as overturned
    from plain join cases using (case_id), span
    where plain.kind = 'decided' and plain.at >= span.first and plain.at < span.until
),
found_by as materialized (
    select decided.*, signal from decided
    join signals on signals.case_id = decided.case_id and signals.since < decided.seq
),
proposed as materialized (
    select seq, at, case_id,
           case when json_extract(data, '$.undoes') is null
                then 'act:' || json_extract(data, '$.act') else 'undo' end as of
    from plain where kind = 'action-proposed'
),
steps as materialized (
    select log.kind as figure, proposed.of, max(log.at - proposed.at, 0) as took
    from log join proposed on proposed.seq = json_extract(log.data, '$.action'), span
    where log.kind in ('action-confirmed', 'action-failed')
      and log.at >= span.first and log.at < span.until
),
notices as materialized (
    select log.seq, log.at, log.case_id, log.data,
           json_extract(data, '$.standing') is null and json_extract(data, '$.repeats') is null
               and not json_extract(data, '$.set_aside') as waits
    from log left join every_case as cases using (case_id), span
    where log.kind = 'notice-received' and log.at >= span.first and log.at < span.until
      and (log.case_id is null or cases.case_id is not null)
),
answered as materialized (
    select notices.at, min(log.seq) as decided from notices
    join plain as log on log.case_id = notices.case_id and log.seq > notices.seq
        and log.kind = 'decided'
    where waits group by notices.seq
),
appeals as materialized (
    select seq, at, data from plain where kind = 'appeal-made'
),
rulings as materialized (
    select plain.at, json_extract(plain.data, '$.outcome') as outcome,
           max(plain.at - appeals.at, 0) as took
    from plain join appeals on appeals.seq = json_extract(plain.data, '$.appeal'), span
    where plain.kind = 'appeal-decided' and plain.at >= span.first and plain.at < span.until
),
said as materialized (
    select json_extract(data, '$.step') as step, json_extract(data, '$.decision') as decision, since
    from log join every_case using (case_id), span
    where log.kind = 'statement-made' and log.at >= first and log.at < until
),
statements as materialized (
    select step from said where step <> 'ordered' and (since is null or decision < since)
),
order_cases(figure) as materialized (
    select case log.kind when 'decided' then 'decisions' when 'overturned' then 'taken-back'
                         when 'appeal-made' then 'appeals' when 'action-proposed' then 'asked'
                         when 'appeal-decided' then 'appeals-decided' else log.kind end
    from log join every_case using (case_id), span
    where log.seq >= since and log.at >= first and log.at < until
      and log.kind in ('opened', 'reopened', 'decided', 'overturned', 'appeal-made',
                       'appeal-decided', 'action-proposed')
    union all select 'statements' from said where step <> 'ordered' and decision >= since
),
order_items as materialized (
    select json_extract(asked.data, '$.act') as act
    from log join log as asked on asked.seq = json_extract(log.data, '$.action')
        join every_case on every_case.case_id = asked.case_id, span
    where log.kind = 'action-confirmed' and log.at >= first and log.at < until
      and asked.kind = 'action-ordered' and json_extract(asked.data, '$.undoes') is null
),
orders as materialized (
    select seq, at, data, json_extract(data, '$.received_at') as received_at
    from log where kind = 'order-received'
),
carried_out as materialized (
    select json_extract(log.data, '$.ended_at') as ended_at, orders.received_at,
           coalesce((select json_extract(hour.data, '$.due_at') from log as hour
                     where hour.kind = 'order-cleared' and hour.seq < log.seq
                       and json_extract(hour.data, '$.order') = orders.seq
                     order by hour.seq desc limit 1), json_extract(orders.data, '$.due_at'))
               as due_at
    from log join orders on orders.seq = json_extract(log.data, '$.order'), span
    where log.kind = 'order-confirmed' and log.at >= span.first and log.at < span.until
),
ended as materialized (
    select substr(log.kind, 7) as step, json_extract(data, '$.ground') as ground from log, span
    where log.kind in ('order-stopped', 'order-refused', 'order-withdrawn', 'order-infringing',
                       'order-reinstated')
      and log.at >= span.first and log.at < span.until
),
counted(figure, of) as (
    select 'opened', 'all' from cases, span where opened_at >= first and opened_at < until
    union all select 'opened', 'kind:' || kind from cases, span
        where opened_at >= first and opened_at < until
    union all select 'opened', 'route:' || route from cases, span
        where opened_at >= first and opened_at < until
    union all select 'opened', 'platform:' || platform from cases, span
        where opened_at >= first and opened_at < until
    union all select 'opened', 'signal:' || signal from openings, span
        where kind = 'opened' and at >= first and at < until
    union all select 'reopened', 'all' from plain, span
        where kind = 'reopened' and at >= first and at < until
    union all select 'reopened', 'signal:' || signal
        from plain join signals on signals.case_id = plain.case_id and since <= plain.seq, span
        where plain.kind = 'reopened' and plain.at >= first and plain.at < until
    union all select 'decisions', 'all' from decided
    union all select 'decisions', 'outcome:' || outcome from decided
    union all select 'decisions', 'policy:' || policy from decided
    union all select 'decisions', 'kind:' || kind from decided
    union all select 'decisions', 'route:' || route from decided
    union all select 'decisions', 'platform:' || platform from decided
    union all select 'decisions', 'language:' || language from decided
    union all select 'decisions', 'exemption:' || exemption from decided where exemption is not null
    union all select 'decisions', 'signal:' || signal from found_by
    union all select 'taken-back', 'all' from plain, span
        where kind = 'overturned' and at >= first and at < until
    union all select 'taken-back', 'outcome:' || coalesce(json_extract(data, '$.outcome'), 'unknown')
        from plain, span
        where kind = 'overturned' and at >= first and at < until
    union all select 'asked', of from proposed, span where at >= first and at < until
    union all select 'confirmed', of from steps where figure = 'action-confirmed'
    union all select 'failed', of from steps where figure = 'action-failed'
    union all select 'notices', 'all' from notices
    union all select 'notices', 'channel:' || json_extract(data, '$.channel') from notices
    union all select 'notices', 'ground:' || json_extract(data, '$.ground') from notices
    union all select 'notices', value from notices,
        json_each('["anonymous", "state_body", "set_aside"]')
        where json_extract(data, '$.' || value)
    union all select 'reporters', 'measure:' || substr(kind, 10) from log, span
        where kind in ('reporter-warned', 'reporter-suspended', 'reporter-restored')
          and at >= first and at < until
    union all select 'appeals', 'all' from appeals, span where at >= first and at < until
    union all select 'appeals', 'about:' ||
        iif(coalesce(json_extract(data, '$.notice'), 0) = 0, 'decision', 'notice')
        from appeals, span where at >= first and at < until
    union all select 'appeals-decided', 'all' from rulings
    union all select 'appeals-decided', 'result:' || outcome from rulings
    union all select 'statements', 'all' from statements
    union all select 'statements', 'step:' || step from statements
    union all select 'order-texts', 'all' from said
        where step = 'ordered' and decision not in (select seq from log where kind = 'order-lifted')
    union all select 'order-cases', 'figure:' || figure from order_cases
    union all select 'order-items', 'all' from order_items
    union all select 'order-items', 'act:' || act from order_items
    union all select 'orders', 'all' from orders, span where at >= first and at < until
    union all select 'orders', 'issuer:' || json_extract(data, '$.issuer_state')
        from orders, span where at >= first and at < until
    union all select 'orders', 'emergency' from orders, span
        where at >= first and at < until and json_extract(data, '$.emergency')
    union all select 'orders-ended', 'state:' || step from ended
    union all select 'orders-ended', 'state:' || step || ':' || ground from ended
        where ground is not null
),
tried(figure, of, hit) as (
    select 'found-right', 'signal:' || signal, against from found_by where route = 'signal'
    union all select 'overturned', 'all', overturned from decided where against
    union all select 'overturned', 'signal:' || signal, overturned from found_by where against
    union all select 'notices-right', 'all', json_extract(data, '$.outcome')
               in ('return', 'warn', 'reduce', 'hide', 'remove', 'suspend')
        from answered join log on log.seq = answered.decided
    union all select 'orders-in-time', 'all', ended_at <= due_at from carried_out
),
timed(figure, of, took) as (
    select 'opened-to-decided', 'all', took from decided
    union all select 'opened-to-decided', 'route:' || route, took from decided
    union all select 'asked-to-confirmed', of, took from steps where figure = 'action-confirmed'
    union all select 'notice-to-decided', 'all', max(log.at - answered.at, 0)
        from answered join log on log.seq = answered.decided
    union all select 'appeal-to-decided', 'all', took from rulings
    union all select 'order-to-confirmed', 'all', max(ended_at - received_at, 0) from carried_out
),
ranked as (
    select figure, of, took, row_number() over (partition by figure, of order by took) as place,
           count(*) over (partition by figure, of) as n
    from timed
)
select figure, of, count(*) as count, null as n, null as median, null as p95, null as times
from counted group by figure, of
union all
select figure, of, sum(hit), count(*), null, null, null from tried group by figure, of
union all
select figure, of, null, n,
       sum(took) filter (where place in ((n + 1) / 2, n / 2 + 1))
           / count(*) filter (where place in ((n + 1) / 2, n / 2 + 1)),
       min(took) filter (where place >= (n * 95 + 99) / 100), json_group_array(took)
from ranked group by figure, of
order by figure, of;
