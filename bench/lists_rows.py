"""The province of `bench lists` in numbers: its units, people and posts, and what becomes of each dossier."""

from typing import Final

PEOPLE_A_UNIT: Final = 32
"""Numbers of people, and of the posts they hold, go by unit: first its officials, then the teachers."""

MAKE: Final = """
create schema lists_seed;
create function lists_seed.uid(kind int, n bigint) returns uuid language sql immutable as $$
  select ('5eed' || lpad(to_hex(kind), 4, '0') || '-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid $$;
create table lists_seed.facts (dossiers int, closed int, of_the_head int, schools int, communes int,
  base timestamptz, model uuid, stage uuid, award uuid);
create table lists_seed.units (k int primary key, id uuid, path uuid[], commune int);
create table lists_seed.words (number int primary key, said text, folded text);
"""
WORDS: Final = (
    "giúp học sinh học tốt môn Toán",
    "rèn kĩ năng đọc cho học sinh lớp 3",
    "nâng cao chất lượng dạy học môn Ngữ văn",
    "ứng dụng công nghệ thông tin trong dạy học Địa lí",
    "tổ chức trò chơi vận động cho trẻ mẫu giáo",
    "giáo dục kĩ năng sống qua hoạt động trải nghiệm",
    "xây dựng trường học hạnh phúc",
    "phát triển ngôn ngữ cho trẻ người dân tộc thiểu số",
    "đổi mới sinh hoạt chuyên môn theo nghiên cứu bài học",
    "duy trì sĩ số học sinh vùng khó khăn",
)
"""What titles of such dossiers are about; `fold` gives how they are searched."""

# $1 how many schools, $2 how many communes.
PLACES: Final = (
    """
insert into lists_seed.units
select n, lists_seed.uid(1, n), root.path || lists_seed.uid(1, n), n
from organisation.units root cross join generate_series(1, $2::int) n
where root.parent_id is null and $1::int > 0
union all
select 1000 + n, lists_seed.uid(1, 1000 + n),
  root.path || lists_seed.uid(1, 1 + n % $2::int) || lists_seed.uid(1, 1000 + n), 1 + n % $2::int
from organisation.units root cross join generate_series(1, $1::int) n where root.parent_id is null
""",
    """
insert into organisation.units (id, parent_id, path, code, name, level, valid_from)
select id, path[array_length(path, 1) - 1], path, 'D-' || k,
  case when k < 1000 then 'Xã số ' || k else 'Trường số ' || k - 1000 end,
  case when k < 1000 then 'COMMUNE' else 'SCHOOL' end, '2012-04-25'
from lists_seed.units
""",
    f"""
insert into organisation.people (id, code, full_name, folded_name)
select lists_seed.uid(2, k * {PEOPLE_A_UNIT} + p), 'd.' || k || '.' || p,
  family.said || ' ' || middle.said || ' ' || given.said || ' ' || k || '.' || p,
  family.folded || ' ' || middle.folded || ' ' || given.folded || ' ' || k || '.' || p
from lists_seed.units cross join generate_series(0, {PEOPLE_A_UNIT - 1}) p
join unnest('{{Nguyễn,Hoàng,Nông,Lường}}'::text[], '{{nguyen,hoang,nong,luong}}'::text[]) with ordinality
  family (said, folded, nr) on family.nr = 1 + (k + p) % 4
join unnest('{{Thị,Văn,Hữu}}'::text[], '{{thi,van,huu}}'::text[]) with ordinality
  middle (said, folded, nr) on middle.nr = 1 + p % 3
join unnest('{{Đào,Hoà,Bích,Dũng,Én}}'::text[], '{{dao,hoa,bich,dung,en}}'::text[]) with ordinality
  given (said, folded, nr) on given.nr = 1 + k % 5
""",
    f"""
insert into organisation.accounts (username, person_id)
select 'd.' || k || '.' || p, lists_seed.uid(2, k * {PEOPLE_A_UNIT} + p)
from lists_seed.units cross join generate_series(0, {PEOPLE_A_UNIT - 1}) p
""",
    f"""
insert into organisation.posts (id, unit_id, kind, title)
select lists_seed.uid(3, k * {PEOPLE_A_UNIT} + p), id,
  coalesce((('{{UNIT_HEAD,DEPUTY_HEAD,INTAKE_OFFICER,COUNCIL_SECRETARY,COUNCIL_MEMBER,COUNCIL_MEMBER,ACCOUNTANT,'
    'CHIEF_ACCOUNTANT}}')::text[])[p + 1], 'STAFF'), 'Vị trí ' || p
from lists_seed.units cross join generate_series(0, {PEOPLE_A_UNIT - 1}) p
""",
    f"""
insert into organisation.holdings (id, post_id, person_id, held_from)
select lists_seed.uid(4, k * {PEOPLE_A_UNIT} + p), lists_seed.uid(3, k * {PEOPLE_A_UNIT} + p),
  lists_seed.uid(2, k * {PEOPLE_A_UNIT} + p), '2012-04-25'
from lists_seed.units cross join generate_series(0, {PEOPLE_A_UNIT - 1}) p
""",
)

