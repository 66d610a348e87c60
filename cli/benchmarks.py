"""The commands that measure, each beside the floor of the same work done bare."""

import importlib
from typing import Annotated

import typer

from cli.help_texts import HELP
from cli.rehearse_options import Temporal
from cli.usage import Commands
from embedded.servers import TemporalServer

bench = Commands(help="Đo hiệu năng, luôn kèm mức sàn đo cùng lúc (benchmarks).")


@bench.command("journey", help=HELP["bench journey"])
def bench_journey(cases: int = 40, rounds: int = 3, temporal: Temporal = TemporalServer.DEVELOPMENT) -> None:
    """Whole journeys through HTTP against a bare workflow of the same shape on the same Temporal server."""
    importlib.import_module("bench.journey").run(cases, rounds, temporal)


@bench.command("intake", help=HELP["bench intake"])
def bench_intake(filings: int = 400, rounds: int = 3) -> None:
    """Filings through HTTP against bare ASGI and asyncpg doing the same inserts."""
    importlib.import_module("bench.intake").run(filings, rounds)


@bench.command("storm", help=HELP["bench storm"])
def bench_storm(
    deadlines: Annotated[int, typer.Option(min=10, help="Bao nhiêu thời hạn đến cùng một giây")] = 1_000,
    action: Annotated[str, typer.Option(help="Mỗi bậc nhắc việc làm gì: HAND_UP, REMIND …")] = "HAND_UP",
    cold: Annotated[
        bool, typer.Option(help="Cho phần lớn quy trình rời bộ nhớ đệm trước khi đến hạn")
    ] = False,
    temporal: Temporal = TemporalServer.DEVELOPMENT,
) -> None:
    """Deadlines of one second worked off: lag and throughput against bare Temporal timers with an empty
    activity."""
    importlib.import_module("bench.storm").run(deadlines, action, temporal, cold=cold)


@bench.command("relay", help=HELP["bench relay"])
def bench_relay(
    messages: Annotated[int, typer.Option(min=100, help="Bao nhiêu mỗi vòng")] = 3_000,
    rounds: int = 3,
    backlog: Annotated[int, typer.Option(help="Bao nhiêu thông tin chờ trước thông tin được đo")] = 10_000,
) -> None:
    """Messages carried from an outbox to Temporal by one relay, against bare client calls."""
    importlib.import_module("bench.relay").run(messages, rounds, backlog)


@bench.command("migrate", help=HELP["bench migrate"])
def bench_migrate(dossiers: int = 10_000) -> None:
    """A change of rules planned over open dossiers, against the same statements by bare asyncpg."""
    importlib.import_module("bench.migrate").run(dossiers)


@bench.command("lists", help=HELP["bench lists"])
def bench_lists(
    dossiers: Annotated[
        int, typer.Option(min=1_000, help="Bao nhiêu hồ sơ; cứ ba có một đang mở. Đủ cỡ thì cần 20 GB ổ đĩa")
    ] = 1_500_000,
    calls: Annotated[int, typer.Option(min=20, help="Mỗi danh sách được hỏi bao nhiêu lần")] = 200,
) -> None:
    """Every list of the API, with each filter, over a province of many years, beside the same statements
    bare; and the hand-over of a head with 2,000 decisions to make."""
    importlib.import_module("bench.lists").run(dossiers, calls)


@bench.command("pages", help=HELP["bench pages"])
def bench_pages(
    dossiers: Annotated[
        int, typer.Option(min=1_000, help="Bao nhiêu hồ sơ; cứ ba có một đang mở. Đủ cỡ thì cần 20 GB ổ đĩa")
    ] = 1_500_000,
    calls: Annotated[int, typer.Option(min=20, help="Mỗi trang được mở bao nhiêu lần")] = 100,
) -> None:
    """The main pages of each kind of reader over a province of many years, beside what they ask of the
    services bare and a page that asks nothing."""
    importlib.import_module("bench.pages").run(dossiers, calls)
