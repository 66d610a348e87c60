"""The commands. Each imports what it needs when it runs, so that `--help` and `status` answer at once."""

import importlib
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="Sáng Kiến: xét công nhận sáng kiến của một tỉnh, từ nộp hồ sơ đến chi trả.",
)
policy = typer.Typer(no_args_is_help=True, help="Bộ quy định (policy packs).")
bench = typer.Typer(no_args_is_help=True, help="Đo hiệu năng, luôn kèm mức sàn đo cùng lúc (benchmarks).")


class Phase(StrEnum):
    """Which migrations are applied."""

    PRE = "pre"
    POST = "post"


app.add_typer(policy, name="policy")
app.add_typer(bench, name="bench")


@app.command()
def up(
    detach: Annotated[bool, typer.Option(help="Go on in the background")] = False,
    empty: Annotated[
        bool, typer.Option(help="Leave the province bare: no sample units, people or dossiers")
    ] = False,
) -> None:
    """Start everything; the first start loads a sample province. Ctrl-C stops it."""
    running = importlib.import_module("cli.running")
    (running.start_in_background if detach else running.run_in_foreground)(empty=empty)


@app.command()
def down() -> None:
    """Stop what `up` started."""
    importlib.import_module("cli.running").stop()


@app.command()
def status(json: Annotated[bool, typer.Option("--json", help="As JSON")] = False) -> None:
    """What runs, where, and whether it is healthy; exit code 1 when something is not."""
    importlib.import_module("cli.looking").show_status(as_json=json)


@app.command()
def logs(
    name: str,
    follow: Annotated[bool, typer.Option("--follow", "-f")] = False,
    lines: Annotated[int, typer.Option(min=1, help="How many, the newest")] = 40,
) -> None:
    """The log of one part: organisation, rulebook, postroom, intake, review, payout, worker, postgres,
    temporal, supervisor."""
    importlib.import_module("cli.looking").show_log(name, follow=follow, lines=lines)


@app.command()
def doctor(json: Annotated[bool, typer.Option("--json", help="As JSON")] = False) -> None:
    """Check the machine and the running instance: versions, ports, disk, memory of all processes together."""
    importlib.import_module("cli.looking").show_doctor(as_json=json)


@app.command()
def token(as_: Annotated[str, typer.Option("--as", help="Account, e.g. admin")]) -> None:
    """Print an access token for an account of the embedded instance."""
    importlib.import_module("cli.signing_in").print_token(as_)


@app.command()
def mail(
    account: Annotated[str, typer.Argument(help="Only mails to this account")] = "",
    last: Annotated[int, typer.Option(min=1, help="How many, the newest")] = 10,
) -> None:
    """The mails that the embedded instance sent to nobody but its own catcher."""
    importlib.import_module("cli.mail").show_mails(account, last)


@app.command()
def history(
    dossier: str, as_: Annotated[str, typer.Option("--as", help="Account that looks")] = "admin"
) -> None:
    """Who did what to a dossier, on whose behalf, which rung fired why, under which rules; DOSSIER is an id
    or a code."""
    importlib.import_module("cli.history").show_history(dossier, as_)


@app.command()
def forecast(
    days: Annotated[int, typer.Option(min=1, max=366, help="How far to look ahead")] = 7,
    ladder: Annotated[
        Path | None, typer.Option(help="Instead: try this ladder (YAML, or a pack) on the past")
    ] = None,
    level: Annotated[str, typer.Option(help="With --ladder: the level")] = "UNIT",
    back: Annotated[int, typer.Option(min=1, max=366, help="With --ladder: how many days back")] = 30,
    as_: Annotated[str, typer.Option("--as", help="Account that looks")] = "admin",
    json: Annotated[bool, typer.Option("--json", help="As JSON")] = False,
) -> None:
    """Which rung of which dossier fires when, and what it would do as things stand; or how a new ladder would
    have worked."""
    forecasting = importlib.import_module("cli.forecast")
    if ladder:
        forecasting.try_ladder(ladder, level, back, as_, as_json=json)
    else:
        forecasting.show_forecast(days, as_, as_json=json)


