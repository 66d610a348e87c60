"""A province made from a list of dossiers: its units, the people on every post, and the accounts they act
with."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from cli.spreadsheet import ListedAuthor, ListedDossier
from embedded.mail_catcher import MAIL_DOMAIN
from language.posts.kinds import PostKind

ROOT_CODE = "TINH"
SEASON_CODE = "MUA"
ADMIN = "admin"
SECOND_ADMIN = "quantri2"
WATCHER = "kiemtoan"
SCHOOL, MIDDLE, PROVINCE = "SCHOOL", "MIDDLE", "PROVINCE"
"""The tiers of the province; what the middle one is called (huyện, xã) follows the rules."""
_HELD_FROM = "2012-04-25"

_SCHOOL_POSTS = (
    (PostKind.UNIT_HEAD, "Hiệu trưởng", "hieutruong"),
    (PostKind.DEPUTY_HEAD, "Phó Hiệu trưởng", "phohieutruong"),
    (PostKind.COUNCIL_SECRETARY, "Thư ký Hội đồng", "thuky"),
    (PostKind.COUNCIL_MEMBER, "Ủy viên 1", "uyvien1"),
    (PostKind.COUNCIL_MEMBER, "Ủy viên 2", "uyvien2"),
    (PostKind.COUNCIL_SUBSTITUTE, "Ủy viên dự khuyết 1", "dukhuyet1"),
    (PostKind.COUNCIL_SUBSTITUTE, "Ủy viên dự khuyết 2", "dukhuyet2"),
    (PostKind.COUNCIL_SUBSTITUTE, "Ủy viên dự khuyết 3", "dukhuyet3"),
    (PostKind.INTAKE_OFFICER, "Văn thư tiếp nhận", "vanthu"),
    (PostKind.ACCOUNTANT, "Kế toán", "ketoan"),
    (PostKind.CHIEF_ACCOUNTANT, "Kế toán trưởng", "ketoantruong"),
)
_OFFICE_POSTS = (
    (PostKind.UNIT_HEAD, "Chủ tịch UBND", "chutich"),
    (PostKind.DEPUTY_HEAD, "Phó Chủ tịch UBND", "phochutich"),
    (PostKind.COUNCIL_CHAIR, "Chủ tịch Hội đồng", "chutichhd"),
    (PostKind.COUNCIL_DEPUTY_CHAIR, "Phó Chủ tịch Hội đồng", "phochutichhd"),
    *_SCHOOL_POSTS[2:],
)
_AUTHORS_POSTS = {"Hiệu trưởng": PostKind.UNIT_HEAD, "Phó Hiệu trưởng": PostKind.DEPUTY_HEAD}


def _names(posts: Sequence[tuple[PostKind, str, str]]) -> dict[PostKind, tuple[str, str]]:
    """What a further post of each kind is called, without its number."""
    return {kind: (title.rstrip(" 0123456789"), short.rstrip("0123456789")) for kind, title, short in posts}


_NAMES = _names(_OFFICE_POSTS) | {PostKind.UNION_REPRESENTATIVE: ("Đại diện công đoàn", "congdoan")}
_OFFICES = frozenset({"vanthu", "ketoan", "ketoantruong", "chutich", "phochutich"})
"""The posts whose holders neither mark nor decide by themselves; of the others, who sit in councils, some
never act in rehearsals."""
Staffing = Mapping[str, Counter[PostKind]]
"""How many posts of each kind a unit of a tier has at least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Province:
    """The body for the organisation's import, its season, and who is who in it."""

    body: dict[str, Any]
    season: dict[str, str]
    school_codes: dict[tuple[str, str], str]
    author_accounts: dict[tuple[str, ListedAuthor], str]
    council_accounts: tuple[str, ...]
    successors: dict[str, str]
    """Of each school the unit that it will lie under when the middle level ends; empty when it does not."""

    def account_of(self, dossier: ListedDossier, author: ListedAuthor) -> str:
        """The account of an author of a dossier; it is also the person's code."""
        return self.author_accounts[self.school_codes[dossier.district, dossier.school], author]


class _Builder:
    def __init__(self) -> None:
        self.people: dict[str, dict[str, Any]] = {}
        self.posts: list[dict[str, Any]] = []
        self.council: list[str] = []

    def person(self, account: str, full_name: str, born: date | None = None) -> None:
        known = {
            "code": account,
            "full_name": full_name,
            "username": account,
            "date_of_birth": born.isoformat() if born else None,
        }
        known["mail_address"] = f"{account}@{MAIL_DOMAIN}"
        self.people.setdefault(account, known)

    def post(self, unit: str, kind: PostKind, title: str, account: str) -> None:
        self.posts.append(
            {"unit_code": unit, "kind": kind, "title": title, "person_code": account, "held_from": _HELD_FROM}
        )

    def official(self, kind: PostKind, title: str, account: str) -> None:
        """Somebody of the province itself."""
        self.person(account, title)
        self.post(ROOT_CODE, kind, title, account)

    def staff_unit(
        self, unit: str, name: str, posts: Sequence[tuple[PostKind, str, str]], taken: dict[PostKind, str]
    ) -> None:
        left = dict(taken)
        for kind, title, short in posts:
            account = left.pop(kind, None) or f"{short}.{unit.lower()}"
            self.person(account, f"{title} {name}")
            self.post(unit, kind, title, account)
            if short.rstrip("0123456789") not in _OFFICES:
                self.council.append(account)


