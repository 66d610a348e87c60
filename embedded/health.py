"""Asking the parts of an instance how they are."""

import asyncio
from collections.abc import Iterable

import httpx

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
