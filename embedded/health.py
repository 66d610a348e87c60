"""Asking the parts of an instance how they are."""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Final

import httpx
from prometheus_client.parser import text_string_to_metric_families

from embedded.layout import Ports

_LOOK_EVERY = 0.1
_ANSWER_WITHIN = 2.0


async def is_healthy(http: httpx.AsyncClient, ports: Ports, part: str) -> bool:
    """The part answers that it is well."""
    try:
        return (await http.get(f"{ports.url(part)}/health")).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


async def unhealthy(ports: Ports, parts: Iterable[str]) -> list[str]:
    """Those of the parts that are not well now."""
    asked = list(parts)
    async with httpx.AsyncClient(timeout=_ANSWER_WITHIN, trust_env=False) as http:
        well = await asyncio.gather(*(is_healthy(http, ports, part) for part in asked))
    return [part for part, is_well in zip(asked, well, strict=True) if not is_well]


_BACKLOG: Final = (
    "messages_waiting",
    "messages_waiting_oldest_seconds",
    "messages_stuck",
    "stranded_cases",
    "tasks_open",
    "tasks_overdue",
)


async def backlog(ports: Ports, parts: Iterable[str]) -> Mapping[str, Mapping[str, float]]:
    """What waits in each of the parts that tell it; one that does not answer is left out."""
    async with httpx.AsyncClient(timeout=_ANSWER_WITHIN, trust_env=False) as http:
        return {part: told for part in parts if (told := await _waiting(http, ports, part))}


async def _waiting(http: httpx.AsyncClient, ports: Ports, part: str) -> Mapping[str, float]:
    try:
        text = (await http.get(f"{ports.url(part)}/metrics")).raise_for_status().text
    except httpx.HTTPError:
        return {}
    told = {family.name: family.samples for family in text_string_to_metric_families(text)}
    found = {name: told.get(f"sangkien_{name}", []) for name in _BACKLOG}
    return {name: samples[0].value for name, samples in found.items() if samples}


async def wait_until_healthy(ports: Ports, parts: Iterable[str], seconds: float) -> list[str]:
    """Wait until all are well; the ones that are not after so many seconds."""
    give_up_at = asyncio.get_running_loop().time() + seconds
    waiting = list(parts)
    async with httpx.AsyncClient(timeout=_ANSWER_WITHIN, trust_env=False) as http:
        while waiting := [part for part in waiting if not await is_healthy(http, ports, part)]:
            if asyncio.get_running_loop().time() > give_up_at:
                break
            await asyncio.sleep(_LOOK_EVERY)
    return waiting
