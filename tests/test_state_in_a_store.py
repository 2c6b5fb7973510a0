"""A whole house with its state in an object store: another machine finds it as it was left."""

from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import obstore
import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from warehouse.objects import open_store


@pytest.fixture
def house(bucket: str, sample_home: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The state of a first night, in a bucket, and the settings that say so."""
    state = sample_home / "sample"
    for url, folder in (
        ("archive", state / "archive"),
        ("state/sample/assets", state / "assets"),
        ("state/sample/ledger", state / "ledger"),
        ("state/sample/copies", state / "copies"),
    ):
        whole = f"{bucket}/{url}" + ("/sample" if url == "archive" else "")
        store = open_store(whole)
        files = [path for path in folder.rglob("*") if path.is_file()]
        with ThreadPoolExecutor(8) as pool:
            list(
                pool.map(
                    lambda p, s=store, f=folder: obstore.put(s, p.relative_to(f).as_posix(), p),
                    files,
                )
            )
    monkeypatch.setenv("LM_ARCHIVE_URL", f"{bucket}/archive")
    monkeypatch.setenv("LM_ASSETS_URL", f"{bucket}/state")
    return bucket


def objects(url: str) -> dict[str, str | None]:
    """Every object and its ETag; leases apart."""
    return {
        meta["path"]: meta["e_tag"]
        for metas in obstore.list(open_store(url))
        for meta in metas
        if "/leases/" not in meta["path"]
    }


def night(home: Path) -> dict[str, object]:
    """A night of a machine; its report."""
    result = CliRunner().invoke(app, ["nightly", "--json"], env={"LM_HOME": str(home)})
    assert result.exit_code == 0, result.output
    return dict(json.loads(result.stdout.strip().splitlines()[-1]))


def test_another_machine_has_nothing_to_do(house: str, sample_home: Path, tmp_path: Path) -> None:
    before = objects(house)
    for file in ("locatiemonitor.duckdb", "incidents.sqlite"):
        if (sample_home / "sample" / file).exists():
            (tmp_path / "new" / "sample").mkdir(parents=True, exist_ok=True)
            shutil.copy(sample_home / "sample" / file, tmp_path / "new" / "sample")
    said = night(tmp_path / "new")
    assert said["taken"] == []
    assert said["marts"] == []
    assert not said["published"]
    assert not said["blocked"]
    assert objects(house) == before
    # And it found that out by the stamps: of what takes room it fetched next to nothing.
    fetched = [p for p in (tmp_path / "new").rglob("*.parquet") if ".seen" not in p.parts]
    assert len(fetched) < len([name for name in before if name.endswith(".parquet")]) / 5


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("LM_ASSETS_URL", "s3://key:canary@bucket/state", "keys do not belong in a URL"),
        ("LM_ARCHIVE_URL", "gs://bucket/archive", "expected s3://BUCKET/PREFIX"),
        ("LM_DAGSTER_URL", "mysql://u:canary@h/d", "postgresql+psycopg2://"),
        ("LM_EXECUTOR", "celery", "LM_CELERY_BROKER"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_before_anything_runs(
    name: str, value: str, told: str, tmp_path: Path
) -> None:
    env = {"LM_HOME": str(tmp_path), name: value}
    result = CliRunner().invoke(app, ["nightly"], env=env)
    assert result.exit_code == 2
    assert told in result.output
    assert "canary" not in result.output


def test_files_of_the_inbox_may_lie_in_a_bucket(
    bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assets.sources.inbox import BASE, InboxTransport
    from assets.sources.transport import Fetcher, Policy
    from pipelines.resources import inbox_of
    from pipelines.settings import Settings

    settings = Settings(home=tmp_path, inbox=f"{bucket}/inbox")
    inbox = Fetcher(BASE, policy=Policy(tries=1), transport=InboxTransport(inbox_of(settings)))
    assert json.loads(inbox.get("").content()) == []
    store = open_store(f"{bucket}/inbox")
    obstore.put(store, "extract 2026.csv", b"a;b\n1;2\n")
    obstore.put(store, "folder/hidden.csv", b"of no concern")
    monkeypatch.setattr("assets.sources.inbox.SETTLED", -60.0)
    [listed] = json.loads(inbox.get("").content())
    assert listed["name"] == "extract 2026.csv"
    assert inbox.get("extract%202026.csv").content() == b"a;b\n1;2\n"
    obstore.put(store, "extract 2026.csv", b"a;b\n3;4\n5;6\n")
    [again] = json.loads(inbox.get("").content())
    assert again["sha256"] != listed["sha256"]
    obstore.delete(store, "extract 2026.csv")
    assert json.loads(inbox.get("").content()) == []
