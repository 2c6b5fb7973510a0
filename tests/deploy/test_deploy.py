"""What is deployed: units that systemd takes, YAML that Dagster and its chart read, and no secrets."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.instance import INSTANCE, ON_POSTGRESQL
from pipelines.settings import HERE, Settings

SERVER, CLUSTER = HERE / "deploy" / "server", HERE / "deploy" / "cluster"
UNITS = sorted(path.name for path in SERVER.iterdir() if path.suffix in (".service", ".target"))
SERVICES = [name for name in UNITS if name.endswith(".service")]


def settings_in(text: str) -> set[str]:
    return set(re.findall(r"\bLM_[A-Z0-9_]*[A-Z0-9]\b", text))


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_hardened_and_stops_in_order(name: str) -> None:
    text = (SERVER / name).read_text()
    said = dict(line.split("=", 1) for line in text.splitlines() if re.match(r"[A-Z]\w+=", line))
    assert said["User"] == "locatiemonitor"
    assert said["NoNewPrivileges"] == "yes"
    assert said["ProtectSystem"] == "strict"
    assert said["CapabilityBoundingSet"] == ""
    assert said["EnvironmentFile"] == "/etc/locatiemonitor/environment"
    assert said["KillSignal"] == "SIGTERM"
    assert int(said["TimeoutStopSec"]) >= 30
    # Only what systemd makes for it may be written, and that is LM_HOME.
    assert said["StateDirectory"] == "locatiemonitor"
    assert "LM_HOME=/var/lib/locatiemonitor\n" in (SERVER / "environment.example").read_text()
    for host in re.findall(r"--host (\S+)", said["ExecStart"]):
        assert host == "127.0.0.1"


@pytest.mark.parametrize("name", SERVICES)
def test_what_a_service_starts_exists_and_knows_its_options(name: str) -> None:
    start = re.search(r"^ExecStart=(.*)$", (SERVER / name).read_text(), re.MULTILINE)
    assert start
    program, *words = start[1].split()
    known = options_of(Path(program).name)
    for option in (word for word in words if word.startswith("-")):
        assert option in known, option


def options_of(program: str) -> set[str]:
    """The options that a program knows where a unit starts it."""
    if program == "celery":
        worker = pytest.importorskip("celery.bin.worker").worker
        from celery.bin.celery import celery

        commands = [worker, celery]
    else:
        from dagster._cli.api import grpc_command
        from dagster._daemon.cli import run_command
        from dagster_webserver.cli import dagster_webserver

        commands = [
            {
                "dagster": grpc_command,
                "dagster-daemon": run_command,
                "dagster-webserver": dagster_webserver,
            }[program]
        ]
    return {option for command in commands for p in command.params for option in p.opts}


def test_systemd_takes_the_units(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("no systemd-analyze here")
    for name in UNITS:
        text = (SERVER / name).read_text()
        # It also looks whether what is started is there.
        (tmp_path / name).write_text(
            re.sub(r"^(ExecStart=)\S+", r"\1/bin/true", text, flags=re.MULTILINE)
        )
    done = subprocess.run(
        [analyze, "verify", *(str(tmp_path / name) for name in UNITS)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert not [line for line in done.stderr.splitlines() if "locatiemonitor" in line], done.stderr


def test_the_instance_of_a_server_is_ours_with_more_runs() -> None:
    said = yaml.safe_load((SERVER / "dagster.yaml").read_text())
    ours = yaml.safe_load(INSTANCE + ON_POSTGRESQL)
    assert said["concurrency"]["runs"].pop("max_concurrent_runs") > 1
    del ours["concurrency"]["runs"]["max_concurrent_runs"]
    assert said == ours


def test_dagster_reads_the_instance_of_a_server(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With its records in a real PostgreSQL."""
    import dagster as dg

    pytest.importorskip("dagster_postgres")
    url = database.replace("postgresql://", "postgresql+psycopg2://")
    monkeypatch.setenv("LM_DAGSTER_URL", url)
    (tmp_path / "dagster.yaml").write_bytes((SERVER / "dagster.yaml").read_bytes())
    with dg.DagsterInstance.from_config(str(tmp_path)) as instance:
        instance.add_dynamic_partitions("cbs_kwb", ["2020", "2021"])
        assert "Postgres" in type(instance.run_storage).__name__
        assert instance.run_monitoring_enabled
    with dg.DagsterInstance.from_config(str(tmp_path)) as again:
        assert list(again.get_dynamic_partitions("cbs_kwb")) == ["2020", "2021"]


def test_examples_name_settings_that_exist_and_hold_no_secrets() -> None:
    known = {f"LM_{name.upper()}" for name in Settings.model_fields}
    known |= {f"{name}_FILE" for name in known}
    for path in (path for folder in (SERVER, CLUSTER) for path in folder.iterdir()):
        if path.suffix == ".lock":
            continue
        text = path.read_text()
        assert settings_in(text) <= known, path
        for secret in re.findall(r"://[^:/\s]*:([^@\s]+)@", text):
            assert secret in ("CHANGE-ME", "password"), path


# --- the cluster. The field names are those of the chart's schema of values, early 2026.

