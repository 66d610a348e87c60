"""The commands. Each imports what it needs when it runs, so that `--help` and `status` answer at once."""

import importlib
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cli import persons, recovery, rehearse_options
from cli.benchmarks import bench
from cli.help_texts import HELP
from cli.joining_group import joining
from cli.reach import As, Reach
from cli.usage import Commands
from embedded.servers import TemporalServer

app = Commands(help="Sáng Kiến: xét công nhận sáng kiến của một tỉnh, từ nộp hồ sơ đến chi trả.")
policy = Commands(help="Bộ quy định (policy packs).")


class Phase(StrEnum):
    """Which migrations are applied."""

    PRE = "pre"
    POST = "post"


app.add_typer(policy, name="policy")
app.add_typer(bench, name="bench")
app.add_typer(joining, name="joining")
app.command(help=HELP["backup"], reach=Reach.HERE)(recovery.backup)
app.command(help=HELP["restore"], reach=Reach.HERE)(recovery.restore)
app.command(help=HELP["reconcile"], reach=Reach.ANYWHERE)(recovery.reconcile)
app.command(help=HELP["stop"], reach=Reach.ANYWHERE)(recovery.stop)
app.command("personal-data", help=HELP["personal-data"], reach=Reach.ANYWHERE)(persons.personal_data)
app.command("erase-personal", help=HELP["erase-personal"], reach=Reach.HERE)(persons.erase_personal)


@app.command(help=HELP["up"], reach=Reach.HERE)
def up(
    detach: Annotated[bool, typer.Option(help="Chạy nền")] = False,
    empty: Annotated[
        bool | None,
        typer.Option(
            "--empty/--sample",
            help="Để tỉnh trống (không có đơn vị, người, hồ sơ mẫu, cũng chưa có bộ quy định), hay nạp tỉnh "
            "mẫu; không nói thì chỉ nạp khi PostgreSQL là của chính lệnh này",
        ),
    ] = None,
) -> None:
    """Start everything; the first start loads a sample province, unless the database was given from outside.
    Ctrl-C stops it."""
    running = importlib.import_module("cli.running")
    (running.start_in_background if detach else running.run_in_foreground)(empty=empty)


@app.command(help=HELP["down"], reach=Reach.HERE)
def down() -> None:
    """Stop what `up` started."""
    importlib.import_module("cli.running").stop()


@app.command(help=HELP["status"], reach=Reach.ANYWHERE)
def status(json: Annotated[bool, typer.Option("--json", help="In dạng JSON")] = False) -> None:
    """What runs, where, and whether it is healthy; exit code 1 when something is not."""
    importlib.import_module("cli.looking").show_status(as_json=json)


@app.command(help=HELP["logs"], reach=Reach.HERE)
def logs(
    name: str,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Theo dõi tiếp")] = False,
    lines: Annotated[int, typer.Option(min=1, help="Bao nhiêu dòng mới nhất")] = 40,
) -> None:
    """The log of one part: organisation, rulebook, postroom, intake, review, payout, worker, postgres,
    temporal, supervisor."""
    importlib.import_module("cli.looking").show_log(name, follow=follow, lines=lines)


@app.command(help=HELP["doctor"], reach=Reach.ANYWHERE)
def doctor(json: Annotated[bool, typer.Option("--json", help="In dạng JSON")] = False) -> None:
    """Check the machine and the running instance: versions, ports, disk, memory of all processes together."""
    importlib.import_module("cli.looking").show_doctor(as_json=json)


@app.command(help=HELP["token"], reach=Reach.HERE)
def token(
    as_: Annotated[str, typer.Option("--as", help="Tài khoản, ví dụ admin")],
    code: Annotated[str, typer.Option(help="Mã dùng một lần, nếu tài khoản có")] = "",
) -> None:
    """Print an access token for an account of the embedded instance."""
    importlib.import_module("cli.signing_in").print_token(as_, code)