@app.command()
def clock(
    dossier: str, as_: Annotated[str, typer.Option("--as", help="Account that looks")] = "admin"
) -> None:
    """Every clock of a dossier as a sum: its budget, days off, what moved it, when it is due; DOSSIER is an
    id or a code."""
    importlib.import_module("cli.clock").show_clocks(dossier, as_)


@app.command()
def verify(
    dossier: Annotated[str | None, typer.Option(help="Only this one; an id or a code")] = None,
    since: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="From the last checkpoint before this day on"),
    ] = None,
    public_key: Annotated[
        list[str] | None, typer.Option(help="A key (hexadecimal) that may have signed; can be repeated")
    ] = None,
) -> None:
    """Verify the histories of all services from their rows: chains, links, signatures. Exit code 1 when
    something does not fit; it is named. Works on the running instance, or on DATABASE_URL."""
    importlib.import_module("cli.verifying").verify(dossier, since, public_key or ())


@app.command()
def restart(
    reason: Annotated[str, typer.Option(help="Why, as it is recorded")],
    about: Annotated[
        str, typer.Argument(help="A dossier (id or code), payment list or change of rules; default: all")
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would be started")] = False,
    as_: Annotated[str, typer.Option("--as", help="Administrator on whose word it is done")] = "admin",
) -> None:
    """Start workflows anew, from what the services know, that failed, were terminated or timed out before
    what they are about; without ABOUT every one that is on the alarm list. One that runs is left alone."""
    importlib.import_module("cli.restarting").restart(about, reason, as_, dry_run=dry_run)


@app.command("erase-personal")
def erase_personal(
    person_id: str,
    reason: Annotated[str, typer.Option(help="Why, as it is recorded: a file number, no name")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would be erased")] = False,
    as_: Annotated[str, typer.Option("--as", help="Account on whose word it is done")] = "admin",
) -> None:
    """Erase a person's values from the histories of all services, for ever; that it was done is recorded, and
    the histories still verify. Repeat-safe. Works on the running instance, or on DATABASE_URL."""
    importlib.import_module("cli.erasing").erase_personal(person_id, reason, as_, dry_run=dry_run)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def test(
    context: typer.Context,
    part: Annotated[
        str, typer.Argument(help="unit, store, api, workflows, replay, e2e, durability, architecture")
    ] = "",
) -> None:
    """Run the suite, or the parts that are named; further arguments go to pytest."""
    importlib.import_module("cli.testing").run_tests(part, context.args)


@app.command()
def lock() -> None:
    """Lock requirements.in anew: versions with hashes, no addresses."""
    importlib.import_module("cli.testing").lock_requirements()


@app.command()
def migrate(
    phase: Annotated[
        Phase | None, typer.Argument(help="Only what goes before or after the new code; default: both")
    ] = None,
) -> None:
    """Bring the database at DATABASE_URL (as its admin) up to date: roles, tables, grants; passwords from
    ORGANISATION_DB_PASSWORD, INTAKE_DB_PASSWORD and so on (hexadecimal). Repeat-safe."""
    importlib.import_module("cli.deploying").migrate(phase)


@app.command()
def rehearse(
    input: Annotated[
        Path | None, typer.Option(help="Excel list of dossiers; default: the first 60 of the sample")
    ] = None,
    dossiers: Annotated[
        int | None,
        typer.Option(min=1, help="How many dossiers; a shorter list begins again in further districts"),
    ] = None,
    silent: Annotated[
        float, typer.Option(min=0, max=1, help="Share of council members who never act")
    ] = 0.15,
    leave: Annotated[
        float,
        typer.Option(min=0, max=1, help="Share of council members who go on leave, some with a delegation"),
    ] = 0.1,
    seed: Annotated[int, typer.Option(help="Same seed, same people")] = 1,
    day: Annotated[
        float | None,
        typer.Option(min=0.01, help="Real seconds a day lasts; default: by the number of dossiers"),
    ] = None,
    json: Annotated[Path | None, typer.Option(help="Write the report here")] = None,
    kill: Annotated[bool, typer.Option("--kill", help="kill -9 a random process every few seconds")] = False,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the private instance's data")] = False,
    switch_tier_on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="End the district level on this day")
    ] = None,
    switch_back_after: Annotated[
        int | None, typer.Option(min=1, max=60, help="… and so many days later take all of it back")
    ] = None,
    policy: Annotated[
        list[str] | None,
        typer.Option(help="Under this pack: a file, or name@version of the running instance"),
    ] = None,
    compare: Annotated[
        bool,
        typer.Option(
            "--compare", help="Same people under two packs: the sample pack of that time, or two --policy"
        ),
    ] = False,
) -> None:
    """Run a whole season on a private instance in minutes and check it independently; exit code 1 on any
    violation."""
    rehearsing = importlib.import_module("rehearsal.command")
    options = rehearsing.Options(
        input=input,
        dossiers=dossiers,
        silent=silent,
        leave=leave,
        seed=seed,
        day_seconds=day,
        report=json,
        kill=kill,
        keep=keep,
        switch_tier_on=switch_tier_on.date() if switch_tier_on else None,
        policies=policy or (),
        compare=compare,
        switch_back_after=switch_back_after,
    )
    raise typer.Exit(rehearsing.run(options))


