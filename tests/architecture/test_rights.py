"""`all()` over nothing is true and `any()` over nothing is false: where rights are judged, each is written
down with what it says of nothing."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.sources import ROOT, Function, below, files, parsed

JUDGED_IN = ("casework", "language/posts", "language/journey", "services", "kit/auth.py")
NOT_JUDGED_IN = ("casework/history", "casework/routes", "services/postroom/delivery")
"""What proves a history, says what was judged elsewhere, or carries letters out."""
ALLOWED = {
    "casework/ladder.py: _has_rung_ahead": "any over no rungs is a no: none is ahead",
    "casework/ladder.py: _watch": "any over no rule or rung: it is not watched yet, so nothing is cleared",
    "casework/units.py: _paths": "any over no known units is a no: none of them is changing",
    "kit/auth.py: _keys_for": "any over no keys is a no: they are read again, and the token does not hold",
    "language/posts/holders.py: _superiors": "all over nobody found yet: the first head is taken",
    "language/posts/trusted.py: not_trusted": "all over no posts: nothing of the kind is passed on",
    "services/intake/domain/office.py: _look_into_archive": "any over no names: one part is asked for before",
    "services/intake/domain/office_parts.py: _look_at_drawing": "any over no attributes: it is a bare one",
    "services/intake/domain/office_parts.py: _look_at_kind": "any over no attributes: it is a bare one",
    "services/intake/domain/pdf.py: _says": "any over no names is a no: nothing is said",
    "services/intake/domain/pdf.py: _says_or_is": "any over no names is a no: nothing is said",
    "services/intake/domain/old_word.py: _look_at_object": (
        "over no entries: there is a root; no links: nothing from elsewhere; no packed files: none acts"
    ),
    "services/intake/operations/list_matching.py: is_ready": "any over no doubts is a no: nothing is asked",
    "services/intake/operations/list_matching.py: was_begun": "any over no doubts is a no: not begun before",
    "services/intake/operations/starting_anew.py: _rules": "any over no changes: there is one, asked before",
    "services/intake/domain/filing_time.py: require_season_open": (
        "`own and` goes before: where no round is for the dossier, the season alone binds it"
    ),
    "services/organisation/operations/delegating.py: delegate": "any over no posts is a no: nothing moves",
    "services/organisation/operations/delegating.py: _end_all": "any over no posts is a no: it ends",
    "services/organisation/operations/imports.py: _require_giving": (
        "any over nobody appointed is a no: no administrator is among them"
    ),
    "services/organisation/operations/joining.py: _over_both": "all over two records, whatever they hold",
    "services/organisation/operations/people.py: _require_no_gain": (
        "any over no posts is a no: who holds none gets nobody's work by a leave"
    ),
    "services/payout/operations/joining.py: carry_over": "any over payees and signers, always two",
    "services/organisation/operations/succeeding.py: _is_stuck": "any over no verdicts: nothing is stuck",
    "services/organisation/operations/succession.py: _require_readable": (
        "any over no units is a no: who holds nothing in or over one does not read the act"
    ),
    "services/payout/operations/listing.py: make_list": (
        "any over no payees is a no: the list pays the caller nothing; who may make it is asked before"
    ),
    "services/postroom/domain/letters.py: compose": "any over a letter's notices: it has one at least",
    "services/postroom/domain/addresses.py: is_address_allowed": "any over the registries, never empty",
    "services/portal/pages/council_decisions.py: _paper": "a form, no right: nothing typed is no paper",
    "services/portal/pages/council_workbook.py: does_something": "a report, no right",
    "services/portal/pages/council_workbook.py: _report": "a form, no right: no change is nothing to save",
    "services/portal/pages/steering_rows.py: _views": "a sheet, no right: a cell that is told of has a doubt",
    "services/portal/pages/steering_rows_kept.py: is_ready": "a sheet, no right: no remark is no question",
    "services/portal/pages/steering_rows_kept.py: look": "a sheet, no right: no remark is no question",
    "services/portal/pages/steering_successions.py: send_answers": "a form, no right: a text has parts",
    "services/portal/desk.py: own_path": "all over no characters: an empty path was refused before",
    "services/postroom/domain/addresses.py: first_allowed": "`not found` goes before: no address is a no",
    "services/review/domain/deciding.py: grade_of": (
        "all over no floors: a grade that asks for no mark in single criteria; the average was asked before"
    ),
    "services/review/operations/reading.py: may_see": "any over no sheets is a no: who has none is no member",
    "services/rulebook/domain/transition.py: judge_way_back": "any over no stages is a no: nobody decided",
}
"""What each says of nothing, and why that is right or cannot be."""


def _within(node: ast.AST, function: str = "module") -> Iterator[tuple[ast.Call, str]]:
    """Calls of all() and any(), each with the function it stands in."""
    for child in ast.iter_child_nodes(node):
        if (
            isinstance(child, ast.Call)
            and isinstance(child.func, ast.Name)
            and child.func.id in {"all", "any"}
        ):
            yield child, function
        yield from _within(child, child.name if isinstance(child, Function) else function)


def _judges(file: Path) -> bool:
    rooms = {"api", "store"} & set(file.relative_to(ROOT).parts)
    return below(file, *JUDGED_IN) and not below(file, *NOT_JUDGED_IN) and not rooms


def test_what_is_asked_of_nothing_is_known() -> None:
    found = {
        f"{file.relative_to(ROOT)}: {function}"
        for file in files("casework", "language", "services", "kit")
        if _judges(file)
        for _, function in _within(parsed(file))
    }
    assert found == set(ALLOWED)
