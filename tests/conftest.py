"""Settings that hold for every test."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests import object_store
from tests.postgres import fresh_database, server

os.environ["DAGSTER_DISABLE_TELEMETRY"] = "1"

# The same examples on every machine and however slow it is: a failure is of the code.
settings.register_profile("locatiemonitor", deadline=None, derandomize=True, max_examples=50)
settings.load_profile("locatiemonitor")


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """A setting of the person who runs the tests must not change what they test."""
    for name in [
        name for name in os.environ if name.startswith("LM_") and name != "LM_SHARED_DATA"
    ]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a real PostgreSQL, started for the first test that asks for it."""
    with server() as url:
        yield url


@pytest.fixture
def database(postgres: str) -> str:
    """The URL of a new, empty database."""
    return fresh_database(postgres)


@pytest.fixture(scope="session")
def s3() -> Iterator[str]:
    """The address of an S3 server, started for the first test that asks for it."""
    with object_store.server() as address:
        yield address


@pytest.fixture
def bucket(s3: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The URL of a new, empty bucket, with the keys to it in the environment."""
    for name, value in {**object_store.KEYS, "AWS_ENDPOINT_URL": s3}.items():
        monkeypatch.setenv(name, value)
    return object_store.fresh_bucket(s3)


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home after its first night on the sample, by the command line: the dearest thing that the
    tests do, so one process lives it and the others copy it. Nights without news may be added to
    it; whoever brings news takes a copy."""
    apart = "PYTEST_XDIST_WORKER" in os.environ
    base = tmp_path_factory.getbasetemp()
    lived = (base.parent if apart else base) / "sample-night"
    with lived.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not lived.exists():
            home = tmp_path_factory.mktemp("sample")
            _first_night(home)
            home.rename(lived)
    return Path(shutil.copytree(lived, tmp_path_factory.mktemp("lived") / "home", symlinks=True))


def _first_night(home: Path) -> None:
    from typer.testing import CliRunner

    from pipelines.cli import app

    result = CliRunner().invoke(app, ["nightly"], env={"LM_HOME": str(home)})
    assert result.exit_code == 0, result.output
    assert "Published" in result.output
    assert "synthetic" in result.output


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whole houses first: a file of them takes minutes, and no process should be left with one when
    the others have nothing more to do. While one lives the night on the sample, the others are at
    what does not wait for it."""
    sampled = sorted({i.path for i in items if "sample_home" in getattr(i, "fixturenames", ())})
    here = Path(__file__).parent

    def turn(item: pytest.Item) -> int:
        if item.path in sampled:
            return 0 if item.path == sampled[0] else 2
        return 1 if item.path.parent == here else 3

    items.sort(key=turn)