@policy.command("check")
def policy_check(file: Path) -> None:
    """Check a policy pack; names line, path and reason of every fault."""
    importlib.import_module("cli.policy").check(file)


@policy.command("diff")
def policy_diff(
    old: str, new: str, english: Annotated[bool, typer.Option("--english", help="In English")] = False
) -> None:
    """What changes from pack OLD to pack NEW, in sentences; each is a file, or name@version of the running
    instance."""
    importlib.import_module("cli.policy").tell_difference(old, new, english=english)


@policy.command("explain")
def policy_explain(
    pack: str, english: Annotated[bool, typer.Option("--english", help="In English")] = False
) -> None:
    """Every rule of a pack as a sentence with its basis; PACK is a file, or name@version of the running
    instance."""
    importlib.import_module("cli.policy").explain_pack(pack, english=english)


@policy.command("schema")
def policy_schema() -> None:
    """Print the JSON Schema of policy packs."""
    importlib.import_module("cli.policy").print_schema()


@bench.command("journey")
def bench_journey(cases: int = 40, rounds: int = 3) -> None:
    """Whole journeys through HTTP against a bare workflow of the same shape on the same Temporal server."""
    importlib.import_module("bench.journey").run(cases, rounds)


@bench.command("intake")
def bench_intake(filings: int = 400, rounds: int = 3) -> None:
    """Filings through HTTP against bare ASGI and asyncpg doing the same inserts."""
    importlib.import_module("bench.intake").run(filings, rounds)


@bench.command("storm")
def bench_storm(
    deadlines: Annotated[int, typer.Option(min=10, help="How many are due in the same second")] = 1_000,
    action: Annotated[
        str, typer.Option(help="What every one of their rungs does: HAND_UP, REMIND …")
    ] = "HAND_UP",
    cold: Annotated[
        bool, typer.Option(help="Let most runs leave the worker's cache before they are due")
    ] = False,
) -> None:
    """Deadlines of one second worked off: lag and throughput against bare Temporal timers with an empty
    activity."""
    importlib.import_module("bench.storm").run(deadlines, action, cold=cold)


@bench.command("relay")
def bench_relay(
    words: Annotated[int, typer.Option(min=100, help="How many a round")] = 3_000,
    rounds: int = 3,
    backlog: Annotated[
        int, typer.Option(help="How many wait before the one whose delay is measured")
    ] = 10_000,
) -> None:
    """Words carried from an outbox to Temporal by one relay, against bare client calls."""
    importlib.import_module("bench.relay").run(words, rounds, backlog)


@bench.command("migrate")
def bench_migrate(dossiers: int = 10_000) -> None:
    """A change of rules planned over open dossiers, against the same statements by bare asyncpg."""
    importlib.import_module("bench.migrate").run(dossiers)


@bench.command("lists")
def bench_lists(
    dossiers: Annotated[
        int, typer.Option(min=1_000, help="How many; every third is open. The full size takes 20 GB of disk")
    ] = 1_500_000,
    calls: Annotated[int, typer.Option(min=20, help="So often each list is asked for")] = 200,
) -> None:
    """Every list of the API, with each filter, over a province of many years, beside the same statements
    bare; and the hand-over of a head with 2,000 decisions to make."""
    importlib.import_module("bench.lists").run(dossiers, calls)
