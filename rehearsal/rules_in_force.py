"""Which rules a rehearsed season runs under: the pack that is in force on its first day anyway, or one that
is put in force for it."""

from collections.abc import Mapping, Sequence
from datetime import date

from cli.people_api import PeopleApi, Refused
from cli.province import ADMIN, SECOND_ADMIN
from embedded.errors import CommandFailed
from packs.freezing import PolicyPack
from packs.money import RateIn
from processes.bootstrap import shipped_packs

_DRAFTS = "/v1/policy-packs/drafts"
_LONGEST_NAME, _REHEARSED = 63, "-rehearsed"


class PackNotRehearsable(CommandFailed):
    """The pack cannot be published over the rehearsal's province."""

    exit_code = 32


def pack_in_force(day: date) -> PolicyPack:
    """Of the packs that come with the system the one that holds on the day."""
    holding = [pack for pack in shipped_packs() if pack.effective_from <= day <= (pack.effective_to or day)]
    if not holding:
        raise PackNotRehearsable(
            f"Không có bộ quy định mẫu nào cho ngày {day:%d/%m/%Y}: hãy nêu hai --policy (no "
            "sample pack holds then, name two)."
        )
    return max(holding, key=lambda pack: (pack.effective_from, pack.version))


def as_rehearsed(pack: PolicyPack, opens_on: date) -> PolicyPack:
    """The same rules, with the newest of the rates, from the season's first day on; under a name that no
    event can mistake for the real pack's. No dossier is under way before."""
    name = pack.name[: _LONGEST_NAME - len(_REHEARSED)] + _REHEARSED
    newest = {
        (rate.level, rate.role, rate.per): rate
        for rate in sorted(pack.rates, key=lambda rate: rate.valid_from)
    }
    rates = [rate.model_copy(update={"valid_from": opens_on, "valid_to": None}) for rate in newest.values()]
    return pack.model_copy(
        update={
            "name": name,
            "effective_from": opens_on,
            "effective_to": None,
            "transition": None,
            "rates": rates,
        }
    )


async def put_in_force(api: PeopleApi, pack: PolicyPack) -> list[str]:
    """Drafted and checked by one administrator, published by the other; what the check warned of."""
    try:
        draft = await api.post(ADMIN, "rulebook", "/v1/policy-packs", pack.model_dump(mode="json"))
        path = f"{_DRAFTS}/{draft['id']}"
        checked = await api.post(ADMIN, "rulebook", f"{path}/check", etag=f'"v{draft["version"]}"')
        await api.post(SECOND_ADMIN, "rulebook", f"{path}/publication", etag=f'"v{checked["version"]}"')
    except Refused as refused:
        raise PackNotRehearsable(f"{pack.name}: {refused.detail}") from refused
    # The day of effect lies ahead or not by when the instance was started: it says nothing of the pack.
    return [finding["vi"] for finding in checked["findings"] if finding["path"] != "effective_from"]


async def rates_of(api: PeopleApi, rule_versions: set[str]) -> Mapping[str, Sequence[RateIn]]:
    """The rates of published packs, by the name under which events quote each."""
    rates = {}
    for rule_version in sorted(rule_versions):
        name, _, version = rule_version.partition("@")
        content = await api.get(ADMIN, "rulebook", f"/v1/policy-packs/{name}/{version}")
        rates[rule_version] = PolicyPack.model_validate(content).rates
    return rates
