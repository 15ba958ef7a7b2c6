"""Manifests of Kubernetes by their schemas, and compose.yaml: what an office needs, with no right more."""

from __future__ import annotations

import re
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from tests.databases import ROOT
from tests.deploy.image import IMAGES
from tests.harness import debian

FOLDER = ROOT / "deploy" / "kubernetes"
COMPOSE = yaml.safe_load((ROOT / "deploy/container/compose.yaml").read_text("utf-8"))
VERSIONS = ("1.30", "1.37")
"""The oldest with `preStop.sleep`, and the newest whose schemas we have."""
WITHOUT_SCHEMA = {"Cluster", "Pooler", "Kustomization"}
"""CloudNativePG's own, and a file of kubectl's."""
OURS = {"secrets", "migrate", "web", "worker", "stream", "backup"}


def resources() -> Iterator[tuple[Path, dict[str, Any]]]:
    for file in sorted(FOLDER.glob("*.yaml")):
        for one in yaml.safe_load_all(file.read_text("utf-8")):
            yield file, one


RESOURCES = [
    pytest.param(one, id=f"{one['kind']}-{one.get('metadata', {}).get('name', '')}")
    for _file, one in resources()
]
TEMPLATES = [
    one["spec"].get("jobTemplate", one)["spec"]["template"]
    for _file, one in resources()
    if one["kind"] in {"Deployment", "Job", "CronJob"}
]
PODS = {one["metadata"]["labels"]["app"]: one["spec"] for one in TEMPLATES}


def of_kind(kind: str) -> list[dict[str, Any]]:
    return [one for _file, one in resources() if one["kind"] == kind]


DEPLOYED = {one["metadata"]["name"]: one["spec"] for one in of_kind("Deployment")}


@pytest.mark.parametrize("one", RESOURCES)
@pytest.mark.parametrize("version", VERSIONS)
def test_each_resource_fits_its_schema(one: dict[str, Any], version: str) -> None:
    if one["kind"] in WITHOUT_SCHEMA:
        with pytest.raises(kubernetes_validate.SchemaNotFoundError):
            kubernetes_validate.validate(one, version, strict=True)
    else:
        kubernetes_validate.validate(one, version, strict=True)


def test_the_schemas_refuse_what_is_wrong() -> None:
    wrong = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "a"}, "spec": {"port": []}}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, VERSIONS[-1], strict=True)


def test_every_file_is_applied() -> None:
    kustomization = yaml.safe_load((FOLDER / "kustomization.yaml").read_text("utf-8"))
    assert {*kustomization["resources"], "kustomization.yaml"} == {
        file.name for file in FOLDER.glob("*.yaml")
    }


@pytest.mark.parametrize("name", PODS)
def test_a_pod_has_no_right_that_it_does_not_need(name: str) -> None:
    pod = PODS[name]
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    (container,) = pod["containers"]
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert container["resources"]["limits"]["memory"]
    owner = any(each["name"] == "DATABASE_OWNER_URL" for each in container["env"])
    assert owner == (name in {"ozelkalem-migrate", "ozelkalem-backup"})
    for each in container["env"]:  # a lock of a session holds through no pooler of transactions
        if each["name"] == "DATABASE_OWNER_URL":
            assert "@ozelkalem-rw:5432/" in each["value"]


@pytest.mark.parametrize("name", DEPLOYED)
def test_what_serves_is_rolled_without_a_gap(name: str) -> None:
    spec = DEPLOYED[name]
    assert spec["replicas"] >= 2
    assert spec["strategy"]["rollingUpdate"] == {"maxUnavailable": 0, "maxSurge": 1}
    assert spec["selector"]["matchLabels"] == {"app": name}
    pod = spec["template"]["spec"]
    (container,) = pod["containers"]
    assert {"startupProbe", "livenessProbe", "lifecycle"} <= set(container)
    waits = container["lifecycle"]["preStop"]["sleep"]["seconds"]
    ends = 20 if name == "ozelkalem-web" else 0  # graceful_timeout
    assert waits + ends < pod["terminationGracePeriodSeconds"]
    (budget,) = (one["spec"] for one in of_kind("PodDisruptionBudget") if one["metadata"]["name"] == name)
    assert budget == {"minAvailable": 1, "selector": {"matchLabels": {"app": name}}}
    if any(one["metadata"]["name"] == name for one in of_kind("Service")):
        assert "readinessProbe" in container


