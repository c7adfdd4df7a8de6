-- The ledger: gapless, hash-chained, append-only. The format is specified in docs/ledger.md.

insert into ledger_head (is_only, seq, hash)
values (true, 0, decode(repeat('00', 32), 'hex'));
--> statement-breakpoint

-- One length-prefixed field: four bytes of length, big-endian, then the bytes. A null is an empty field.
create function ledger_field(p_bytes bytea)
returns bytea
language sql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
  select int4send(octet_length(coalesce(p_bytes, ''::bytea))) || coalesce(p_bytes, ''::bytea);
$$;
--> statement-breakpoint

-- The bytes of an entry that are hashed after the previous entry's hash.
create function ledger_canonical(
  p_seq bigint,
  p_at timestamptz,
  p_kind text,
  p_pseudonym uuid,
  p_subject uuid,
  p_amount_micros bigint,
  p_details bytea
)
returns bytea
language sql
stable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
  select public.ledger_field('spell-ledger-1'::bytea)
    || public.ledger_field(int8send(p_seq))
    || public.ledger_field(int8send((extract(epoch from p_at) * 1000000)::bigint))
    || public.ledger_field(convert_to(p_kind, 'UTF8'))
    || public.ledger_field(uuid_send(p_pseudonym))
    || public.ledger_field(uuid_send(p_subject))
    || public.ledger_field(int8send(p_amount_micros))
    || public.ledger_field(p_details);
$$;
--> statement-breakpoint

-- Appends entries in the order given and returns the first one's number. The only writer of the ledger: it runs as
-- the owner, and the application's role may execute it and nothing else. Call it last before the commit, because
-- the lock on the head makes every other append wait for this transaction.
create function ledger_append(
  p_at timestamptz,
  p_kinds text[],
  p_pseudonyms uuid[],
  p_subjects uuid[],
  p_amounts_micros bigint[],
  p_details bytea[]
)
returns bigint
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  first_seq bigint;
  last_seq bigint;
  last_hash bytea;
begin
  -- Lock: one append at a time, so that numbers have no gap and each hash follows the one before.
  select h.seq, h.hash
    into strict last_seq, last_hash
    from public.ledger_head h
     for no key update;
  first_seq := last_seq + 1;

  for i in 1 .. cardinality(p_kinds) loop
    last_seq := last_seq + 1;
    last_hash := sha256(last_hash || public.ledger_canonical(
      last_seq, p_at, p_kinds[i], p_pseudonyms[i], p_subjects[i], p_amounts_micros[i], p_details[i]
    ));
    insert into public.ledger_entries (seq, at, kind, pseudonym, subject, amount_micros, details, hash)
    values (last_seq, p_at, p_kinds[i], p_pseudonyms[i], p_subjects[i], p_amounts_micros[i], p_details[i], last_hash);
  end loop;

  update public.ledger_head
     set seq = last_seq,
         hash = last_hash;
  return first_seq;
end;
$$;
--> statement-breakpoint

-- Holds for every role, the owner's too: history is not edited by mistake either.
create function ledger_refuse_change()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  raise exception 'the ledger is append-only: % on % refused', tg_op, tg_table_name
    using errcode = 'insufficient_privilege';
end;
$$;
--> statement-breakpoint

create trigger ledger_entries_append_only
before update or delete or truncate on ledger_entries
for each statement execute function ledger_refuse_change();
--> statement-breakpoint

create trigger ledger_head_stays
before insert or delete or truncate on ledger_head
for each statement execute function ledger_refuse_change();
