-- One count of requests for all processes, and what a request's credentials may do at this moment.

alter table rate_counts set unlogged;
--> statement-breakpoint

-- Counts one request of a subject and says whether it is over the limit. A subject's minute starts with its first
-- request. A count from a later minute (a clock set back) starts anew instead of refusing until then.
create function count_request(
  p_subject_kind text,
  p_subject bytea,
  p_limit integer,
  p_now timestamptz,
  out is_over boolean,
  out remaining integer,
  out reset_ms integer
)
language plpgsql
volatile
as $$
declare
  counted rate_counts;
begin
  insert into rate_counts as r (subject_kind, subject, window_start, requests)
  values (p_subject_kind, p_subject, p_now, 1)
  on conflict (subject_kind, subject) do update
    set (window_start, requests) = (
      select
        case when is_current then r.window_start else excluded.window_start end,
        case when is_current then least(r.requests, 1000000000) + 1 else 1 end
      from (select r.window_start <= excluded.window_start
               and r.window_start > excluded.window_start - interval '1 minute' as is_current) w
    )
  returning * into counted;

  is_over := counted.requests > p_limit;
  remaining := greatest(p_limit - counted.requests, 0);
  reset_ms := ceil(extract(epoch from counted.window_start + interval '1 minute' - p_now) * 1000)::integer;
end;
$$;
--> statement-breakpoint

-- What a credential may do now: no row when it is revoked, expired or unknown. Exactly one of the key's prefix and
-- the session's digest is given; neither means the platform acts for a house account.
create function credential_state(
  p_account_id uuid,
  p_key_prefix text,
  p_session_digest bytea,
  p_now timestamptz
)
returns table (key_id uuid, scopes text[], key_limit_micros bigint)
language sql
stable
as $$
  select k.id, k.scopes, k.monthly_limit_micros
    from api_key_secrets s
    join api_keys k on k.id = s.key_id
   where s.prefix = p_key_prefix
     and k.account_id = p_account_id
     and k.revoked_at is null
     and (k.expires_at is null or k.expires_at > p_now)
     and (s.expires_at is null or s.expires_at > p_now)
  union all
  select null, array['cast', 'read', 'budgets', 'keys', 'billing', 'spells'], null
    from sessions s
   where s.token_digest = p_session_digest
     and s.account_id = p_account_id
     and s.expires_at > p_now
  union all
  select null, array['cast'], null
    from accounts a
   where a.id = p_account_id
     and a.kind = 'house'
     and p_key_prefix is null
     and p_session_digest is null;
$$;
--> statement-breakpoint

-- Every authenticated request that is not a cast: reads the credential's state and counts it against its account.
-- No row: the credential is no longer valid, and nothing was counted.
create function begin_request(
  p_account_id uuid,
  p_key_prefix text,
  p_session_digest bytea,
  p_rate_limit integer,
  p_clock_offset interval
)
returns table (key_id uuid, scopes text[], is_over boolean, remaining integer, reset_ms integer)
language plpgsql
volatile
as $$
declare
  now_at timestamptz := clock_timestamp() + p_clock_offset;
  credential record;
  rate record;
begin
  select * into credential
    from credential_state(p_account_id, p_key_prefix, p_session_digest, now_at);
  if not found then
    return;
  end if;
  rate := count_request('account', uuid_send(p_account_id), p_rate_limit, now_at);
  if credential.key_id is not null then
    -- To the minute: a row of a busy key is not written with every request.
    update api_keys k
       set last_used_at = now_at
     where k.id = credential.key_id
       and (k.last_used_at is null or k.last_used_at < now_at - interval '1 minute');
  end if;
  return query select credential.key_id, credential.scopes, rate.is_over, rate.remaining, rate.reset_ms;
end;
$$;