def _leaders(members: Sequence[tuple[str, ListedAuthor]]) -> dict[PostKind, str]:
    """Authors of the list who lead the school hold its leading posts: conflicts of interest come with real
    lists."""
    leaders: dict[PostKind, str] = {}
    for account, author in members:
        kind = _AUTHORS_POSTS.get(author.job_title)
        if kind:
            leaders.setdefault(kind, account)
    return leaders


def _staffed(
    posts: Sequence[tuple[PostKind, str, str]], needed: Counter[PostKind]
) -> list[tuple[PostKind, str, str]]:
    """The usual posts, and as many more as the councils of some pack have seats for."""
    there = Counter(kind for kind, _, _ in posts)
    names = _NAMES | _names(posts)
    more = []
    for kind in sorted(needed):
        title, short = names.get(kind, (kind.value, kind.value.lower().replace("_", "")))
        more += [
            (kind, f"{title} {number}", f"{short}{number}")
            for number in range(there[kind] + 1, needed[kind] + 1)
        ]
    return [*posts, *more]


def _units_at(level: str, codes: dict[str, str]) -> list[dict[str, Any]]:
    name = "Huyện" if level == "DISTRICT" else "Xã"
    return [
        {"code": code, "parent_code": ROOT_CODE, "name": f"{name} {place}", "level": level}
        for place, code in codes.items()
    ]


def _employ_authors(
    builder: _Builder, dossiers: Sequence[ListedDossier], schools: Mapping[tuple[str, str], str]
) -> dict[str, dict[ListedAuthor, str]]:
    """Every author is on the staff of their own school; the accounts by school and author."""
    members: dict[str, dict[ListedAuthor, str]] = defaultdict(dict)
    accounts: dict[tuple[str, tuple[str, date | None]], str] = {}
    for dossier in dossiers:
        school = schools[dossier.district, dossier.school]
        for author in dossier.authors:
            account = accounts.setdefault((school, author.key), f"tacgia{len(accounts) + 1:04d}")
            members[school][author] = account
            builder.person(account, author.full_name, author.date_of_birth)
    for school, account in sorted(
        {(school, account) for school, found in members.items() for account in found.values()}
    ):
        builder.post(school, PostKind.STAFF, f"Giáo viên {account}", account)
    return members


def _season_row(season: tuple[date, date]) -> dict[str, str]:
    return {
        "code": SEASON_CODE,
        "name": "Mùa xét sáng kiến (mẫu)",
        "opens_on": season[0].isoformat(),
        "closes_on": season[1].isoformat(),
    }


def build_province(
    dossiers: Sequence[ListedDossier],
    *,
    middle_level: str,
    season: tuple[date, date],
    ending: bool = False,
    staffing: Staffing | None = None,
) -> Province:
    """Schools under the list's districts (or communes, by `middle_level`), every post filled, every author on
    the staff. Its two administrators are there from the first start.

    `ending`: the districts will end; the communes that follow them are there already. `staffing`: posts that
    councils need beyond the usual."""
    builder = _Builder()
    needed = staffing or {}
    office_posts = _staffed(_OFFICE_POSTS, needed.get(MIDDLE, Counter()))
    middle_name = "Huyện" if middle_level == "DISTRICT" else "Xã"
    names = sorted({dossier.district for dossier in dossiers})
    districts = {name: f"H{number}" for number, name in enumerate(names, start=1)}
    places = sorted({(dossier.district, dossier.school) for dossier in dossiers})
    schools = {place: f"T{number:03d}" for number, place in enumerate(places, start=1)}
    members = _employ_authors(builder, dossiers, schools)
    builder.staff_unit(ROOT_CODE, "tỉnh", _staffed(_OFFICE_POSTS, needed.get(PROVINCE, Counter())), {})
    builder.official(PostKind.AUDITOR, "Kiểm toán viên", WATCHER)
    for name, code in districts.items():
        builder.staff_unit(code, f"{middle_name.lower()} {name}", office_posts, {})
    communes = {name: code.replace("H", "X") for name, code in districts.items()} if ending else {}
    for name, code in communes.items():
        builder.staff_unit(code, f"xã {name}", office_posts, {})
    school_posts = _staffed(_SCHOOL_POSTS, needed.get(SCHOOL, Counter()))
    for (_, name), code in schools.items():
        leaders = _leaders([(account, author) for author, account in members[code].items()])
        builder.staff_unit(code, name, school_posts, leaders)
    units = [*_units_at(middle_level, districts), *_units_at("COMMUNE", communes)]
    units += [
        {"code": code, "parent_code": districts[district], "name": name, "level": "SCHOOL"}
        for (district, name), code in schools.items()
    ]
    body = {
        "valid_from": _HELD_FROM,
        "units": units,
        "people": list(builder.people.values()),
        "posts": builder.posts,
    }
    author_accounts = {
        (school, author): account for school, found in members.items() for author, account in found.items()
    }
    return Province(
        body=body,
        season=_season_row(season),
        school_codes=schools,
        author_accounts=author_accounts,
        council_accounts=tuple(dict.fromkeys(builder.council)),
        successors={
            code: communes[district] for (district, _), code in schools.items() if district in communes
        },
    )
