/** Raised with each change of the tables: a database of another version is built anew. */
export const TABLES_VERSION = 3;

export const TABLES = `
create table claims (
  sequence integer primary key,
  allocation_id text not null,
  slot text not null,
  attempt integer not null,
  requested_by text not null,
  -- The name of the access token, or else the name that the requester gave itself.
  asker text not null,
  project text,
  face text,
  fleet text not null,
  build_configuration text not null,
  requested_at integer not null,
  acknowledged_at integer,
  -- Whether another slot was tried for the same request after this one.
  is_superseded integer not null default 0,
  end_sequence integer,
  ended_at integer,
  -- Empty while it lasts.
  ended_by text not null default '',
  outcome text,
  reason text,
  wanted_by text
);
create index claims_by_id on claims (allocation_id, sequence);
create index claims_by_time on claims (requested_at, sequence);
create index claims_by_asker on claims (asker, requested_at, sequence);
create index claims_by_end on claims (ended_by, requested_at, sequence);
create index claims_by_fleet on claims (fleet, requested_at, sequence);

-- Earlier claims of a request that goes on with another slot. An id that failed and is used again for a
-- new request, which begins with attempt 1, supersedes nothing.
create trigger supersedes after insert on claims begin
  update claims set is_superseded = 1
  where allocation_id = new.allocation_id and sequence < new.sequence
    and ((outcome = 'failed' and attempt < new.attempt)
      or (outcome = 'withdrawn' and attempt <= new.attempt));
end;

-- What was done because somebody asked for it, requests for servers included.
create table actions (
  sequence integer primary key,
  slot text not null,
  at integer not null,
  event text not null,
  requested_by text not null,
  asker text not null,
  project text,
  face text,
  reason text,
  allocation_id text
);
create index actions_by_asker on actions (asker, sequence);
create index actions_of_people on actions (sequence) where event <> 'AllocationRequested';

-- Up to where the log was read, written together with what was read.
create table progress (
  id integer primary key check (id = 0),
  sequence integer not null,
  recorded_at integer,
  mark text not null,
  built_at integer,
  built_events integer,
  built_per_second real
);
insert into progress (id, sequence, mark) values (0, 0, '');
pragma user_version = ${TABLES_VERSION};
`;

/** The fields of a claim in the order of `INSERT`. */
export const INSERT = `
insert into claims (sequence, allocation_id, slot, attempt, requested_by, asker, project, face, fleet,
  build_configuration, requested_at, acknowledged_at, end_sequence, ended_at, ended_by, outcome,
  reason, wanted_by)
values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
on conflict (sequence) do nothing`;

export const UPDATE = `
update claims set acknowledged_at = ?, end_sequence = ?, ended_at = ?, ended_by = ?, outcome = ?,
  reason = ?, wanted_by = ?
where sequence = ?`;

export const INSERT_ACTION = `
insert into actions (sequence, slot, at, event, requested_by, asker, project, face, reason, allocation_id)
values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
on conflict (sequence) do nothing`;

export const ADVANCE = `update progress set sequence = ?, recorded_at = ?, mark = ?`;

export const COMPLETE = `
update progress set built_at = ?, built_events = ?, built_per_second = ?`;
