"""What a real Kubernetes API server says of what is given to it: taken as it is, and what would be wrong is
refused. Nothing runs: there are no controllers and no kubelet."""

import copy
import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from cli.api_server import ApiServerMissing, installed
from tests.conftest import free_port
from tests.manifests import FOLDER, FOREIGN, OVERLAYS, of_kind, rendered

TOKEN = "only-for-tests"
Kubectl = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session", autouse=True)
def programs() -> None:
    """Temporal's are not needed here."""


@pytest.fixture(scope="module")
def kubectl(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kubectl]:
    """kubectl, speaking to a server of its own that knows the namespace."""
    try:
        server, etcd = installed()
    except ApiServerMissing as missing:
        pytest.skip(str(missing))
    folder = tmp_path_factory.mktemp("kubernetes")
    with (folder / "log").open("ab") as log:
        commands = _commands(folder, server, etcd)
        running = [subprocess.Popen(command, cwd=folder, stderr=log) for command in commands]

    def call(*words: str, objects: Sequence[Any] = ()) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["kubectl", "--kubeconfig", str(folder / "kubeconfig"), *words],
            input=yaml.safe_dump_all(objects) if objects else None,
            capture_output=True,
            text=True,
            check=False,
        )

    try:
        until = time.monotonic() + 90
        while call("get", "--raw", "/readyz").returncode:
            assert time.monotonic() < until, (folder / "log").read_text()[-2000:]
            time.sleep(0.5)
        namespace = of_kind("small", "Namespace")["sangkien"]
        assert call("apply", "--filename", "-", objects=[namespace]).returncode == 0
        yield call
    finally:
        for process in reversed(running):
            process.kill()
            process.wait()


def _commands(folder: Path, server: Path, etcd: Path) -> list[list[str]]:
    """How both are started, with a kubeconfig beside them; on 127.0.0.1 only."""
    store, peers, port = (free_port() for _ in range(3))
    address, own = f"http://127.0.0.1:{store}", f"https://127.0.0.1:{port}"
    key = folder / "sa.key"
    subprocess.run(["openssl", "genrsa", "-out", key, "2048"], check=True, capture_output=True)
    (folder / "tokens.csv").write_text(f"{TOKEN},admin,1,system:masters\n")
    cluster = {"server": own, "insecure-skip-tls-verify": True}
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "c", "cluster": cluster}],
        "users": [{"name": "u", "user": {"token": TOKEN}}],
        "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u"}}],
        "current-context": "x",
    }
    (folder / "kubeconfig").write_text(yaml.safe_dump(config))
    peer = f"http://127.0.0.1:{peers}"
    return [
        [
            *(
                str(etcd),
                "--data-dir",
                "data",
                "--listen-client-urls",
                address,
                "--advertise-client-urls",
                address,
            ),
            *(
                "--listen-peer-urls",
                peer,
                "--initial-advertise-peer-urls",
                peer,
                "--initial-cluster",
                f"default={peer}",
            ),
        ],
        [
            *(
                str(server),
                f"--etcd-servers={address}",
                "--bind-address=127.0.0.1",
                "--advertise-address=127.0.0.1",
            ),
            *(f"--secure-port={port}", "--cert-dir=certs", "--service-cluster-ip-range=10.0.0.0/24"),
            *(f"--service-account-key-file={key}", f"--service-account-signing-key-file={key}"),
            *(f"--service-account-issuer={own}", "--token-auth-file=tokens.csv", "--authorization-mode=RBAC"),
            *("--disable-admission-plugins=ServiceAccount", "--endpoint-reconciler-type=none"),
        ],
    ]


def taken(kubectl: Kubectl, objects: Sequence[Any]) -> tuple[int, str]:
    """Whether the server would take these, and what it says."""
    done = kubectl("apply", "--dry-run=server", "--filename", "-", objects=objects)
    return done.returncode, done.stderr + done.stdout


def pods_of(overlay: str) -> list[Any]:
    """A pod of each Deployment and Job, since nobody here makes any."""
    return [
        {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {
                "name": f"of-{name}",
                "namespace": "sangkien",
                "labels": one["spec"]["template"]["metadata"]["labels"],
            },
            "spec": one["spec"]["template"]["spec"],
        }
        for name, one in of_kind(overlay, "Deployment", "Job").items()
    ]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_a_real_server_takes_every_object_and_every_pod_of_it(kubectl: Kubectl, overlay: str) -> None:
    objects = [dict(one) for one in rendered(overlay) if one["apiVersion"] not in FOREIGN] + pods_of(overlay)
    code, said = taken(kubectl, objects)
    assert code == 0, said
    assert said.count("(server dry run)") == len(objects)
    assert "warning" not in said.lower(), said


def _wrong_selector(one: Any) -> None:
    one["spec"]["selector"]["matchLabels"] = {"app": "another"}


