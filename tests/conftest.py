"""Settings that hold for every test."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.postgres import fresh_database, server

os.environ["DAGSTER_DISABLE_TELEMETRY"] = "1"


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