# The dossiers of a range. The first ones of the open belong to the head with many decisions to make.
DOSSIERS: Final = f"""
create function lists_seed.dossiers(low int, high int) returns table (
  n int, id uuid, code text, year int, fate text, state text, is_open boolean, is_the_heads boolean,
  has_stage boolean, goes_up boolean, filed_at timestamptz, due_at timestamptz, closed_at timestamptz,
  unit_id uuid, unit_path uuid[], people int, up_id uuid, up_path uuid[], up_people int, author_id uuid,
  title text, folded text, award_state text, list_id uuid, season_id uuid
) language sql stable as $$
with drawn as (
  select n, f.*, n > f.closed as is_open, n > f.closed and n - f.closed <= f.of_the_head as is_the_heads,
    case
      when n > f.closed and n - f.closed > f.of_the_head and n % 3 = 0 then 'CHECK'
      when n > f.closed then 'REVIEW'
      when n % 20 = 0 then 'WITHDRAWN' when n % 20 <= 2 then 'REQUEST_REJECTED'
      when n % 20 <= 7 then 'REFUSED' else 'RECOGNISED'
    end as fate,
    case when n > f.closed
      then f.base - interval '30 days' * (f.dossiers - n) / greatest(f.dossiers - f.closed, 1)
      else f.base - interval '60 days' - interval '4 years' * (f.closed - n) / greatest(f.closed, 1)
    end as filed_at
  from lists_seed.facts f, generate_series(low, high) n
)
select d.n, lists_seed.uid(5, d.n), 'SK-' || y.year || '-' || lpad(d.n::text, 7, '0'), y.year, d.fate,
  case d.fate when 'REVIEW' then 'ACCEPTED' when 'CHECK' then
    case when d.n % 50 = 0 then 'SUPPLEMENT_REQUESTED' else 'FILED' end else d.fate end,
  d.is_open, d.is_the_heads, d.fate in ('REVIEW', 'REFUSED', 'RECOGNISED'),
  d.fate = 'RECOGNISED' and d.n % 2 = 0, d.filed_at,
  case when d.is_open then d.base + interval '1 day' * ((d.n * 7919::bigint) % 45 - 5)
    + interval '1 second' * (d.n % 80000) else d.filed_at + interval '30 days' end,
  case when not d.is_open then d.filed_at + interval '28 days' end,
  u.id, u.path, u.k * {PEOPLE_A_UNIT}, up.id, up.path, up.k * {PEOPLE_A_UNIT},
  lists_seed.uid(2, u.k * {PEOPLE_A_UNIT} + 8 + (d.n / 7) % {PEOPLE_A_UNIT - 8}),
  'Một số biện pháp ' || w.said || ' số ' || d.n, 'mot so bien phap ' || w.folded || ' so ' || d.n,
  case when d.fate <> 'RECOGNISED' then null when d.n % 4001 = 0 then 'REVERSED'
    when d.n % 100 = 9 then 'ASSESSED' when d.n % 100 = 10 then 'VERIFIED' when d.n % 100 < 15 then 'APPROVED'
    else 'PAID' end,
  lists_seed.uid(14, u.k * 10000 + d.n / (d.schools * 50)), lists_seed.uid(17, y.year)
from drawn d
cross join lateral (select extract(year from d.filed_at)::int as year) y
join lists_seed.units u on u.k = 1000 + case when d.is_the_heads then 1 else 2 + d.n % (d.schools - 1) end
join lists_seed.units up on up.k = u.commune
join lists_seed.words w on w.number = d.n % {len(WORDS)}
$$
"""
