"""What `up` says to try next shows something, in whichever year it starts again."""

import json
from pathlib import Path

import pytest

from cli import running
from cli.first_start import keep_sample
from embedded.instance import Instance
from embedded.layout import default_ports
from embedded.secrets_file import SecretsFile


@pytest.fixture
def instance(tmp_path: Path) -> Instance:
    made = Instance(data=tmp_path, ports=default_ports())
    made.secrets = SecretsFile(tmp_path / "secrets.json")
    made.secrets["accounts"] = json.dumps([["vanthu.t001", "", "văn thư"]])
    return made


def test_the_first_dossier_is_named_by_the_year_it_was_filed_in(instance: Instance) -> None:
    keep_sample(instance, filed_in=2024)
    assert "./sangkien history SK-2024-00001" in running.next_commands(instance)


def test_what_was_filed_in_a_year_nobody_knows_is_not_named(instance: Instance) -> None:
    assert not any("history" in command for command in running.next_commands(instance))