def _wrong_port(one: Any) -> None:
    one["spec"]["template"]["spec"]["containers"][0]["ports"][0]["containerPort"] = 808_080


def _unknown_field(one: Any) -> None:
    one["spec"]["template"]["spec"]["containers"][0]["livenesProbe"] = {}


@pytest.mark.parametrize("spoil", [_wrong_selector, _wrong_port, _unknown_field])
def test_what_would_not_fit_is_refused(kubectl: Kubectl, spoil: Callable[[Any], None]) -> None:
    wrong = copy.deepcopy(dict(of_kind("large", "Deployment")["intake"]))
    spoil(wrong)
    code, said = taken(kubectl, [wrong])
    assert code != 0, said


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("runAsNonRoot", False),
        ("readOnlyRootFilesystem", None),
        ("allowPrivilegeEscalation", True),
        ("capabilities", {}),
    ],
)
def test_a_pod_that_might_become_root_is_refused_in_our_namespace(
    kubectl: Kubectl, field: str, value: Any
) -> None:
    pod = copy.deepcopy(pods_of("large")[0])
    pod["spec"]["containers"][0]["securityContext"][field] = value
    code, said = taken(kubectl, [pod])
    if field == "readOnlyRootFilesystem":
        assert code == 0, "the standard does not ask for it; tests/unit/test_kubernetes.py does"
    else:
        assert code != 0
        assert 'violates PodSecurity "restricted' in said


def _rolling_out(kubectl: Kubectl, folder: Path, *words: str) -> subprocess.Popen[str]:
    config = kubectl("config", "view", "--raw", "--output", "yaml").stdout
    (folder / "kubeconfig").write_text(config)
    return subprocess.Popen(
        [FOLDER / "roll-out", FOLDER / "overlays" / "small", *words],
        env={**os.environ, "KUBECONFIG": str(folder / "kubeconfig")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_the_script_gives_everything_once_and_in_order(kubectl: Kubectl, tmp_path: Path) -> None:
    script = _rolling_out(kubectl, tmp_path, "--dry-run=server")
    said, faults = script.communicate(timeout=120)
    assert script.returncode == 0, faults
    given = [
        line.split()[0].replace(".apps", "").replace(".batch", "")
        for line in said.splitlines()
        if "dry run" in line
    ]
    assert len(given) == len(set(given)) == len(rendered("small"))
    worker = given.index("deployment/worker")
    others = [
        given.index(name) for name in given if name.startswith("deployment") and given.index(name) != worker
    ]
    assert given.index("job/migrate-pre") < worker < min(others)
    assert max(others) < given.index("job/migrate-post")
    assert all(
        given.index(name) < given.index("job/migrate-pre") for name in given if name.startswith("configmap")
    )


def _until(seen: Callable[[], bool], seconds: float = 60) -> float:
    """Wait for it; how many seconds it took."""
    began = time.monotonic()
    while not seen():
        assert time.monotonic() - began < seconds
        time.sleep(0.2)
    return time.monotonic() - began


def _job_ends(kubectl: Kubectl, name: str, *conditions: str) -> None:
    """As the controller of jobs would say it."""
    at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    status = {
        "startTime": at,
        **({"completionTime": at, "succeeded": 1} if "Complete" in conditions else {"failed": 3}),
        "conditions": [{"type": one, "status": "True", "lastTransitionTime": at} for one in conditions],
    }
    words = ("patch", "job", name, "--namespace", "sangkien", "--subresource", "status", "--type", "merge")
    done = kubectl(*words, "--patch", json.dumps({"status": status}))
    assert done.returncode == 0, done.stderr


def test_the_script_ends_at_once_where_a_migration_fails_and_leaves_the_parts_alone(
    kubectl: Kubectl, tmp_path: Path
) -> None:
    def there(what: str) -> bool:
        return kubectl("get", what, "--namespace", "sangkien").returncode == 0

    def uid(what: str) -> str:
        return kubectl("get", what, "--namespace", "sangkien", "--output", "jsonpath={.metadata.uid}").stdout

    with _rolling_out(kubectl, tmp_path) as script:
        _until(lambda: there("job/migrate-pre"))
        _job_ends(kubectl, "migrate-pre", "FailureTarget", "Failed")
        assert _until(lambda: script.poll() is not None) < 20
        assert script.returncode == 1
        assert script.stderr
        assert "the job migrate-pre has failed" in script.stderr.read()
        assert not there("deployment/worker")
        failed = uid("job/migrate-pre")
    with _rolling_out(kubectl, tmp_path) as script:
        try:
            _until(lambda: uid("job/migrate-pre") not in {"", failed})
            _job_ends(kubectl, "migrate-pre", "SuccessCriteriaMet", "Complete")
            _until(lambda: there("deployment/worker"))
            assert not there("deployment/intake"), "services come when the worker is new"
        finally:
            script.kill()
