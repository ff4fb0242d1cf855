-- The ledger's tables. Applied by ledger.migrate(), or as it is by your own migration tool.

create schema if not exists usage_ledger;

create table usage_ledger.migrations (
  number integer primary key,
  -- The lowest migration that a worker must know to work on this schema.
  requires integer not null,
  applied_at timestamptz not null default now()
);

-- One row per shop: what Shopify last reported, what stands in the way, and which worker has claimed it.
create table usage_ledger.shops (
  shop text primary key,
  state text not null default 'ready' check (
    state in (
      'ready', 'capped', 'noPlan', 'testPlan', 'frozen', 'unavailable', 'tokenRefused',
      'accessDenied', 'billingNotAllowed'
    )
  ),
  reason text,
  -- When the shop is due again even if nothing is recorded.
  look_at timestamptz,
  -- Failures in a row that are worth retrying.
  failures integer not null default 0,
  -- Keeps workers from doing the same work twice. Correctness does not depend on it.
  claimed_by text,
  claimed_until timestamptz,
  line_item text,
  currency text,
  test boolean,
  period_start timestamptz,
  period_end timestamptz,
  capped_amount numeric,
  balance_used numeric,
  looked_at timestamptz
);

create index shops_look_at on usage_ledger.shops (look_at);

-- One row per shop, meter and currency: what rounding down carries to the next charge.
create table usage_ledger.accounts (
  shop text not null,
  meter text not null,
  currency text not null,
  carried numeric not null default 0,
  -- Incremented by each sealing: of two workers that seal at once, only one succeeds.
  version bigint not null default 0,
  primary key (shop, meter, currency)
);

create table usage_ledger.charges (
  id bigint generated always as identity primary key,
  -- Sealed: these columns never change. See keep_sealed().
  shop text not null,
  meter text not null,
  currency text not null,
  amount numeric not null check (amount > 0 and amount <> 'NaN' and amount <> 'Infinity'),
  -- The number of decimals that the currency is charged in, 0 or 2.
  decimals smallint not null check (decimals in (0, 2)),
  key text not null unique check (length(key) between 1 and 255),
  description text not null check (btrim(description) <> ''),
  uses bigint not null,
  quantity numeric not null,
  used_from timestamptz not null,
  used_to timestamptz not null,
  -- Whether it contains uses from before the period in which it was sealed.
  late boolean not null,
  -- If sealed from uses: their sum, and what was carried in from and out to other charges.
  uses_amount numeric,
  carried_in numeric,
  carried_out numeric,
  -- If it replaces a refused charge: that one, and which part of it.
  replaces bigint references usage_ledger.charges,
  part text check (part in ('fit', 'rest', 'again')),
  sealed_at timestamptz not null,

  state text not null default 'sealed' check (
    state in ('sealed', 'sent', 'charged', 'parked', 'refused', 'replaced', 'waived')
  ),
  reason text,
  message text,
  -- How often a worker set out to send it, and how many of these sendings have no known result.
  sends integer not null default 0,
  open_sends integer not null default 0,
  first_sent_at timestamptz,
  last_sent_at timestamptz,
  -- The line items that it was sent to, latest last.
  sent_to text[] not null default '{}',
  parked_until timestamptz,
  record_id text unique,
  record_created_at timestamptz,
  settled_at timestamptz,
  reconciled_at timestamptz,

  check (amount = trunc(amount, decimals)),
  check (open_sends between 0 and sends),
  check (state <> 'sealed' or sends = 0),
  check ((state = 'charged') = (record_id is not null)),
  -- To the last digit: what comes in is what is charged plus what is carried out.
  check (
    case
      when replaces is null
      then carried_in + uses_amount = amount + carried_out and part is null
      else uses_amount is null and part is not null
    end is true
  ),
  unique (replaces, part)
);

create index charges_unsettled on usage_ledger.charges (shop, id)
where state in ('sealed', 'sent', 'parked', 'refused');
create index charges_by_record on usage_ledger.charges (shop, record_created_at)
where state = 'charged';

-- One row per use, unique by shop, meter and id.
create table usage_ledger.uses (
  shop text not null,
  meter text not null,
  id text not null,
  seq bigint generated always as identity,
  quantity numeric not null default 1,
  price numeric not null check (price <> 'NaN' and abs(price) <> 'Infinity'),
  currency text not null,
  used_at timestamptz not null default now(),
  recorded_at timestamptz not null default now(),
  -- The charge that it was sealed into. charges.replaces leads to the replacements.
  charge bigint references usage_ledger.charges,
  primary key (shop, meter, id)
);

create index uses_open on usage_ledger.uses (shop, meter, currency, recorded_at)
where charge is null;
create index uses_by_charge on usage_ledger.uses (charge)
where charge is not null;

-- What remains of deleted uses, so that recording one again does not count.
create table usage_ledger.forgotten_uses (
  digest bytea primary key,
  forgotten_at timestamptz not null
);

