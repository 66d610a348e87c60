"""Rules of this code that no general tool knows."""

import ast
import re
import sys
import tomllib

from tests.architecture.sources import CODE, ROOT, TESTS, files, imported, parsed, place, texts

KIT = ROOT / "kit"
# An id only sorts by its instant; nobody reads time from it.
MAY_READ_THE_CLOCK = {KIT / "clock.py", KIT / "ids.py"}
DOMAINS = tuple(str(folder.relative_to(ROOT)) for folder in sorted(ROOT.glob("services/**/domain")))
PRODUCT = tuple(folder for folder in CODE if folder not in {"bench", "rehearsal"})
MAY_HOLD_SQL = {"store", "kit", "casework", "migrations"}

_READS_THE_CLOCK = re.compile(r"(datetime\.(now|utcnow|today)|date\.today|time\.time(_ns)?)$")
_SQL = re.compile(
    r"\b(select\b.+\bfrom\s|insert\s+into\s|update\s+\w+\s+set\s|delete\s+from\s|(create|alter|drop)\s+(table|index|schema)\s)",
    re.IGNORECASE | re.DOTALL,
)
_LONG_INSERT = re.compile(r"insert\s+into\s.+\$6\b", re.IGNORECASE | re.DOTALL)


def test_only_the_clock_reads_the_clock() -> None:
    readers = [
        place(file, node)
        for file in files(*CODE)
        if file not in MAY_READ_THE_CLOCK
        for node in ast.walk(parsed(file))
        if isinstance(node, ast.Attribute) and _READS_THE_CLOCK.search(ast.unparse(node))
    ]
    assert not readers, "domain time is tx.now or clock.now(); inside workflows, workflow.now()"


def test_a_long_insert_goes_by_the_names_of_its_columns() -> None:
    found = [
        place(file, node)
        for file in files(*PRODUCT)
        for node, text in texts(parsed(file))
        if _LONG_INSERT.search(text)
    ]
    assert not found, "kit.inserts.Insert: values by position change places and nothing says so"


def test_sql_lives_in_the_store() -> None:
    found = [
        place(file, node)
        for file in files("services", "casework", "packs", "language", "workflows")
        if not MAY_HOLD_SQL & set(file.relative_to(ROOT).parts)
        for node, text in texts(parsed(file))
        if _SQL.search(text)
    ]
    assert not found, "SQL stands in store/, beside the function that runs it"


def test_a_domain_rests_on_the_standard_library_and_the_shared_language() -> None:
    strangers = []
    for domain in DOMAINS:
        own = domain.replace("/", ".")
        allowed = (own, "language")
        for file in files(domain):
            strangers += [
                f"{place(file, node)} imports {module}"
                for node, module in imported(parsed(file))
                if module.split(".")[0] not in sys.stdlib_module_names and not module.startswith(allowed)
            ]
    assert not strangers


def test_a_domain_knows_no_floating_point() -> None:
    found = [
        place(file, node)
        for file in files(*DOMAINS)
        for node in ast.walk(parsed(file))
        if (isinstance(node, ast.Name) and node.id == "float")
        or (isinstance(node, ast.Constant) and isinstance(node.value, float))
    ]
    assert not found, "money is int đồng; scores and shares are Decimal"


def test_the_shared_language_rests_on_the_standard_library_and_temporals_decorator() -> None:
    allowed = {*sys.stdlib_module_names, "temporalio", "language"}
    strangers = [
        f"{place(file, node)} imports {module}"
        for file in files("language")
        for node, module in imported(parsed(file))
        if module.split(".")[0] not in allowed
    ]
    assert not strangers


def test_workflow_code_reads_nothing_that_a_replay_would_read_differently() -> None:
    chance = {"os", "random", "secrets", "socket", "threading", "time"}
    found = [
        f"{place(file, node)} imports {module}"
        for file in files("workflows")
        for node, module in imported(parsed(file))
        if module.split(".")[0] in chance
    ]
    assert not found, "most modules pass through the sandbox, so this test is what stops them"


def test_every_module_says_what_it_is() -> None:
    silent = [
        place(file, parsed(file))
        for file in files(*CODE)
        if parsed(file).body and not ast.get_docstring(parsed(file))
    ]
    assert not silent


def test_the_lock_holds_hashes_and_no_addresses() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    pinned = re.findall(r"^[A-Za-z0-9_.\[\]-]+==", lock, re.MULTILINE)
    assert len(pinned) > 20
    entries = re.split(r"^(?=[A-Za-z0-9_.\[\]-]+==)", lock, flags=re.MULTILINE)[1:]
    assert all("--hash=sha256:" in entry for entry in entries)


def test_every_top_level_package_is_in_the_list_of_rooms() -> None:
    packages = {folder.parent.name for folder in ROOT.glob("*/__init__.py")}
    assert packages == {*CODE, TESTS}
    rooms = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    assert set(rooms["root_packages"]) == set(CODE)
