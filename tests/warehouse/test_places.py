"""A folder on this disk whose files are replaced whole, and which another may take the place of."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from warehouse.places import Place


def test_a_folder_takes_the_place_of_another_whole(tmp_path: Path) -> None:
    place = Place(tmp_path / "assets")
    place.write(place.folder / "a", b"old")
    place.write(place.folder / "gone" / "b", b"old")
    anew = place.beside(".rebuilding")
    anew.write(anew.folder / "a", b"new")
    place.give_way(anew)
    assert [path.name for path in tmp_path.rglob("*")] == ["assets", "a"]
    assert (place.folder / "a").read_bytes() == b"new"
    # What was left of an earlier attempt is not taken for new.
    anew.write(anew.folder / "left", b"left")
    assert not place.beside(".rebuilding").folder.exists()


def test_a_folder_takes_the_place_of_none(tmp_path: Path) -> None:
    place = Place(tmp_path / "assets")
    anew = place.beside(".rebuilding")
    anew.write(anew.folder / "a", b"new")
    place.give_way(anew)
    assert (place.folder / "a").read_bytes() == b"new"


def test_a_link_across_disks_is_a_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = Place(tmp_path)
    place.write(tmp_path / "a", b"content")
    place.link(tmp_path / "a", tmp_path / "x" / "same")
    assert (tmp_path / "a").samefile(tmp_path / "x" / "same")

    def other_disk(*_: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", other_disk)
    place.link(tmp_path / "a", tmp_path / "x" / "copy")
    assert (tmp_path / "x" / "copy").read_bytes() == b"content"
    assert sorted(path.name for path in (tmp_path / "x").iterdir()) == ["copy", "same"]