def test_cloudnativepg_is_the_database_s_address() -> None:
    """The web asks through the pooler and reads from the standbys; all else, which listens and locks, the primary."""
    (cluster,), (pooler,) = of_kind("Cluster"), of_kind("Pooler")
    name, first = cluster["metadata"]["name"], cluster["spec"]["bootstrap"]["initdb"]
    hosts = {"ozelkalem-web": pooler["metadata"]["name"]}
    roles = {
        first["owner"]: first["secret"]["name"],
        **{one["name"]: one["passwordSecret"]["name"] for one in cluster["spec"]["managed"]["roles"]},
    }
    for pod, spec in PODS.items():
        (container,) = spec["containers"]
        given = {one["name"]: one for one in container["env"]}
        assert ("DATABASE_READ_URL" in given) == (pod == "ozelkalem-web")
        for variable in ("DATABASE_URL", "DATABASE_READ_URL", "DATABASE_OWNER_URL"):
            if variable not in given:
                continue
            found = re.fullmatch(
                r"postgresql://(\w+):\$\((\w+)\)@([\w-]+):5432/(\w+)", given[variable]["value"]
            )
            assert found, given[variable]
            role, password, host, database = found.groups()
            expected = f"{name}-ro" if variable == "DATABASE_READ_URL" else hosts.get(pod, f"{name}-rw")
            assert host == expected
            assert database == first["database"]
            secret = given[password]["valueFrom"]["secretKeyRef"]
            assert secret == {"name": roles[role], "key": "password"}
            assert (role == first["owner"]) == (variable == "DATABASE_OWNER_URL")
    assert pooler["spec"]["cluster"] == {"name": name}
    assert pooler["spec"]["type"] == "rw"
    assert pooler["spec"]["pgbouncer"]["poolMode"] == "transaction"
    assert int(pooler["spec"]["pgbouncer"]["parameters"]["max_prepared_statements"]) > 0
    assert cluster["spec"]["instances"] == 3
    assert cluster["spec"]["minSyncReplicas"] == cluster["spec"]["maxSyncReplicas"] == 1


def test_each_secret_that_a_pod_reads_is_made_by_the_page() -> None:
    page = (ROOT / "docs/operations/containers.md").read_text("utf-8")
    assert "for role in owner app" in page
    made = set(re.findall(r"create secret generic ([\w-]+)", page.replace("$role", "owner")))
    made |= {one.replace("owner", "app") for one in made}
    read = {
        each[kind]["name"]
        for spec in PODS.values()
        for container in spec["containers"]
        for each, kind in [
            *((one, "secretRef") for one in container["envFrom"]),
            *((one.get("valueFrom", {}), "secretKeyRef") for one in container["env"]),
        ]
        if kind in each
    }
    assert read == made
    assert read == {"ozelkalem-keys", "ozelkalem-owner", "ozelkalem-app"}


@pytest.mark.parametrize("name", DEPLOYED)
def test_probes_and_prometheus_ask_at_a_port_that_no_request_waits_at(name: str) -> None:
    (settings,) = (one["data"] for _file, one in resources() if one["kind"] == "ConfigMap")
    port = int(settings["OZELKALEM_MONITOR_PORT"])
    (container,) = PODS[name]["containers"]
    assert {"name": "monitor", "containerPort": port} in container["ports"]
    assert container["livenessProbe"]["httpGet"] == {"path": "/health/live/", "port": "monitor"}
    (policy,) = (one["spec"] for _file, one in resources() if one["kind"] == "NetworkPolicy")
    let_in = {
        each["from"][0]["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"]: [
            rule["port"] for rule in each["ports"]
        ]
        for each in policy["ingress"]
    }
    assert let_in == {"ingress-nginx": [8000, 8001], "monitoring": [port]}
    service = COMPOSE["services"][name.removeprefix("ozelkalem-")]
    assert (
        f":{service['environment']['OZELKALEM_MONITOR_PORT']}/health/live/"
        in service["healthcheck"]["test"][-1]
    )
    assert not any(
        str(port) in published for each in COMPOSE["services"].values() for published in each.get("ports", [])
    )


