"""Dossiers of a list filed through the public API, as their first authors."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from cli.people_api import PeopleApi, Refused
from cli.province import ADMIN, Province
from cli.spreadsheet import ListedDossier

EVIDENCE = b"%PDF-1.4\n%%EOF\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """The ids that organisation and rulebook gave to the province."""

    unit_ids: dict[str, str]
    person_ids: dict[str, str]
    season_id: str

    @property
    def accounts(self) -> dict[str, str]:
        """The account behind a person id: accounts are named like the person's code."""
        return {person_id: code for code, person_id in self.person_ids.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """What became of filing a dossier: its id, or the code of the refusal."""

    listed: ListedDossier
    dossier_id: str | None
    filer: str
    refusal: str | None


async def import_province(api: PeopleApi, province: Province) -> Imported:
    """Load units, people, posts and season as the administrator."""
    made = await api.post(ADMIN, "organisation", "/v1/imports", province.body)
    season_id = await _season(api, province)
    return Imported(unit_ids=made["unit_ids"], person_ids=made["person_ids"], season_id=season_id)


async def _season(api: PeopleApi, province: Province) -> str:
    """The season of the province's code, opened if it is not there yet: a first start may be repeated."""
    there = await api.get(ADMIN, "rulebook", "/v1/seasons")
    known = next((season for season in there["items"] if season["code"] == province.season["code"]), None)
    return str((known or await api.post(ADMIN, "rulebook", "/v1/seasons", province.season))["id"])


def content_of(
    province: Province, imported: Imported, dossier: ListedDossier, shift: timedelta
) -> dict[str, Any]:
    """What its authors hand in."""
    authors = [
        {
            "person_id": imported.person_ids[province.account_of(dossier, author)],
            "full_name": author.full_name,
            "date_of_birth": author.date_of_birth.isoformat() if author.date_of_birth else None,
            "workplace": dossier.school,
            "job_title": author.job_title,
            "qualification": author.qualification,
            "contribution_percent": str(author.percent),
        }
        for author in dossier.authors
    ]
    return {
        "title": dossier.title,
        "kind": dossier.kind,
        "application_field": dossier.application_field,
        "problem_solved": dossier.description,
        "authors": authors,
        "first_applied_on": (dossier.first_applied_on + shift).isoformat(),
        "description": dossier.description,
        "applicability": "Đã áp dụng thử tại đơn vị trong một học kỳ; "
        "có thể áp dụng ở các trường cùng điều kiện.",
        "conditions": "Áp dụng được ở các trường cùng điều kiện.",
        "benefit_by_author": dossier.benefit,
        "monetary_benefit_dong": dossier.money_dong,
        "confidential_information": dossier.confidential,
        "declaration_of_truth": True,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How a list is filed: its dates moved by `shift` (an old list to today), with so many attachments
    each."""

    shift: timedelta = timedelta()
    attachments: int = 0


async def _confirm(api: PeopleApi, province: Province, dossier: ListedDossier, dossier_id: str) -> None:
    """Every co-author stands by the own share; the filer does by filing."""
    filer = province.account_of(dossier, dossier.authors[0])
    shares = {
        province.account_of(dossier, author): str(author.percent) for author in reversed(dossier.authors)
    }
    for account, percent in shares.items():
        if account != filer:
            body = {"contribution_percent": percent}
            await api.post(account, "intake", f"/v1/dossiers/{dossier_id}/share-confirmation", body)


async def file_listed(
    api: PeopleApi,
    province: Province,
    imported: Imported,
    dossier: ListedDossier,
    manner: Manner,
    unit_code: str | None = None,
) -> Filed:
    """Draft, confirm the shares and file, in the authors' school or in this unit; a refusal (filed late,
    shares not 100 …) is an outcome."""
    filer = province.account_of(dossier, dossier.authors[0])
    unit_id = imported.unit_ids[unit_code or province.school_codes[dossier.district, dossier.school]]
    draft = {
        "unit_id": unit_id,
        "season_id": imported.season_id,
        "content": content_of(province, imported, dossier, manner.shift),
    }
    try:
        made = await api.post(filer, "intake", "/v1/dossiers", draft)
        for number in range(1, manner.attachments + 1):
            await api.upload(
                filer,
                "intake",
                f"/v1/dossiers/{made['id']}/attachments",
                EVIDENCE,
                filename=f"minh-chung-{number}.pdf",
            )
        await _confirm(api, province, dossier, made["id"])
        await api.post(filer, "intake", f"/v1/dossiers/{made['id']}/filing")
    except Refused as refused:
        return Filed(listed=dossier, dossier_id=None, filer=filer, refusal=refused.code)
    return Filed(listed=dossier, dossier_id=made["id"], filer=filer, refusal=None)
