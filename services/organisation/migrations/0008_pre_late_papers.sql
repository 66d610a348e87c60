-- What became known of days that were over, for whoever keeps what was done on them.

create table late_papers (
  position bigint generated always as identity primary key,
  change_id uuid not null,
  cause text not null,
  first_day date not null,
  last_day date,
  person_id uuid not null,
  holding_id uuid,
  post_id uuid,
  acting boolean not null,
  delegation_id uuid,
  delegate_id uuid,
  post_ids uuid[] not null,
  from_ids uuid[] not null,
  to_ids uuid[] not null,
  changed_at timestamptz not null
);
comment on table late_papers is 'Append only; of one change there may be several. Written one at a time with the change, so that positions are committed in their order. Of a delegation: post_ids are the posts whose work it covers, from_ids those from whom it may have come to the grantor, to_ids those to whom it may have gone on from the delegate.';
create trigger late_papers_are_final before update or delete on late_papers for each row execute function refuse_change();

create view late_papers_v1 as
select position, change_id, cause, first_day, last_day, person_id, holding_id, post_id, acting, delegation_id, delegate_id,
  post_ids, from_ids, to_ids, changed_at
from late_papers;
comment on view late_papers_v1 is 'In the order of position nothing is missed. Days are included; last_day null: without end.';