def test_each_budget_service_and_policy_means_pods_that_there_are() -> None:
    labels = {one["metadata"]["labels"]["app"] for one in TEMPLATES}
    for _file, one in resources():
        if one["kind"] == "PodDisruptionBudget":
            assert one["spec"]["selector"]["matchLabels"]["app"] in labels
        if one["kind"] == "Service":
            assert one["spec"]["selector"]["app"] in labels
        if one["kind"] == "NetworkPolicy":
            assert set(one["spec"]["podSelector"]["matchExpressions"][0]["values"]) == labels


def test_every_variable_that_is_set_is_one_of_ours() -> None:
    manual = (ROOT / "docs/operation.md").read_text("utf-8")
    (settings,) = (one["data"] for _file, one in resources() if one["kind"] == "ConfigMap")
    written = {
        *settings,
        *COMPOSE["x-product"]["environment"],
        *re.findall(
            r"\b((?:OZELKALEM|DATABASE)_[A-Z_]+)=", (ROOT / "deploy/container/Containerfile").read_text()
        ),
    }
    unknown = {name for name in written if f"`{name}`" not in manual}
    assert unknown == set()


def test_compose_brings_a_whole_office() -> None:
    services = COMPOSE["services"]
    assert set(services) == OURS | {"database", "pooler", "proxy"}
    for name in OURS:
        assert services[name]["read_only"] is True
        assert services[name]["cap_drop"] == ["ALL"]
        assert services[name]["command"] == [name]
    assert services["proxy"]["ports"] == ["${OZELKALEM_PORT:-127.0.0.1:8080}:8080"]
    assert [name for name in services if "ports" in services[name]] == ["proxy"]
    assert services["web"]["environment"]["DATABASE_HOST"] == "pooler:6432"
    for name in (
        "worker",
        "stream",
    ):  # LISTEN and locks of a session do not go through a pooler of transactions
        assert services[name]["environment"]["DATABASE_HOST"] == "database:5432"
    for name in ("web", "worker", "stream"):
        assert services[name]["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}
        assert not any("OWNER" in key for key in services[name]["environment"])
    for name in ("migrate", "backup"):
        assert services[name]["environment"]["DATABASE_OWNER_HOST"] == "database:5432"
    for service in services.values():
        for mount in service.get("volumes", []):
            place = mount.partition(":")[0]
            assert place in COMPOSE["volumes"] or (ROOT / "deploy/container" / place).exists(), mount


def test_a_further_stream_is_the_first_one_at_a_port_of_its_own() -> None:
    """Both units give the process the same and no right more; nginx asks every port that its upstream names."""
    first, further = (
        (ROOT / f"deploy/ozelkalem-stream{name}.service").read_text("utf-8").partition("[Service]")[2]
        for name in ("", "@")
    )
    assert further.replace(" --port %i", "") == first != further
    site = (ROOT / "deploy/nginx.conf").read_text("utf-8")
    assert "upstream ozelkalem_stream {\n    server 127.0.0.1:8001;\n}" in site
    assert site.count("proxy_pass http://ozelkalem_stream;") == 1
    assert "try-restart ozelkalem-telephone 'ozelkalem-stream@*'" in (ROOT / "deploy/update.sh").read_text(
        "utf-8"
    )


def test_no_secret_is_written_down() -> None:
    for file in [*FOLDER.iterdir(), *(ROOT / "deploy/container").iterdir()]:
        assert not re.search(
            r"(password|secret|key)\w*\s*[:=]\s*[\"']?[A-Za-z0-9+]{20,}",
            file.read_text("utf-8"),
            re.IGNORECASE,
        ), file
    assert not any(one["kind"] == "Secret" for _file, one in resources())


def test_only_the_worker_has_what_the_router_learns_with() -> None:
    """Both orchestrators take the worker's image for it, and the other for all else of ours; both are tagged."""
    said = (ROOT / "deploy/container/Containerfile").read_text("utf-8")
    learning, office = said.index(" AS learning"), said.index(" AS office")
    assert "--no-extra triage" in said[:learning]
    assert "--no-extra" not in said[learning:]
    assert "/opt/learning" not in said[office : said.index("FROM office AS worker")]
    for name in OURS:
        target = "worker" if name == "worker" else "office"
        service = COMPOSE["services"][name]
        assert service["build"]["target"] == target
        assert service["image"].partition(":")[0] == IMAGES[target]
    found = {name: pod["containers"][0]["image"] for name, pod in PODS.items()}
    assert found.pop("ozelkalem-worker") == IMAGES["worker"]
    assert set(found.values()) == {IMAGES["office"]}
    kustomization = yaml.safe_load((FOLDER / "kustomization.yaml").read_text("utf-8"))
    assert {one["name"] for one in kustomization["images"]} == set(IMAGES.values())


def test_the_image_holds_the_product_and_no_test() -> None:
    said = (ROOT / "deploy/container/Containerfile").read_text("utf-8")
    kept = (ROOT / ".containerignore").read_text("utf-8").split()
    for package in ("backend", "permissions", "schema", "admin_ui", "website"):
        assert f"COPY {package} {package}" in said
        assert f"!{package}" in kept
    for setting in (said, (ROOT / ".ci/environment.py").read_text("utf-8")):
        assert "--no-dev" in setting
        assert "--all-extras" in setting, (
            "a seal, a directory or a bucket that is set works after an update too"
        )
    assert "COPY . " not in said
    assert re.search(r"^USER 10001:10001$", said, re.MULTILINE)
    assert "!tests" not in kept


@pytest.mark.full
@pytest.mark.parametrize("written", [{}, {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}])
def test_the_proxy_of_compose_hands_on_who_asks_and_how(tmp_path: Path, written: dict[str, str]) -> None:
    """Also behind the house's own proxy, which ends TLS: a person is no other person, and asks by HTTPS."""
    heard: list[dict[str, str]] = []

    class Web(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.append({name.lower(): value for name, value in self.headers.items()})
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            pass

    web = ThreadingHTTPServer(("127.0.0.1", 0), Web)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    site = (ROOT / "deploy/container/nginx.conf").read_text("utf-8").replace("8080", f"127.0.0.1:{port}")
    site = re.sub(r"http://(web|stream):\d+", f"http://127.0.0.1:{web.server_port}", site)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    kept = "".join(f"{name}_temp_path {tmp_path / name};" for name in kinds)
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/pid; error_log {tmp_path}/errors; daemon off; events {{}}\n"
        f"http {{ access_log off; {kept}\n{site} }}\n"
    )
    command = [debian.needed("nginx"), "-e", f"{tmp_path}/errors", "-c", f"{tmp_path}/nginx.conf"]
    with subprocess.Popen(command) as nginx:
        try:
            while not heard:
                assert nginx.poll() is None, (tmp_path / "errors").read_text()
                with suppress(OSError):
                    asking = HTTPConnection("127.0.0.1", port, timeout=60)
                    asking.request("GET", "/", headers={"Host": "a.example", "traceparent": "00", **written})
                    assert asking.getresponse().status == 204
        finally:
            nginx.terminate()
            nginx.wait(60)
            web.shutdown()
            web.server_close()
    assert heard[0]["host"] == "a.example"
    assert heard[0]["x-forwarded-proto"] == written.get("X-Forwarded-Proto", "http")
    chain = [written["X-Forwarded-For"], "127.0.0.1"] if written else ["127.0.0.1"]
    assert heard[0]["x-forwarded-for"].split(", ") == chain
    assert "traceparent" not in heard[0]
