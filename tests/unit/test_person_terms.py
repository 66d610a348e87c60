"""When a person's data may go: by what ended when, and by terms that hang together."""

from datetime import date
from uuid import UUID, uuid4

import pytest

from casework.personal.ties import TieKind
from casework.personal.whose import Bond, Standing, standing
from cli.terms_found import examine_terms
from kit.settings import SettingsUnfit, settings_of
from kit.terms import PersonTerms

YEARS = {
    TieKind.KNOWN: 5,
    TieKind.POST: 5,
    TieKind.CASE: 3,
    TieKind.RECOGNITION: 20,
    TieKind.MONEY: 10,
}
TODAY = date(2030, 6, 1)


def _stands(*bonds: tuple[TieKind, date | None] | tuple[TieKind, date | None, UUID]) -> Standing:
    made = [
        Bond(kind=kind, person_id=uuid4(), until=until, dossier_id=next(iter(of), None))
        for kind, until, *of in bonds
    ]
    return standing(made, YEARS, TODAY)


def test_the_last_that_ends_counts_and_the_last_day_is_kept() -> None:
    stands = _stands((TieKind.POST, date(2024, 2, 29)), (TieKind.CASE, date(2027, 5, 31)))
    assert stands.free_on == TODAY, "three years after 31/05/2027 are over on the day after"
    assert stands.is_due(TODAY)
    assert not stands.is_due(date(2030, 5, 31))
    assert _stands((TieKind.POST, date(2024, 2, 29))).free_on == date(2029, 3, 1)


@pytest.mark.parametrize(
    ("kind", "until"),
    [(TieKind.POST, None), (TieKind.POST, TODAY), (TieKind.CASE, None), (TieKind.MONEY, None)],
)
def test_what_is_not_over_holds_everything(kind: TieKind, until: date | None) -> None:
    stands = _stands((TieKind.CASE, date(2000, 1, 1)), (kind, until))
    assert stands.open == {kind}
    assert not stands.is_due(TODAY)


def test_recognitions_and_money_hold_the_name_and_their_dossiers_only() -> None:
    recognised, paid, paid_long_ago = uuid4(), uuid4(), uuid4()
    stands = _stands(
        (TieKind.CASE, date(2015, 1, 1)),
        (TieKind.RECOGNITION, date(2015, 1, 1), recognised),
        (TieKind.MONEY, date(2021, 1, 1), paid),
        (TieKind.MONEY, date(2010, 1, 1), paid_long_ago),
    )
    assert stands.is_due(TODAY)
    assert stands.keeps_name(TODAY)
    assert stands.name_free_on == date(2035, 1, 2)
    assert set(stands.kept_dossiers) == {recognised, paid}
    assert not stands.keeps_name(date(2035, 1, 2))


def test_nothing_holds_whom_nothing_was_ever_about() -> None:
    assert _stands().is_due(TODAY)


def test_terms_that_contradict_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("PAYMENT_KEPT_YEARS", "9"), ("RECOGNITION_KEPT_YEARS", "4")):
        with monkeypatch.context() as patched:
            patched.setenv(name, value)
            with pytest.raises(SettingsUnfit, match=name):
                settings_of(PersonTerms, "organisation")
            finding = examine_terms()
            assert (finding.is_fine, name in finding.detail) == (False, True), "doctor says it, too"
    assert settings_of(PersonTerms, "organisation").payment_kept_years == 10