@app.command("sign-in", help=HELP["sign-in"], reach=Reach.ANYWHERE)
def sign_in(
    by_code: Annotated[
        bool | None,
        typer.Option(
            "--by-code/--by-browser",
            help="Bằng mã nhập trên máy khác, hay bằng trình duyệt trên máy này; không nói thì bằng trình "
            "duyệt khi máy này có màn hình",
        ),
    ] = None,
) -> None:
    """Sign in at an installation, for the commands that take --server; the sign-in is kept for this user."""
    importlib.import_module("cli.sign_in").sign_in(by_code=by_code)


@app.command("sign-out", help=HELP["sign-out"], reach=Reach.ANYWHERE)
def sign_out() -> None:
    """End the sign-in at an installation."""
    importlib.import_module("cli.sign_in").sign_out()


@app.command(help=HELP["mail"], reach=Reach.HERE)
def mail(
    account: Annotated[str, typer.Argument(help="Chỉ thư gửi tài khoản này")] = "",
    last: Annotated[int, typer.Option(min=1, help="Bao nhiêu dòng mới nhất")] = 10,
) -> None:
    """The mails that the embedded instance sent to nobody but its own catcher."""
    importlib.import_module("cli.mail").show_mails(account, last)


@app.command(help=HELP["history"], reach=Reach.ANYWHERE)
def history(dossier: str, as_: As = "") -> None:
    """Who did what to a dossier, on whose behalf, which rung fired why, under which rules; DOSSIER is an id
    or a code."""
    importlib.import_module("cli.history").show_history(dossier, as_)


@app.command(help=HELP["forecast"], reach=Reach.ANYWHERE)
def forecast(
    days: Annotated[int, typer.Option(min=1, max=366, help="Xem trước bao nhiêu ngày")] = 7,
    ladder: Annotated[
        Path | None,
        typer.Option(help="Thử thang nhắc việc này (YAML, hoặc một bộ quy định) trên dữ liệu đã qua"),
    ] = None,
    level: Annotated[str, typer.Option(help="Với --ladder: cấp nào")] = "UNIT",
    back: Annotated[int, typer.Option(min=1, max=366, help="Với --ladder: lùi lại bao nhiêu ngày")] = 30,
    as_: As = "",
    json: Annotated[bool, typer.Option("--json", help="In dạng JSON")] = False,
) -> None:
    """Which rung of which dossier fires when, and what it would do as things stand; or how a new ladder would
    have worked."""
    forecasting = importlib.import_module("cli.forecast")
    if ladder:
        forecasting.try_ladder(ladder, level, back, as_, as_json=json)
    else:
        forecasting.show_forecast(days, as_, as_json=json)


@app.command(help=HELP["clock"], reach=Reach.ANYWHERE)
def clock(dossier: str, as_: As = "") -> None:
    """Every clock of a dossier as a sum: its budget, days off, what moved it, when it is due; DOSSIER is an
    id or a code."""
    importlib.import_module("cli.clock").show_clocks(dossier, as_)


@app.command(help=HELP["verify"], reach=Reach.ANYWHERE)
def verify(
    dossier: Annotated[str | None, typer.Option(help="Chỉ hồ sơ này; định danh hoặc mã")] = None,
    since: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Từ điểm ký cuối trước ngày này trở đi"),
    ] = None,
    public_key: Annotated[
        list[str] | None, typer.Option(help="Khóa (thập lục phân) có thể đã ký; được nêu nhiều lần")
    ] = None,
) -> None:
    """Verify the histories of all services from their rows: chains, links, signatures. Exit code 1 when
    something does not fit; it is named. Works on the running instance, or on DATABASE_URL."""
    importlib.import_module("cli.verifying").verify(dossier, since, public_key or ())


