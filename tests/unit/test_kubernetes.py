"""What is given to Kubernetes is what docker-compose.yml runs: the same parts with the same environment,
hardened, and everything that is named is there. What a real API server says of it:
tests/cluster/test_kubernetes.py."""

import stat
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
from pydantic_settings import BaseSettings

from kit.settings import ProcessSettings, settings_of
from language.names import PORTAL, SCHEMAS, SERVICES, TaskQueue
from processes.migrate import ADMIN_URL, password_name
from processes.roles import service_url
from processes.service import load
from services.portal.settings import PortalSettings
from tests.manifests import (
    FOLDER,
    FOREIGN,
    OVERLAYS,
    ROOT,
    SECRETS,
    Manifest,
    container,
    new_secrets,
    of_kind,
    own_containers,
    pod_labels,
    rendered,
    secret_items,
    settings,
    told,
    with_component,
)

COMPONENT = "app.kubernetes.io/component"
REACHES = "sangkien.vn/reaches-"
JOBS = {"migrate": {"migrate-pre", "migrate-post"}, "bootstrap": {"bootstrap"}}
NETWORKS = {"data": "database", "engine": "temporal", "post": "outside"}
"""A network of docker-compose.yml, and the label of what reaches the same here."""

overlay = pytest.mark.parametrize("overlay", OVERLAYS)


def workloads(name: str) -> dict[str, Manifest]:
    return of_kind(name, "Deployment", "Job")


def settings_class(name: str) -> type[BaseSettings]:
    """What the part reads its environment with."""
    service = name.removesuffix("-relay").removesuffix("-activities").removesuffix("-delivery")
    if service in SERVICES:
        return load(service).settings
    return {PORTAL: PortalSettings, "worker": ProcessSettings}[service]


@overlay
def test_every_object_is_what_its_kind_may_be(overlay: str) -> None:
    for one in rendered(overlay):
        if one["apiVersion"] not in FOREIGN:
            kubernetes_validate.validate(dict(one), "1.32", strict=True)


@overlay
def test_the_parts_and_their_commands_are_those_of_the_containers(overlay: str) -> None:
    parts = {
        name: container(one)["args"]
        for name, one in of_kind(overlay, "Deployment").items()
        if name != "proxy"
    }
    containers = {name: service["command"] for name, service in own_containers()}
    jobs = {name: containers.pop(name) for name in JOBS}
    assert parts == containers
    for name, command in jobs.items():
        for job in JOBS[name]:
            assert container(of_kind(overlay, "Job")[job])["args"][0] == command[0]


@overlay
def test_a_part_is_told_what_its_container_is_told_and_its_secrets_in_files_alone(overlay: str) -> None:
    for name, service in own_containers():
        for job in JOBS.get(name, {name}):
            found = workloads(overlay)[job]
            here = told(overlay, found)
            wanted = {of_the_service(name, one) for one in service["environment"]}
            secret = {one.removesuffix("_FILE") for one in here if here[one].startswith(SECRETS)}
            assert set(secret_items(found)) - secret <= (
                {"BLOB_STORE_SECRET"} if overlay == "small" else set()
            ), job
            assert secret <= secret_items(found).keys(), job
            assert not {one for one in wanted - secret if "_KEYS" in one or "PASSWORD" in one}, job
            lacking = wanted - secret - here.keys() - MAY_BE_SILENT
            assert not lacking, (job, lacking)


MAY_BE_SILENT = {
    "BLOB_DIR",
    "BLOB_STORE",
    "BLOB_STORE_ENDPOINT",
    "BLOB_STORE_REGION",
    "BLOB_STORE_KEY_ID",
    "BLOB_STORE_SECRET",
    "OTEL_EXPORTER_OTLP_ENDPOINT",
}
"""Which of these are said goes by where attachments are, and whether somebody takes traces."""


def of_the_service(container_name: str, variable: str) -> str:
    """`INTAKE_DATABASE_URL`, which goes before `DATABASE_URL` in a process of several services."""
    for service in (*SERVICES, PORTAL):
        prefix = f"{service.upper()}_"
        if container_name.startswith(service) and variable == f"{prefix}DATABASE_URL":
            return variable.removeprefix(prefix)
    return variable


