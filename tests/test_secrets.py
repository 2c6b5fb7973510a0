"""Five hundred secrets planted in every setting that may hold one are found in nothing that is said,
written, sent or served: on nights that succeed and on nights that fail at each of their edges.

The nights, and a webserver that is asked everything that a page could show, are lived by `make canaries`.
"""

from __future__ import annotations

import base64
import json
import logging
import os
import re
import socket
import subprocess
import sys
import time
import traceback
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.settings import Settings
from tests.publishers import Publishers
from tests.receiver import Receiver, receiver
from tests.sampled import serve_sample
from tests.test_canaries import visible

ROOT = Path(__file__).resolve().parents[1]
NIGHTS = bool(os.environ.get("LM_TEST_CANARIES"))
"""Whether whole nights are lived, which takes minutes."""
lived = pytest.mark.skipif(not NIGHTS, reason="whole nights are lived by `make canaries`")
IN_ADDRESS = (
    "LM_CBS_URL",
    "LM_CBS_V3_URL",
    "LM_CBS_THIRD_PARTY_URL",
    "LM_KVK_URL",
    "LM_BUDGET_DOCUMENTS_URL",
    "LM_GEO_URL",
    "LM_IBIS_URL",
)
WHOLE = ("LM_NOTIFY_WEBHOOK_SECRET", "LM_PUBLICATION_WEBHOOK_SECRET")
OF_LIBRARIES = ("PGPASSWORD", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
PLACES = (
    *IN_ADDRESS,
    *WHOLE,
    *OF_LIBRARIES,
    "LM_NOTIFY_WEBHOOK_URL",
    "LM_PUBLICATION_WEBHOOK_URL",
    "LM_SMTP_URL",
    "LM_WAREHOUSE_URL",
    "LM_INCIDENTS_URL",
    "LM_ARCHIVE_URL",
    "LM_ASSETS_URL",
    "LM_DAGSTER_URL",
    "LM_CELERY_BROKER",
    "LM_CELERY_BACKEND",
)
EACH = 25
NOBODY = "127.0.0.1:1"
"""Where nobody answers."""
CANARY = re.compile(r"knr\d{4}q", re.IGNORECASE)


def plant(place: str) -> str:
    """A secret of `EACH` canaries: whatever part of it gets out is found."""
    start = PLACES.index(place) * EACH
    return "-".join(f"knr{n:04}q" for n in range(start, start + EACH))


def encoded() -> list[bytes]:
    """How canaries look in Base64, wherever in a word they begin."""
    found = []
    for number in range(len(PLACES) * EACH):
        word = f"knr{number:04}q".encode()
        for before in range(3):
            text = base64.b64encode(b"x" * before + word)
            found.append(text[2 if before == 1 else 3 if before == 2 else 0 : -4].rstrip(b"="))
    return [one for one in found if len(one) >= 7]


ENCODED = re.compile(b"|".join(sorted(set(map(re.escape, encoded())))))


@dataclass
class Watched:
    """Everything that was said, by whom."""

    said: list[tuple[str, str]] = field(default_factory=list)

    def run(self, *arguments: str, env: dict[str, str]) -> tuple[int, str]:
        """Run a command of ours and keep all that it says, tracebacks too."""
        result = CliRunner().invoke(app, list(arguments), env=env)
        text = result.output
        if result.exc_info and not isinstance(result.exception, SystemExit):
            text += "".join(traceback.format_exception(*result.exc_info))
        self.said.append((" ".join(arguments), text))
        return result.exit_code, text

    def check(self, *folders: Path) -> None:
        """Nothing that was said and no file below `folders` holds a canary."""
        for folder in folders:
            self.said += [(name, text) for name, text in visible(folder)]
        for name, text in self.said:
            found = CANARY.search(text) or ENCODED.search(text.encode())
            assert not found, (
                f"{name} holds {found[0]!r}: {text[max(0, found.start() - 200) :][:400]}"
            )


@pytest.fixture
def watched() -> Iterator[Watched]:
    """Keeps what every logger says, at every level."""
    kept = Watched()
    handler = logging.Handler(logging.DEBUG)

    def keep(record: logging.LogRecord) -> None:
        trace = "".join(traceback.format_exception(*record.exc_info)) if record.exc_info else ""
        kept.said.append((f"logger {record.name}", f"{record.getMessage()} {trace}"))

    handler.emit = keep  # type: ignore[method-assign]
    root, before = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield kept
    finally:
        root.removeHandler(handler)
        root.setLevel(before)


@pytest.fixture
def there() -> Iterator[Receiver]:
    with receiver() as running:
        yield running


@pytest.fixture
def publishers() -> Iterator[Publishers]:
    with Publishers() as running:
        serve_sample(running)
        yield running


def behind_a_password(url: str, place: str) -> str:
    """`url` as it is written for a server that asks for a password."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://knr-user:{plant(place)}@{rest}"


@pytest.fixture
def env(tmp_path: Path, publishers: Publishers, there: Receiver) -> dict[str, str]:
    """Settings of a house in which everything that may be secret is."""
    planted = {
        name: behind_a_password(publishers.env[name], name)
        for name in IN_ADDRESS
        if name in publishers.env
    }
    planted |= {name: plant(name) for name in (*WHOLE, *OF_LIBRARIES)}
    return planted | {
        "LM_HOME": str(tmp_path / "house"),
        "LM_SOURCES": "live",
        "LM_TRIES": "1",
        "LM_NOTIFY_WEBHOOK_URL": f"{there.url}{plant('LM_NOTIFY_WEBHOOK_URL')}",
        "LM_PUBLICATION_WEBHOOK_URL": f"{there.url}{plant('LM_PUBLICATION_WEBHOOK_URL')}",
        "LM_NOTIFY_EMAIL_TO": "wacht@example.nl",
        "LM_SMTP_URL": f"smtp://u:{plant('LM_SMTP_URL')}@127.0.0.1:1",
        "LM_CELERY_BROKER": f"redis://:{plant('LM_CELERY_BROKER')}@{NOBODY}/0",
        "LM_CELERY_BACKEND": f"redis://:{plant('LM_CELERY_BACKEND')}@{NOBODY}/1",
        "LM_METRICS_FILE": str(tmp_path / "out" / "lm.prom"),
        "COLUMNS": "300",
    }


def test_every_setting_that_may_hold_a_secret_is_planted() -> None:
    hidden = {f"LM_{name.upper()}" for name, f in Settings.model_fields.items() if not f.repr}
    assert hidden - {"LM_INBOX"} <= set(PLACES)
    assert len(PLACES) * EACH >= 500


@lived
def test_a_night_that_succeeds_and_what_comes_after_it(
    watched: Watched, env: dict[str, str], database: str, there: Receiver, tmp_path: Path
) -> None:
    env["LM_WAREHOUSE_URL"] = database.replace(
        "postgresql://postgres:@", f"postgresql+psycopg://postgres:{plant('LM_WAREHOUSE_URL')}@"
    )
    assert "knr" in env["LM_WAREHOUSE_URL"]
    env["LM_INCIDENTS_URL"] = env["LM_WAREHOUSE_URL"].replace(
        plant("LM_WAREHOUSE_URL"), plant("LM_INCIDENTS_URL")
    )
    said = watched.run("nightly", "--source", "ibis", env=env)[1]
    assert "Published" in said, said
    for words in (
        ("status",),
        ("doctor",),
        ("doctor", "--json"),
        ("metrics",),
        ("metrics", "--json"),
        ("show", "kennispark-twente"),
        ("export", "--to", str(tmp_path / "out" / "export"), "--table", "publication"),
        ("nightly", "--source", "ibis", "--json"),
    ):
        watched.run(*words, env=env)
    assert there.posts, "the receiver was told"
    watched.said += [("post", post.body.decode()) for post in there.posts]
    watched.said += list(pages(env))
    watched.check(tmp_path / "house", tmp_path / "out")


DOWN: dict[str, dict[str, str]] = {
    "warehouse": {
        "LM_WAREHOUSE_URL": f"postgresql+psycopg://u:{plant('LM_WAREHOUSE_URL')}@{NOBODY}/d"
    },
    "all but the warehouse": {
        "LM_IBIS_URL": f"http://u:{plant('LM_IBIS_URL')}@{NOBODY}/ows",
        "LM_INCIDENTS_URL": f"postgresql+psycopg://u:{plant('LM_INCIDENTS_URL')}@{NOBODY}/d",
        "LM_NOTIFY_WEBHOOK_URL": f"http://{NOBODY}/{plant('LM_NOTIFY_WEBHOOK_URL')}",
        "LM_PUBLICATION_WEBHOOK_URL": f"nosuch://{plant('LM_PUBLICATION_WEBHOOK_URL')}/x",
        "LM_METRICS_FILE": "/proc/nowhere/lm.prom",
    },
    "messages": {
        "LM_IBIS_URL": f"http://u:{plant('LM_IBIS_URL')}@{NOBODY}/ows",
        "LM_SMTP_URL": f"smtp:/u:{plant('LM_SMTP_URL')}@127.0.0.1:99999",
        "LM_NOTIFY_WEBHOOK_URL": f"http://{NOBODY}/{plant('LM_NOTIFY_WEBHOOK_URL')}",
    },
}
"""What is not there, on nights that are lived to their end."""
WRONG: dict[str, dict[str, str]] = {
    "no warehouse": {"LM_WAREHOUSE_URL": f"mysql://u:{plant('LM_WAREHOUSE_URL')}@{NOBODY}/d"},
    "no URL": {"LM_WAREHOUSE_URL": f"//u:{plant('LM_WAREHOUSE_URL')}@[127.0.0.1:x1/d"},
    "no incidents": {"LM_INCIDENTS_URL": f"nosuch://u:{plant('LM_INCIDENTS_URL')}@{NOBODY}/d"},
    "archive": {"LM_ARCHIVE_URL": f"s3://u:{plant('LM_ARCHIVE_URL')}@bucket/x"},
    "archive's prefix": {"LM_ARCHIVE_URL": f"s3://bucket//../x?token={plant('LM_ARCHIVE_URL')}"},
    "assets": {"LM_ASSETS_URL": f"s3://u:{plant('LM_ASSETS_URL')}@bucket/x"},
    "Dagster's records": {"LM_DAGSTER_URL": f"mysql://u:{plant('LM_DAGSTER_URL')}@{NOBODY}/d"},
    "a key in an address": {"LM_IBIS_URL": f"http://{NOBODY}/ows?token={plant('LM_IBIS_URL')}"},
    "a number": {"LM_TRIES": "many"},
}
"""What is refused before a night begins."""


@lived
@pytest.mark.parametrize("edge", DOWN)
def test_a_night_that_fails_at_an_edge_says_so_without_a_secret(
    watched: Watched, env: dict[str, str], edge: str, tmp_path: Path, there: Receiver
) -> None:
    env |= DOWN[edge]
    status = watched.run("nightly", "--source", "ibis", env=env)[0]
    assert status == 1
    for words in (("doctor",), ("doctor", "--json"), ("metrics",), ("status",)):
        watched.run(*words, env=env)
    watched.said += [("post", post.body.decode()) for post in there.posts]
    watched.check(tmp_path)


@pytest.mark.parametrize("edge", WRONG)
def test_a_setting_that_is_wrong_is_refused_without_it(
    watched: Watched, env: dict[str, str], edge: str, tmp_path: Path
) -> None:
    env |= WRONG[edge]
    refused = [watched.run(words, env=env)[0] for words in ("doctor", "status", "metrics")]
    assert refused[0] in (1, 2)
    watched.check(tmp_path)


def pages(env: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Everything that a page could show, from a webserver with these settings."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    webserver = str(Path(sys.executable).with_name("dagster-webserver"))
    home = Path(env["LM_HOME"]) / "live" / "dagster"
    process = subprocess.Popen(
        [webserver, "-h", "127.0.0.1", "-p", str(port), "-w", str(ROOT / "workspace.yaml")],
        env=os.environ | env | {"DAGSTER_HOME": str(home)},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            time.sleep(0.5)
            try:
                urllib.request.urlopen(f"{url}/server_info", timeout=5).close()
                break
            except OSError:
                assert process.poll() is None, process.communicate()[0]
        schema = ask(url, INTROSPECTION)
        assert "pipelineRunsOrError" in json.dumps(schema)
        for query in QUERIES:
            answer = ask(url, query)
            assert "errors" not in answer, answer
            yield query, json.dumps(answer)
        with urllib.request.urlopen(f"{url}/", timeout=30) as page:
            yield "page", page.read().decode()
    finally:
        process.terminate()
        yield "webserver", process.communicate(timeout=60)[0]


INTROSPECTION = "{ __schema { queryType { fields { name } } } }"
QUERIES = (
    "{ instance { info hasInfo daemonHealth { allDaemonStatuses { daemonType healthy } } } }",
    "{ pipelineRunsOrError { ... on Runs { results { runId runConfigYaml tags { key value } "
    "eventConnection { events { __typename ... on MessageEvent { message } "
    "... on ErrorEvent { error { message stack } } } } } } } }",
    "{ assetNodes { assetKey { path } description metadataEntries { label description "
    "... on TextMetadataEntry { text } ... on JsonMetadataEntry { jsonString } ... on UrlMetadataEntry { url } } "
    "assetMaterializations(limit: 5) { metadataEntries { label ... on TextMetadataEntry { text } } } } }",
    "{ repositoriesOrError { ... on RepositoryConnection { nodes { name allTopLevelResourceDetails { name description "
    "configFields { name defaultValueAsJson } configuredValues { key value } } "
    "sensors { name description metadata { assetKeys { path } } } schedules { name } } } } }",
    "{ workspaceOrError { ... on Workspace { locationEntries { name displayMetadata { key value } "
    "locationOrLoadError { __typename ... on PythonError { message stack } } } } } }",
)


def ask(url: str, query: str) -> dict[str, Any]:
    asked = urllib.request.Request(
        f"{url}/graphql",
        data=json.dumps({"query": query}).encode(),
        headers={"Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(asked, timeout=120) as answer:
            found: dict[str, Any] = json.loads(answer.read())
    except urllib.error.HTTPError as error:
        found = {"errors": error.read().decode()}
    return found


def test_the_search_finds_what_is_there(watched: Watched, tmp_path: Path) -> None:
    for hidden in (
        plant("LM_SMTP_URL")[40:60],
        base64.b64encode(f"user:{plant('LM_IBIS_URL')}".encode()).decode(),
    ):
        (tmp_path / "log").write_text(f"said {hidden}")
        with pytest.raises(AssertionError, match="holds"):
            Watched().check(tmp_path)
