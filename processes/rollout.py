"""`python -m processes.rollout`: which build of the workflow worker gets the work, where workers are versions
of a deployment. Shows it, as one line of JSON, and changes it:

    current [BUILD]         all work goes to this build, or to that of the environment
    ramp PERCENT [BUILD]    so much of it does; with 0 nothing ramps any more
    unversioned             all work goes to workers that are not versioned

With `--dry-run` nothing is changed. A build must have been there; a minute is waited for it."""

import argparse
import asyncio
import dataclasses
import json
import sys
from typing import Final

from temporalio.client import Client
from temporalio.converter import DataConverter
from temporalio.service import RPCError

from kit.settings import settings_of
from kit.temporal import UNREACHED, reach
from kit.temporal_settings import TemporalSettings, VersionSettings
from kit.temporal_tls import advice_on
from kit.versions import make_current, ramp, require_known, routing_of
from language.names import TaskQueue
from language.refusals import OWN_WORDS, Refusal
from processes.starting import refusals_told

_WAIT_SECONDS: Final = 60.0
_ALL: Final = 100.0


class RolloutSettings(TemporalSettings, VersionSettings):
    """How Temporal is reached, and which build this is."""


class NoDeployment(Refusal):
    """The workers are not versions of anything."""

    status = 422
    vi = "Chưa đặt TEMPORAL_DEPLOYMENT_NAME: bộ chạy quy trình không chia theo bản dựng."
    en = "TEMPORAL_DEPLOYMENT_NAME is not set: workers are not versioned."


class TemporalUnreached(Refusal):
    """The server cannot be asked."""

    status = 503
    longest_fact = OWN_WORDS
    vi = "Không hỏi được Temporal: {advice}."
    en = "Temporal cannot be asked."


class TemporalRefuses(Refusal):
    """The server does not route work so."""

    status = 409
    vi = "Temporal không nhận: {reason}."
    en = "Temporal does not take this: {reason}."


def main(words: list[str]) -> None:
    """Do what the words say, and show who gets the work then."""
    asked = _parser().parse_args(words)
    with refusals_told():
        settings = settings_of(RolloutSettings, TaskQueue.WORKFLOWS)
        sys.stdout.write(json.dumps(asyncio.run(_roll_out(settings, asked)), ensure_ascii=False) + "\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m processes.rollout", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--dry-run", action="store_true")
    acts = parser.add_subparsers(dest="act")
    acts.add_parser("current").add_argument("build", nargs="?")
    ramping = acts.add_parser("ramp")
    ramping.add_argument("percent", type=_percentage)
    ramping.add_argument("build", nargs="?")
    acts.add_parser("unversioned")
    return parser


def _percentage(text: str) -> float:
    value = float(text)
    if not 0 <= value <= _ALL:
        raise ValueError(text)
    return value


async def _roll_out(settings: RolloutSettings, asked: argparse.Namespace) -> dict[str, object]:
    deployment = settings.temporal_deployment_name
    if not deployment:
        raise NoDeployment
    try:
        client = await reach(settings, DataConverter.default)
    except UNREACHED as error:
        raise TemporalUnreached(advice=advice_on(str(error), settings)) from None
    before = await routing_of(client, deployment)
    if asked.act:
        build = getattr(asked, "build", None) or settings.build
        try:
            await _change(client, deployment, asked, build)
        except RPCError as error:
            raise TemporalRefuses(reason=error.message) from None
    routing = await routing_of(client, deployment)
    shown: dict[str, object] = {"deployment": deployment, **dataclasses.asdict(routing)}
    # Workers come and go meanwhile; that is no change of ours.
    is_changed = dataclasses.replace(routing, builds=before.builds) != before
    return shown | {"changed": is_changed, "dry_run": asked.dry_run}


async def _change(client: Client, deployment: str, asked: argparse.Namespace, build: str) -> None:
    takes_away = asked.act == "unversioned" or (asked.act == "ramp" and not asked.percent)
    if not takes_away:
        await require_known(client, deployment, build, _WAIT_SECONDS)
    if asked.dry_run:
        return
    if asked.act == "ramp":
        await ramp(client, deployment, build, asked.percent)
    else:
        await make_current(client, deployment, "" if takes_away else build)


if __name__ == "__main__":
    main(sys.argv[1:])
