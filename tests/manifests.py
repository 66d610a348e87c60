"""What is given to a cluster: the overlays as kubectl renders them, and beside them the containers of
docker-compose.yml."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "deploy" / "kubernetes"
OVERLAYS = ("small", "large")
FOREIGN = frozenset({"keda.sh/v1alpha1"})
"""Kinds that a cluster knows once somebody has installed them."""
SECRETS = "/run/secrets/sangkien"
Manifest = Mapping[str, Any]


@cache
def rendered(overlay: str) -> tuple[Manifest, ...]:
    """Every object of an overlay."""
    if shutil.which("kubectl") is None:
        pytest.skip("overlays are rendered by kubectl, which is not here")
    command = ["kubectl", "kustomize", str(FOLDER / "overlays" / overlay)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return tuple(yaml.safe_load_all(done.stdout))


def with_component(name: str, folder: Path) -> list[Manifest]:
    """Every object of the base with this component; the overlay is written into the folder."""
    if shutil.which("kubectl") is None:
        pytest.skip("overlays are rendered by kubectl, which is not here")
    base, component = (
        os.path.relpath(FOLDER / one, folder.resolve()) for one in ("base", f"components/{name}")
    )
    overlay = {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "resources": [base],
        "components": [component],
    }
    (folder / "kustomization.yaml").write_text(yaml.safe_dump(overlay))
    done = subprocess.run(["kubectl", "kustomize", str(folder)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return list(yaml.safe_load_all(done.stdout))


def of_kind(overlay: str, *kinds: str) -> dict[str, Manifest]:
    """Those of these kinds, by name."""
    return {one["metadata"]["name"]: one for one in rendered(overlay) if one["kind"] in kinds}


def container(workload: Manifest) -> Manifest:
    """The one container of a Deployment or a Job."""
    [only] = workload["spec"]["template"]["spec"]["containers"]
    found: Manifest = only
    return found


def pod_labels(workload: Manifest) -> Mapping[str, str]:
    """The labels of its pods."""
    found: Mapping[str, str] = workload["spec"]["template"]["metadata"]["labels"]
    return found


def settings(overlay: str) -> dict[str, str]:
    """What all parts are told."""
    [found] = [
        one["data"] for name, one in of_kind(overlay, "ConfigMap").items() if name.startswith("settings-")
    ]
    return dict(found)


def told(overlay: str, workload: Manifest) -> dict[str, str]:
    """The environment of its container."""
    own = {one["name"]: one["value"] for one in container(workload).get("env", ())}
    has_settings = any("configMapRef" in one for one in container(workload).get("envFrom", ()))
    return {**(settings(overlay) if has_settings else {}), **own}


def secret_items(workload: Manifest) -> dict[str, str]:
    """Which key of the secret lies under which name in its folder of secrets."""
    volumes = workload["spec"]["template"]["spec"]["volumes"]
    of_secrets = [one["secret"] for one in volumes if "secret" in one]
    return {item["path"]: item["key"] for one in of_secrets for item in one["items"]}


def new_secrets(database: str = "db.test:5432/sangkien", *prefix: str) -> dict[str, str]:
    """The keys of a new installation, as the script prints them."""
    script = FOLDER / "new-secrets"
    done = subprocess.run([script, database, *prefix], capture_output=True, text=True, check=True)
    return dict(line.split("=", 1) for line in done.stdout.splitlines())


@cache
def compose() -> Mapping[str, Any]:
    """docker-compose.yml, its variables unread."""
    found: Mapping[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    return found


def own_containers() -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Of docker-compose.yml: those that run our image."""
    for name, service in compose()["services"].items():
        if service["image"].startswith("sangkien:"):
            yield name, service
