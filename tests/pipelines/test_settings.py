"""Settings: from the environment, from files that it names, and shown nowhere where they are secret."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.settings import ADDRESSES, Settings, UnreadableSettingError, unknown_settings
from warehouse.masking import masked, secrets_in

SECRET = ("warehouse_url", "incidents_url", "smtp_url", *ADDRESSES)


def test_a_setting_is_read_from_the_file_that_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "smtp").write_text("smtp://user:g3heim@host:587\n")
    (tmp_path / "tries").write_text("3")
    monkeypatch.setenv("LM_SMTP_URL_FILE", str(tmp_path / "smtp"))
    monkeypatch.setenv("LM_TRIES_FILE", str(tmp_path / "tries"))
    assert (Settings().smtp_url, Settings().tries) == ("smtp://user:g3heim@host:587", 3)
    assert unknown_settings() == []
    monkeypatch.setenv("LM_SMTP_URL", "smtp://other")
    assert Settings().smtp_url == "smtp://other"
    monkeypatch.setenv("LM_SMPT_URL_FILE", "x")
    assert unknown_settings() == ["LM_SMPT_URL_FILE"]


def test_a_file_that_cannot_be_read_is_wrong_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LM_SMTP_URL_FILE", str(tmp_path / "none"))
    with pytest.raises(UnreadableSettingError, match="LM_SMTP_URL_FILE: expected a file"):
        Settings()
    result = CliRunner().invoke(app, ["doctor"])
    assert result.exit_code == 2 and "LM_SMTP_URL_FILE" in result.output


@pytest.mark.parametrize("name", SECRET)
def test_what_may_hold_a_secret_is_not_printed_and_its_secret_is_known(name: str) -> None:
    settings = Settings(**{name: "https://user:g%40heim@host/x"})  # type: ignore[arg-type]
    assert "heim" not in repr(settings) and "heim" not in str(settings)
    assert {"g%40heim", "g@heim"} <= set(settings.secrets())


@pytest.mark.parametrize("name", ["PGPASSWORD", "AWS_SECRET_ACCESS_KEY"])
def test_what_libraries_read_from_the_environment_is_a_secret_too(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "g@heim")
    assert "g@heim" in Settings().secrets()


@pytest.mark.parametrize(
    "name", ["notify_webhook_secret", "publication_webhook_secret", "smtp_url"]
)
def test_a_secret_of_the_wrong_kind_is_refused_without_it(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ValueError, match=name) as caught:
        Settings(**{name: {"geheim": 1}})  # type: ignore[arg-type]
    assert "geheim" not in str(caught.value)


@given(
    st.text("abcXYZ019-._~!$()*+,;:%40é ", min_size=4).filter(lambda s: s.strip()),
    st.sampled_from(["https", "postgresql+psycopg", "smtp", "s3"]),
)
def test_a_password_in_an_address_is_never_shown(password: str, scheme: str) -> None:
    from urllib.parse import quote

    url = f"{scheme}://user:{quote(password, safe='')}@host/db?x=1"
    shown = masked(f"cannot reach {url}: refused", secrets_in(url))
    assert shown == f"cannot reach {scheme}://***@host/db?x=1: refused"
    assert password not in masked(f"driver says '{password}' is wrong", secrets_in(url))


def test_the_page_listens_on_the_loopback_address_and_nowhere_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[list[str]] = []
    monkeypatch.setattr(os, "execv", lambda path, arguments: started.append(arguments))
    result = CliRunner().invoke(app, ["ui", "--port", "3999"], env={"LM_HOME": str(tmp_path)})
    assert result.exit_code == 0, result.output
    [arguments] = started
    assert arguments[arguments.index("-h") + 1] == "127.0.0.1"
    assert "0.0.0.0" not in " ".join(arguments)  # noqa: S104 - it is not there
