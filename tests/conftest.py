"""Settings that hold for every test."""

from __future__ import annotations

import os

import pytest

os.environ["DAGSTER_DISABLE_TELEMETRY"] = "1"


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """A setting of the person who runs the tests must not change what they test."""
    for name in [
        name for name in os.environ if name.startswith("LM_") and name != "LM_SHARED_DATA"
    ]:
        monkeypatch.delenv(name)