TOP = {
    "dagster-user-deployments": {"enabled", "enableSubchart", "imagePullSecrets", "deployments"},
    "runLauncher": {"type", "config"},
    "postgresql": {
        *("enabled", "image", "postgresqlScheme", "postgresqlHost", "postgresqlUsername"),
        *("postgresqlPassword", "postgresqlDatabase", "postgresqlParams", "service"),
    },
    "generatePostgresqlPasswordSecret": None,
    "global": None,
    "dagsterWebserver": {"replicaCount", "service", "image", "envSecrets", "workspace"},
    "ingress": None,
    "dagsterDaemon": {"enabled", "runCoordinator", "runMonitoring", "runRetries"},
    "telemetry": {"enabled"},
}
DEPLOYMENT = {
    *("name", "image", "port", "dagsterApiGrpcArgs", "codeServerArgs"),
    *("includeConfigInLaunchedRuns", "env", "envConfigMaps", "envSecrets", "annotations"),
    *("nodeSelector", "affinity", "tolerations", "podSecurityContext", "securityContext"),
    *("resources", "livenessProbe", "readinessProbe", "startupProbe", "labels"),
    *("volumeMounts", "volumes", "schedulerName"),
}


def values(name: str) -> dict[str, Any]:
    return dict(yaml.safe_load((CLUSTER / name).read_text()))


@pytest.mark.parametrize("name", ["values.yaml", "values-celery.yaml"])
def test_values_are_those_that_the_chart_knows(name: str) -> None:
    said = values(name)
    assert set(said) <= set(TOP)
    for section, fields in TOP.items():
        if fields is not None and section in said:
            assert set(said[section]) <= fields, section
    for deployment in said["dagster-user-deployments"]["deployments"]:
        assert set(deployment) <= DEPLOYMENT
        assert {"name", "image", "port"} <= set(deployment)
        assert set(deployment["image"]) == {"repository", "tag", "pullPolicy"}
        assert all(isinstance(value, str) for value in deployment["env"].values())
        assert [set(source) for source in deployment["envSecrets"]] == [{"name"}]


def test_runs_are_jobs_and_records_are_reached_by_the_driver_that_works() -> None:
    said = values("values.yaml")
    assert said["runLauncher"]["type"] == "K8sRunLauncher"
    assert set(said["runLauncher"]["config"]) == {"k8sRunLauncher"}
    assert said["postgresql"]["postgresqlScheme"] == "postgresql+psycopg2"
    assert not said["postgresql"]["enabled"]
    assert "postgresqlPassword" not in said["postgresql"]


def test_code_and_workers_of_celery_have_the_same_settings() -> None:
    [code] = values("values-celery.yaml")["dagster-user-deployments"]["deployments"]
    [runs] = values("values.yaml")["dagster-user-deployments"]["deployments"]
    [worker] = values("workers.yaml")["spec"]["template"]["spec"]["containers"]
    of_worker = {entry["name"]: entry["value"] for entry in worker["env"] if "value" in entry}
    assert of_worker == code["env"]
    assert code["env"] == runs["env"] | {"LM_EXECUTOR": "celery"}
    assert worker["image"] == f"{code['image']['repository']}:{code['image']['tag']}"
    assert code | {"env": 0} == {k: v for k, v in runs.items() if k != "resources"} | {"env": 0}


def test_secrets_that_are_named_are_those_of_the_example() -> None:
    there = {
        document["metadata"]["name"]: set(document["stringData"])
        for document in yaml.safe_load_all((CLUSTER / "secrets.example.yaml").read_text())
    }
    said = values("values.yaml")
    [code] = said["dagster-user-deployments"]["deployments"]
    assert {source["name"] for source in code["envSecrets"]} <= set(there)
    assert "postgresql-password" in there[said["global"]["postgresqlSecretName"]]
    assert "LM_CELERY_BROKER" in there["locatiemonitor"]


def test_locks_hold_what_is_locked_for_the_tests_and_no_addresses() -> None:
    def pins(path: Path) -> dict[str, str]:
        return dict(re.findall(r"^([\w.-]+)==(\S+)", path.read_text(), re.MULTILINE))

    everything = pins(HERE / "requirements-dev.lock")
    for path in (SERVER / "requirements.lock", CLUSTER / "requirements.lock"):
        found = pins(path)
        assert {"dagster", "dagster-postgres", "obstore", "polars"} <= set(found)
        differing = {n: v for n, v in found.items() if everything.get(n, v) != v}
        assert not differing, path
        assert "://" not in path.read_text()
    assert {"dagster-celery", "redis", "dagster-k8s"} <= set(pins(CLUSTER / "requirements.lock"))


def test_the_image_runs_what_the_values_say() -> None:
    text = (CLUSTER / "Dockerfile").read_text()
    [code] = values("values.yaml")["dagster-user-deployments"]["deployments"]
    assert f"EXPOSE {code['port']}" in text
    assert f"USER {code['podSecurityContext']['runAsUser']}" in text
    assert "--require-hashes" in text
    assert all(f'"{argument}"' in text for argument in code["dagsterApiGrpcArgs"])
    assert f"LM_HOME={code['env']['LM_HOME']}" in text
