"""What the first start on a data folder does once the services are healthy: an administrator, the policy
packs, and a sample province."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cli.sample import load as load_sample
from embedded.errors import StartFailed
from embedded.instance import Instance

_DONE = "first_start_done"
_ACCOUNTS = "accounts"
_FILED_IN = "sample_filed_in"
_ADMINISTRATOR = "quản trị viên tỉnh; có việc cần cả hai người"


@dataclass(frozen=True, slots=True)
class FirstAccount:
    """Somebody who can sign in. The password is not known if the account was there before this data
    folder."""

    name: str
    password: str
    who: str


def stays_empty(instance: Instance, asked: bool | None) -> bool:
    """Whether nothing made up gets in: as asked; otherwise a database that somebody gave is theirs alone."""
    return bool(instance.external_database) if asked is None else asked


async def complete_first_start(instance: Instance, *, empty: bool, rules: bool = True) -> None:
    """Do what is missing; without `rules` no pack is in force. Repeat-safe: a first start that was
    interrupted is completed by the next."""
    if instance.secrets.get(_DONE):
        return
    accounts = await _bootstrap(instance, rules=rules)
    _keep(instance, accounts)
    if not empty:
        instance.say("lần chạy đầu: đang nạp tỉnh mẫu, nộp các hồ sơ đầu tiên (loading the sample province)")
        summary = await load_sample(instance)
        passwords = await give_passwords(instance, [name for name, _, _ in summary.accounts])
        accounts += [FirstAccount(name, passwords.get(name, ""), who) for name, _, who in summary.accounts]
        keep_sample(instance, filed_in=summary.filed_in)
        instance.say(f"lần chạy đầu: đã nộp {summary.filed} hồ sơ (dossiers filed)")
    _keep(instance, accounts)
    instance.secrets[_DONE] = "yes"


def known_accounts(instance: Instance) -> list[FirstAccount]:
    """The accounts that the first start made."""
    return [FirstAccount(*account) for account in json.loads(instance.secrets.get(_ACCOUNTS) or "[]")]


def keep_sample(instance: Instance, *, filed_in: int) -> None:
    """The year in which the sample was filed, and whose codes it has."""
    instance.secrets[_FILED_IN] = str(filed_in)


def first_code(instance: Instance) -> str | None:
    """The code of the first dossier of the sample; None where nobody knows its year."""
    year = instance.secrets.get(_FILED_IN)
    return f"SK-{year}-00001" if year else None


def _keep(instance: Instance, accounts: list[FirstAccount]) -> None:
    instance.secrets[_ACCOUNTS] = json.dumps(
        [(account.name, account.password, account.who) for account in accounts]
    )


async def give_passwords(instance: Instance, names: Sequence[str]) -> dict[str, str]:
    """Passwords for made-up people, so that one can sign in as each of them."""
    given: dict[str, str] = await _job(instance, "processes.sample_passwords", *names)
    return given


async def _job(instance: Instance, module: str, *words: str) -> Any:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        *words,
        env=instance.environment("organisation", "rulebook"),
        stdout=PIPE,
        stderr=PIPE,
    )
    told, complaint = await process.communicate()
    if process.returncode != 0:
        raise StartFailed(
            "Không lập được các tài khoản đầu tiên (the first accounts could not be made): "
            f"{complaint.decode(errors='replace').strip()[-500:]}"
        )
    return json.loads(told.splitlines()[-1])


async def _bootstrap(instance: Instance, *, rules: bool) -> list[FirstAccount]:
    made = await _job(instance, "processes.bootstrap", *(["--samples"] if rules else []))
    earlier = {account.name: account.password for account in known_accounts(instance)}
    return [
        FirstAccount(name, password or earlier.get(name, ""), _ADMINISTRATOR)
        for name, password in made["accounts"].items()
    ]
