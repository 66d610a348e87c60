"""Two builds of the workflow worker side by side, where an overlay says so: the next one is the worker in
everything but its image and its build."""

import copy
import os
import shutil
import subprocess
from typing import Any

import kubernetes_validate
import pytest
import yaml

from kit.settings import settings_of
from kit.temporal_settings import VersionSettings
from tests.manifests import FOLDER, Manifest, container

COMPONENT = "app.kubernetes.io/component"
OVERLAY: dict[str, Any] = {
    "apiVersion": "kustomize.config.k8s.io/v1beta1",
    "kind": "Kustomization",
    "namespace": "sangkien",
    "images": [
        {"name": "sangkien", "newTag": "0.1.0"},
        {"name": "sangkien-next", "newName": "sangkien", "newTag": "0.2.0"},
    ],
    "configMapGenerator": [
        {"name": "settings", "behavior": "merge", "literals": ["BUILD_ID=0.1.0"]},
        {"name": "worker-next", "literals": ["TEMPORAL_WORKER_BUILD_ID=0.2.0"]},
    ],
}


@pytest.fixture(scope="module")
def objects(tmp_path_factory: pytest.TempPathFactory) -> list[Manifest]:
    """Those of the base with both components that are about the worker."""
    if shutil.which("kubectl") is None:
        pytest.skip("overlays are rendered by kubectl, which is not here")
    folder = tmp_path_factory.mktemp("overlay").resolve()
    base, versions, tls = (
        os.path.relpath(FOLDER / name, folder)
        for name in ("base", "components/worker-versions", "components/temporal-tls")
    )
    overlay = OVERLAY | {"resources": [base], "components": [versions, tls]}
    (folder / "kustomization.yaml").write_text(yaml.safe_dump(overlay))
    done = subprocess.run(["kubectl", "kustomize", str(folder)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return list(yaml.safe_load_all(done.stdout))


def of(objects: list[Manifest], kind: str, name: str) -> dict[str, Any]:
    [found] = [one for one in objects if one["kind"] == kind and one["metadata"]["name"] == name]
    return copy.deepcopy(dict(found))


@pytest.mark.parametrize("kind", ["Deployment", "PodDisruptionBudget"])
def test_the_next_worker_is_the_worker_in_everything_but_image_and_build(
    objects: list[Manifest], kind: str
) -> None:
    worker, following = of(objects, kind, "worker"), of(objects, kind, "worker-next")
    kubernetes_validate.validate(following, "1.32", strict=True)
    if kind == "Deployment":
        [part] = following["spec"]["template"]["spec"]["containers"]
        assert (container(worker)["image"], part["image"]) == ("sangkien:0.1.0", "sangkien:0.2.0")
        part["image"] = container(worker)["image"]
        del part["envFrom"][1:]
    assert yaml.safe_dump(following).replace("worker-next", "worker") == yaml.safe_dump(worker)


def test_each_is_a_build_of_one_deployment(objects: list[Manifest], monkeypatch: pytest.MonkeyPatch) -> None:
    data = {one["metadata"]["name"]: one["data"] for one in objects if one["kind"] == "ConfigMap"}
    builds = {}
    for name in ("worker", "worker-next"):
        part = container(of(objects, "Deployment", name))
        told: dict[str, str] = {}
        for source in part["envFrom"]:
            told |= data[source["configMapRef"]["name"]]
        told |= {one["name"]: one["value"] for one in part["env"]}
        with monkeypatch.context() as environment:
            for variable, value in told.items():
                environment.setenv(variable, value)
            read = settings_of(VersionSettings, "worker")
        assert read.temporal_deployment_name == "sangkien"
        builds[name] = read.build
    assert builds == {"worker": "0.1.0", "worker-next": "0.2.0"}
