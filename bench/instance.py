"""A private instance with a small province, for benchmarks."""

import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from rich.console import Console

from cli.filing import Imported, import_province
from cli.first_start import complete_first_start
from cli.people_api import PeopleApi
from cli.province import Province, build_province
from cli.sample import SAMPLE_LIST
from cli.spreadsheet import ListedDossier, read_list
from embedded import temporal_programs
from embedded.instance import Instance
from embedded.layout import free_ports
from embedded.servers import TemporalServer
from kit.clock import Clock
from language.time_scale import TimeScale

_DOSSIERS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Bed:
    """What a benchmark runs on. `shift` moves the list's dates into the last year."""

    instance: Instance
    api: PeopleApi
    province: Province
    imported: Imported
    dossiers: list[ListedDossier]
    shift: timedelta


@asynccontextmanager
async def bench_bed(
    scale: TimeScale | None = None,
    *,
    pages: bool = False,
    server: TemporalServer = TemporalServer.DEVELOPMENT,
) -> AsyncIterator[Bed]:
    """Start, load, and remove everything afterwards. `scale` lets domain time run faster; with `pages` there
    is a portal; `server` is the Temporal below it."""
    if server is TemporalServer.CLUSTER:
        temporal_programs.install(Console().print)
    folder = Path(tempfile.mkdtemp(prefix="sangkien-bench-"))
    today = Clock().now().date()
    dossiers = read_list(SAMPLE_LIST, _DOSSIERS)
    province = build_province(
        dossiers, middle_level="COMMUNE", season=(date(today.year, 1, 1), date(today.year, 12, 31))
    )
    shift = today - timedelta(days=30) - max(dossier.first_applied_on for dossier in dossiers)
    recent = [
        dossier for dossier in dossiers if dossier.first_applied_on + shift > today - timedelta(days=360)
    ]
    try:
        async with Instance(
            data=folder,
            ports=free_ports(),
            scale=scale,
            private=True,
            pages=pages,
            server=server,
            say=Console().log,
        ) as instance:
            await complete_first_start(instance, empty=True)
            api = PeopleApi(instance.urls, instance.secrets["cli_client_secret"])
            imported = await import_province(api, province)
            yield Bed(
                instance=instance, api=api, province=province, imported=imported, dossiers=recent, shift=shift
            )
            await api.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