@overlay
def test_what_a_part_is_told_makes_settings_of_its_own(
    overlay: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = {**new_secrets(), "BLOB_STORE_SECRET": "x", "SMTP_URL": "smtp://mail.test"}
    for name, part in of_kind(overlay, "Deployment").items():
        if name == "proxy":
            continue
        with monkeypatch.context() as environment:
            for path, key in secret_items(part).items():
                (tmp_path / path).write_text(keys[key])
            for one in ("HISTORY_KEYS", "WEBHOOK_KEYS", "ONE_TIME_CODE_KEYS"):
                environment.delenv(one, raising=False)
            for variable, value in told(overlay, part).items():
                environment.setenv(variable, value.replace(SECRETS, str(tmp_path)))
            service = name.partition("-")[0]
            read: Any = settings_of(
                settings_class(name), TaskQueue.WORKFLOWS if name == "worker" else service
            )
        if service in SERVICES:
            assert read.database_url.get_secret_value() == keys[f"{service.upper()}_DATABASE_URL"]
            assert read.history_keys.get_secret_value() == keys["HISTORY_KEYS"]
        if service == "intake":
            assert bool(read.blob_dir) == (overlay == "small")
            assert read.objects()


@overlay
def test_every_key_that_is_read_is_made_and_every_key_that_is_made_is_read(overlay: str) -> None:
    read = {key for one in workloads(overlay).values() for key in secret_items(one).values()}
    assert read == new_secrets().keys()
    names = {
        one["spec"]["template"]["spec"]["volumes"][-1].get("secret", {}).get("secretName")
        for one in workloads(overlay).values()
    }
    assert names <= {"sangkien", None}


@overlay
def test_only_the_jobs_that_migrate_know_the_password_of_the_admin(overlay: str) -> None:
    knowing = {
        name for name, one in workloads(overlay).items() if "ADMIN_DATABASE_URL" in secret_items(one).values()
    }
    assert knowing == JOBS["migrate"]
    for job in knowing:
        wanted = {ADMIN_URL, *(password_name(service) for service in (*SERVICES, PORTAL))}
        assert set(secret_items(workloads(overlay)[job])) == wanted


def test_the_roles_of_a_province_are_named_as_it_says() -> None:
    keys = new_secrets("db.test:5432/hagiang", "hagiang")
    admin_url = keys["ADMIN_DATABASE_URL"]
    for schema in SCHEMAS:
        password = keys[password_name(schema)]
        assert keys[f"{schema.upper()}_DATABASE_URL"] == service_url(admin_url, schema, password, "hagiang")


def test_new_secrets_are_for_who_made_them_only(tmp_path: Path) -> None:
    file = tmp_path / "secrets.env"
    with file.open("w") as out:
        subprocess.run([FOLDER / "new-secrets", "db:5432/x"], stdout=out, check=True)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@overlay
def test_nobody_is_root_or_may_become_it_or_write_where_nothing_is_to_be_written(overlay: str) -> None:
    for name, one in workloads(overlay).items():
        pod, only = one["spec"]["template"]["spec"], container(one)
        assert pod["securityContext"] == {
            "runAsNonRoot": True,
            "runAsUser": 10001,
            "runAsGroup": 10001,
            "fsGroup": 10001,
            "seccompProfile": {"type": "RuntimeDefault"},
        }
        assert pod["automountServiceAccountToken"] is False
        assert pod["enableServiceLinks"] is False
        capabilities = {"drop": ["ALL"], **({"add": ["NET_BIND_SERVICE"]} if name == "proxy" else {})}
        assert only["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": capabilities,
        }
        assert only["resources"]["limits"]["memory"]
        assert only["resources"]["requests"].keys() == {"cpu", "memory"}


@overlay
def test_every_part_is_asked_whether_it_lives_and_whether_it_is_ready(overlay: str) -> None:
    for name, one in of_kind(overlay, "Deployment").items():
        if name != "proxy":
            probes = {
                kind: container(one)[f"{kind}Probe"]["httpGet"]["path"]
                for kind in ("startup", "liveness", "readiness")
            }
            assert probes == {"startup": "/livez", "liveness": "/livez", "readiness": "/readyz"}
        assert one["spec"]["template"]["spec"]["topologySpreadConstraints"]


@overlay
def test_every_selector_fits_what_it_is_for(overlay: str) -> None:
    pods = {name: pod_labels(one) for name, one in workloads(overlay).items()}
    for name, one in of_kind(overlay, "Deployment").items():
        assert chosen(one["spec"]["selector"], pods) == {name}
    for name, one in of_kind(overlay, "PodDisruptionBudget").items():
        assert chosen(one["spec"]["selector"], pods) == {name}
    assert of_kind(overlay, "PodDisruptionBudget").keys() == of_kind(overlay, "Deployment").keys()
    for name, one in of_kind(overlay, "Service").items():
        assert chosen({"matchLabels": one["spec"]["selector"]}, pods) == {name}
        [port] = one["spec"]["ports"]
        assert port["targetPort"] in {
            open_["name"] for open_ in container(of_kind(overlay, "Deployment")[name])["ports"]
        }
    [ingress] = of_kind(overlay, "Ingress").values()
    [rule] = ingress["spec"]["rules"]
    assert {path["backend"]["service"]["name"] for path in rule["http"]["paths"]} <= of_kind(
        overlay, "Service"
    ).keys()
    assert (
        settings(overlay)["PUBLIC_ADDRESS"] == f"https://{rule['host']}" == settings(overlay)["OIDC_ISSUER"]
    )
    for name, one in of_kind(overlay, "NetworkPolicy").items():
        said = [one["spec"]["podSelector"]]
        for rules in (*one["spec"].get("egress", ()), *one["spec"].get("ingress", ())):
            said += [
                peer["podSelector"]
                for peer in (*rules.get("to", ()), *rules.get("from", ()))
                if "podSelector" in peer
            ]
        if name != ("bucket" if overlay == "small" else ""):
            assert all(chosen(selector, pods) for selector in said), name


@pytest.mark.parametrize(
    ("component", "port", "reached_by"),
    [
        ("traces", 4318, lambda name: name != "proxy"),
        ("other-issuers", 443, lambda name: name in {*SERVICES, PORTAL}),
    ],
)
def test_who_reaches_what_only_some_installations_have(
    component: str, port: int, reached_by: Callable[[str], bool], tmp_path: Path
) -> None:
    objects = with_component(component, tmp_path)
    pods = {
        one["metadata"]["name"]: pod_labels(one) for one in objects if one["kind"] in {"Deployment", "Job"}
    }
    [policy] = [
        one for one in objects if (one["kind"], one["metadata"]["name"]) == ("NetworkPolicy", component)
    ]
    kubernetes_validate.validate(dict(policy), "1.32", strict=True)
    jobs = set().union(*JOBS.values())
    assert chosen(policy["spec"]["podSelector"], pods) == {
        name for name in pods.keys() - jobs if reached_by(name)
    }
    [rule] = policy["spec"]["egress"]
    assert rule["ports"] == [{"protocol": "TCP", "port": port}]


@overlay
def test_a_job_that_fails_is_soon_known_to_have_failed(overlay: str) -> None:
    for name, one in of_kind(overlay, "Job").items():
        assert one["spec"]["template"]["spec"]["restartPolicy"] == "Never", name
        assert one["spec"]["backoffLimit"] <= 2, name


def chosen(selector: Manifest, pods: dict[str, Any]) -> set[str]:
    """The workloads whose pods it selects."""
    wanted = selector.get("matchLabels", {})
    among = [
        (one["key"], one["operator"] == "In", one["values"]) for one in selector.get("matchExpressions", ())
    ]
    return {
        name
        for name, labels in pods.items()
        if wanted.items() <= labels.items()
        and all((labels.get(key) in values) is wanted_in for key, wanted_in, values in among)
    }


@overlay
def test_who_reaches_a_server_is_who_is_in_a_network_with_it(overlay: str) -> None:
    for name, service in own_containers():
        for job in JOBS.get(name, {name}):
            labels = pod_labels(workloads(overlay)[job])
            reached = {label.removeprefix(REACHES) for label in labels if label.startswith(REACHES)} - {
                "bucket"
            }
            assert reached == {NETWORKS[one] for one in service["networks"] if one in NETWORKS}, job
    in_reach = {name for name, one in workloads("large").items() if f"{REACHES}bucket" in pod_labels(one)}
    assert in_reach == {"intake", "intake-relay"}


def test_what_grows_with_its_work_is_there_and_asks_the_same_server() -> None:
    deployments, said = of_kind("large", "Deployment"), settings("large")
    scaled = of_kind("large", "ScaledObject")
    assert scaled.keys() == {name for name in deployments if name.endswith("-activities") or name == "worker"}
    for name, one in scaled.items():
        [trigger] = one["spec"]["triggers"]
        queue = TaskQueue(trigger["metadata"]["taskQueue"])
        assert queue == (TaskQueue.WORKFLOWS if name == "worker" else name.removesuffix("-activities"))
        asked = trigger["metadata"]
        assert (asked["endpoint"], asked["namespace"]) == (
            said["TEMPORAL_ADDRESS"],
            said["TEMPORAL_NAMESPACE"],
        )
    both = {*scaled, *of_kind("large", "HorizontalPodAutoscaler")}
    for name in both:
        one = {**scaled, **of_kind("large", "HorizontalPodAutoscaler")}[name]
        assert one["spec"]["scaleTargetRef"]["name"] == name
        assert "replicas" not in deployments[name]["spec"]
    assert deployments.keys() - both == {
        name for name, one in deployments.items() if one["spec"].get("replicas") == 2
    }


def test_the_public_address_is_served_alike() -> None:
    here = (FOLDER / "base" / "proxy" / "Caddyfile").read_text(encoding="utf-8")
    assert here.endswith((ROOT / "deploy" / "caddy" / "Caddyfile").read_text(encoding="utf-8"))
