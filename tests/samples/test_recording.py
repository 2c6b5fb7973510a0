"""The recorder, held against the published data it cuts from; skipped where that is absent."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from samples.record import HERE, KEPT, record
from tests.publishers import shared
from warehouse.archive import Archive

pytestmark = pytest.mark.skipif(
    not shared.available(),
    reason=f"no published data in {shared.folder()}; LM_SHARED_DATA names another place",
)


def _manifests(folder: Path) -> dict[str, bytes]:
    files = (folder / "releases").rglob("*.json")
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def _contents(folder: Path) -> dict[str, bytes]:
    """Every archived body, by its hash: compressed, it may differ between versions of zstd."""
    archive = Archive(folder)
    return {
        part.sha256: archive.read(part) for release in archive.releases() for part in release.parts
    }


def test_recording_again_gives_the_same(tmp_path: Path) -> None:
    record(tmp_path)
    assert _manifests(tmp_path) == _manifests(HERE)
    assert _contents(tmp_path) == _contents(HERE)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(KEPT)


def test_recording_replaces_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "blobs").mkdir()
    (tmp_path / "blobs" / "left.zst").write_bytes(b"of an earlier recording")
    record(tmp_path)
    assert not (tmp_path / "blobs" / "left.zst").exists()


def test_a_recording_that_fails_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "releases").mkdir()
    (tmp_path / "releases" / "old.json").write_bytes(b"{}")
    monkeypatch.setattr("samples.record.EDITIONS", frozenset({("cbs_kwb", "1999")}))
    with pytest.raises(RuntimeError, match="lacking"):
        record(tmp_path)
    assert [path.name for path in tmp_path.rglob("*")] == ["releases", "old.json"]


def test_no_published_file_was_copied() -> None:
    theirs = {
        hashlib.sha256(path.read_bytes()).hexdigest(): path.name
        for path in shared.folder().rglob("*")
        if path.is_file()
    }
    ours = {
        hashlib.sha256(path.read_bytes()).hexdigest(): path.name
        for path in HERE.rglob("*")
        if path.is_file()
    }
    ours |= {sha256: sha256 for sha256 in _contents(HERE)}
    assert theirs
    assert not set(theirs) & set(ours)


def test_outlines_keep_their_size() -> None:
    from assets.core.outlines import hectares
    from samples.cuts import outlines

    before = {f["properties"]["statcode"]: f["geometry"] for f in shared.municipalities(2026)}
    made = outlines(["GM0153", "GM0166", "GM0193"], 2026)
    assert len(made) == 3
    for feature in made:
        code = feature["properties"]["statcode"]
        now = hectares(code, json.dumps(feature["geometry"]))
        assert now == pytest.approx(hectares(code, json.dumps(before[code])), rel=0.005)
        assert len(feature["geometry"]["coordinates"]) == len(before[code]["coordinates"])