@app.command(help=HELP["stuck"], reach=Reach.ANYWHERE)
def stuck(as_: As = "", json: Annotated[bool, typer.Option("--json", help="In dạng JSON")] = False) -> None:
    """Everything without progress: the alarms of all services and cases without a next step; why, and what to
    do. Exit code 1 when there is anything."""
    importlib.import_module("cli.stuck").show_stuck(as_, as_json=json)


@app.command(help=HELP["restart"], reach=Reach.ANYWHERE)
def restart(
    reason: Annotated[str, typer.Option(help="Lý do, sẽ được ghi lại")],
    about: Annotated[
        str,
        typer.Argument(
            help="Hồ sơ (định danh hoặc mã), danh sách chi trả hay phương án chuyển tiếp; mặc định: tất cả"
        ),
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Chỉ cho biết sẽ chạy lại những gì")] = False,
    as_: As = "",
) -> None:
    """Start workflows anew, from what the services know, that failed, were terminated or timed out before
    what they are about; without ABOUT every one that is on the alarm list. One that runs is left alone."""
    importlib.import_module("cli.restarting").restart(about, reason, as_, dry_run=dry_run)


@app.command(help=HELP["batch"], reach=Reach.ANYWHERE)
def batch(
    act: Annotated[
        str,
        typer.Argument(
            help="Việc cần làm: accept, mark, decide, verify, approve, take-…, remind-…, extend-…"
        ),
    ],
    file: Annotated[Path, typer.Argument(help="Danh sách JSON, mỗi dòng một định danh, hoặc CSV có cột id")],
    as_: As = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Chỉ nêu việc nào sẽ bị từ chối")] = False,
) -> None:
    """Do one thing to many: a result each, and exit code 29 when something was refused."""
    importlib.import_module("cli.batch").run_batch(act, file, as_, dry_run=dry_run)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True}, help=HELP["test"])
def test(
    context: typer.Context,
    part: Annotated[
        str,
        typer.Argument(
            help="Các phần: unit, store, api, workflows, replay, pages, e2e, durability, cluster, "
            "upgrade, architecture; hoặc mutation"
        ),
    ] = "",
) -> None:
    """Run the suite, or the parts that are named; further arguments go to pytest. `mutation` alone tries the
    tests of the rules of money, marks and clocks."""
    if part == "mutation":
        importlib.import_module("cli.mutation").run_mutation(context.args)
    importlib.import_module("cli.testing").run_tests(part, context.args)


@app.command(help=HELP["lock"])
def lock() -> None:
    """Lock requirements.in anew: versions with hashes, no addresses."""
    importlib.import_module("cli.testing").lock_requirements()


@app.command(help=HELP["migrate"])
def migrate(
    phase: Annotated[
        Phase | None, typer.Argument(help="Chỉ phần trước hoặc sau mã mới; mặc định: cả hai")
    ] = None,
) -> None:
    """Bring the database at DATABASE_URL (as its admin) up to date: roles, tables, grants; passwords from
    ORGANISATION_DB_PASSWORD, INTAKE_DB_PASSWORD and so on (hexadecimal). Repeat-safe."""
    importlib.import_module("cli.deploying").migrate(phase)


@app.command("import", help=HELP["import"], reach=Reach.ANYWHERE)
def import_(
    file: Annotated[Path, typer.Argument(help="Danh sách sáng kiến bằng Excel (a list of initiatives)")],
    unit: Annotated[str, typer.Option(help="Mã đơn vị, gồm cả các đơn vị cấp dưới (code of the unit)")],
    season: Annotated[str, typer.Option(help="Mã đợt xét (code of the season)")],
    as_: As = "",
    confirm: Annotated[
        bool, typer.Option("--confirm", help="Lập bản nháp đúng như đã hiện (make the drafts)")
    ] = False,
    leave_doubtful: Annotated[
        bool, typer.Option("--leave-doubtful", help="Bỏ lại sáng kiến còn chỗ phải trả lời (leave them out)")
    ] = False,
    answers: Annotated[
        Path | None, typer.Option(help="Câu trả lời theo ô, JSON (answers by cell: answers, people, units)")
    ] = None,
    marked: Annotated[
        Path | None, typer.Option(help="Ghi danh sách với các ô cần xem được tô màu vào đây (marked list)")
    ] = None,
) -> None:
    """Read a list of initiatives kept in Excel and show every reading and every doubt by its cell; with
    --confirm, make drafts of it for the first authors, who complete and file them."""
    importing = importlib.import_module("cli.importing")
    importing.import_list(
        importing.Options(
            file=file,
            unit=unit,
            season=season,
            account=as_,
            confirm=confirm,
            leave_doubtful=leave_doubtful,
            answers=answers,
            marked=marked,
        )
    )


