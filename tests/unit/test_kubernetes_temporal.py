"""The parts that speak to Temporal, and no others, are given its certificates where an overlay says so."""

from pathlib import Path

import kubernetes_validate
import pytest

from kit.settings import settings_of
from kit.temporal_settings import TemporalSettings
from tests.certificates import Authority
from tests.manifests import Manifest, container, pod_labels, with_component

PLACE = "/run/secrets/temporal"
REACHES_TEMPORAL = "sangkien.vn/reaches-temporal"


@pytest.fixture
def deployments(tmp_path: Path) -> dict[str, Manifest]:
    """Those of the base with the component."""
    found = [one for one in with_component("temporal-tls", tmp_path) if one["kind"] == "Deployment"]
    return {one["metadata"]["name"]: one for one in found}


def test_who_speaks_to_temporal_is_given_its_certificates(
    deployments: dict[str, Manifest], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = Authority(tmp_path)
    pair = authority.issue("mine")
    for file, name in ((authority.file, "ca.crt"), (pair.certificate, "tls.crt"), (pair.key, "tls.key")):
        file.rename(tmp_path / name)
    for name, part in deployments.items():
        told = {
            one["name"]: one["value"]
            for one in container(part).get("env", ())
            if one["name"].startswith("TEMPORAL_")
        }
        mounted = [one["mountPath"] for one in container(part).get("volumeMounts", ())]
        speaks_to_temporal = REACHES_TEMPORAL in pod_labels(part)
        assert (PLACE in mounted) == bool(told) == speaks_to_temporal, name
        if speaks_to_temporal:
            kubernetes_validate.validate(dict(part), "1.32", strict=True)
            with monkeypatch.context() as environment:
                for variable, value in told.items():
                    environment.setenv(variable, value.replace(PLACE, str(tmp_path)))
                read = settings_of(TemporalSettings, "worker")
            assert read.speaks_tls
            assert read.temporal_tls_client_key_path == tmp_path / "tls.key"