-- What remains of a deleted use.
create function usage_ledger.use_digest(shop text, meter text, id text) returns bytea
language sql immutable as $digest$
  select substring(sha256(convert_to(shop || E'\n' || meter || E'\n' || id, 'UTF8')) for 16)
$digest$;

-- Records uses given as a JSON array. Returns how many are new, and how many differ in price from what was
-- recorded before. A procedure, because its statements are planned once per connection, and the call not at
-- all: as a plain statement it took four times as long as a bare insert.
create procedure usage_ledger.record(
  given json, inout recorded integer default null, inout differing integer default null
)
language plpgsql as $record$
begin
  insert into usage_ledger.uses
    (shop, meter, id, quantity, price, currency, used_at, recorded_at)
  select u.shop, u.meter, u.id, u.quantity, coalesce(u.price, u.quantity * u.unit_price),
    u.currency, coalesce(u.used_at, u.now, now()), coalesce(u.now, now())
  from json_to_recordset(given) as u(
    shop text, meter text, id text, quantity numeric, price numeric, unit_price numeric,
    currency text, used_at timestamptz, now timestamptz)
  where not exists (
    select from usage_ledger.forgotten_uses f
    where f.digest = usage_ledger.use_digest(u.shop, u.meter, u.id)
  )
  on conflict (shop, meter, id) do nothing;
  get diagnostics recorded = row_count;
  differing := 0;
  if recorded < json_array_length(given) then
    select count(*) into differing
    from json_to_recordset(given) as g(
      shop text, meter text, id text, quantity numeric, price numeric, unit_price numeric,
      currency text)
    join usage_ledger.uses u on u.shop = g.shop and u.meter = g.meter and u.id = g.id
    where u.price <> coalesce(g.price, g.quantity * g.unit_price) or u.currency <> g.currency;
  end if;
end
$record$;

-- What is sealed never changes, and a charge that has ended stays so.
create function usage_ledger.keep_sealed() returns trigger language plpgsql as $keep$
begin
  if tg_op = 'DELETE' then
    raise exception 'usage_ledger.charges: a charge is never deleted (id %)', old.id;
  end if;
  if (new.shop, new.meter, new.currency, new.amount, new.decimals, new.key, new.description,
      new.uses, new.quantity, new.used_from, new.used_to, new.late, new.uses_amount,
      new.carried_in, new.carried_out, new.replaces, new.part, new.sealed_at)
    is distinct from
     (old.shop, old.meter, old.currency, old.amount, old.decimals, old.key, old.description,
      old.uses, old.quantity, old.used_from, old.used_to, old.late, old.uses_amount,
      old.carried_in, old.carried_out, old.replaces, old.part, old.sealed_at)
  then
    raise exception 'usage_ledger.charges: what is sealed never changes (id %)', old.id;
  end if;
  if old.state in ('charged', 'replaced', 'waived') and new.state <> old.state then
    raise exception 'usage_ledger.charges: a % charge stays so (id %)', old.state, old.id;
  end if;
  return new;
end
$keep$;

create trigger keep_sealed before update or delete on usage_ledger.charges
for each row execute function usage_ledger.keep_sealed();

-- The charges that replace another one add up to it.
create function usage_ledger.keep_replaced() returns trigger language plpgsql as $keep$
declare
  replaced usage_ledger.charges;
begin
  select * into replaced from usage_ledger.charges where id = coalesce(new.replaces, new.id);
  if replaced.state <> 'replaced'
    or replaced.amount is distinct from
      (select sum(amount) from usage_ledger.charges where replaces = replaced.id)
  then
    raise exception 'usage_ledger.charges: the replacements of % do not add up to it', replaced.id;
  end if;
  return null;
end
$keep$;

create trigger keep_replaced_insert after insert on usage_ledger.charges
for each row when (new.replaces is not null) execute function usage_ledger.keep_replaced();
create trigger keep_replaced_update after update on usage_ledger.charges
for each row when (new.state = 'replaced' and old.state <> 'replaced')
execute function usage_ledger.keep_replaced();

-- The sums of each account. difference is always 0: recorded = sealed + open.
create view usage_ledger.books as
select
  shop, meter, currency,
  sum(recorded) as recorded,
  sum(open) as open,
  sum(sealed) as sealed,
  sum(charged) as charged,
  sum(parked) as parked,
  sum(recorded) - sum(sealed) - sum(open) as difference
from (
  select shop, meter, currency, sum(price) as recorded, sum(price) as open,
    0 as sealed, 0 as charged, 0 as parked
  from usage_ledger.uses where charge is null group by shop, meter, currency
  union all
  select shop, meter, currency, 0, carried, 0, 0, 0 from usage_ledger.accounts
  union all
  select shop, meter, currency, coalesce(sum(uses_amount), 0), 0,
    coalesce(sum(amount) filter (where state <> 'replaced'), 0),
    coalesce(sum(amount) filter (where state = 'charged'), 0),
    coalesce(sum(amount) filter (where state = 'parked'), 0)
  from usage_ledger.charges group by shop, meter, currency
) parts
group by shop, meter, currency;

insert into usage_ledger.migrations (number, requires) values (1, 1);