@app.command(help=HELP["rehearse"])
def rehearse(
    input: rehearse_options.Input = None,
    dossiers: rehearse_options.Dossiers = None,
    silent: rehearse_options.Silent = 0.15,
    leave: rehearse_options.Leave = 0.1,
    seed: rehearse_options.Seed = 1,
    day: rehearse_options.Day = None,
    json: rehearse_options.Json = None,
    kill: rehearse_options.Kill = False,
    keep: rehearse_options.Keep = False,
    switch_tier_on: rehearse_options.SwitchTierOn = None,
    switch_back_after: rehearse_options.SwitchBackAfter = None,
    policy: rehearse_options.Policy = None,
    compare: rehearse_options.Compare = False,
    succession: rehearse_options.Succession = None,
    on: rehearse_options.On = None,
    through_pages: rehearse_options.ThroughPages = 0,
    temporal: rehearse_options.Temporal = TemporalServer.DEVELOPMENT,
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
        succession=succession,
        succession_on=on.date() if on else None,
        through_pages=through_pages,
        server=temporal,
    )
    raise typer.Exit(rehearsing.run(options))


@app.command(help=HELP["succession"], reach=Reach.ANYWHERE)
def succession(
    sheet: Annotated[
        Path, typer.Argument(help="XLSX hoặc CSV: đơn vị cũ, bước, đơn vị mới, tên mới, các đơn vị")
    ],
    document: Annotated[str, typer.Option(help="Văn bản của việc sắp xếp, ví dụ 1672/NQ-UBTVQH15")],
    on: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Ngày bắt đầu có hiệu lực")],
    as_: As = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Chỉ nêu phương án sẽ làm gì, không ghi gì")
    ] = False,
) -> None:
    """Draft an act about units (merge, split, end, move, rename) from a sheet, with a verdict for every unit,
    post and open case; another administrator approves it."""
    drafting = importlib.import_module("cli.succession")
    drafting.draft(sheet, document, on.date(), as_, dry_run=dry_run)


@policy.command("check", help=HELP["policy check"])
def policy_check(file: Path) -> None:
    """Check a policy pack; names line, path and reason of every fault."""
    importlib.import_module("cli.policy").check(file)


@policy.command("diff", help=HELP["policy diff"], reach=Reach.ANYWHERE)
def policy_diff(
    old: str, new: str, english: Annotated[bool, typer.Option("--english", help="Bằng tiếng Anh")] = False
) -> None:
    """What changes from pack OLD to pack NEW, in sentences; each is a file, or name@version of the running
    instance."""
    importlib.import_module("cli.policy").tell_difference(old, new, english=english)


@policy.command("explain", help=HELP["policy explain"], reach=Reach.ANYWHERE)
def policy_explain(
    pack: str, english: Annotated[bool, typer.Option("--english", help="Bằng tiếng Anh")] = False
) -> None:
    """Every rule of a pack as a sentence with its basis; PACK is a file, or name@version of the running
    instance."""
    importlib.import_module("cli.policy").explain_pack(pack, english=english)


@policy.command("schema", help=HELP["policy schema"])
def policy_schema() -> None:
    """Print the JSON Schema of policy packs."""
    importlib.import_module("cli.policy").print_schema()
