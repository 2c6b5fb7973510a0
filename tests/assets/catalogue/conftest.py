"""A small sound catalogue (`sound/`), spoilt in one place, and the message of its refusal."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assets.catalogue import CatalogueError, load_catalogue

SOUND = {file.name: file.read_text("utf-8") for file in (Path(__file__).parent / "sound").iterdir()}
Refusal = Callable[..., str]


@pytest.fixture
def sound() -> dict[str, str]:
    """The files of the sound catalogue by name, to be spoilt at will."""
    return dict(SOUND)


@pytest.fixture
def write(tmp_path: Path) -> Callable[[dict[str, str]], Path]:
    """Writes files into a folder of their own and returns it."""

    def write(files: dict[str, str]) -> Path:
        folder = tmp_path / f"catalogue_{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
        return folder

    return write


@pytest.fixture
def refusal() -> Refusal:
    """The message with which the catalogue in a folder is refused."""

    def refusal(folder: Path, further: Path | None = None) -> str:
        with pytest.raises(CatalogueError) as caught:
            load_catalogue(folder, further=further)
        return str(caught.value)

    return refusal


@pytest.fixture
def spoil(
    sound: dict[str, str], write: Callable[[dict[str, str]], Path], refusal: Refusal
) -> Callable[[str, str, str, str], tuple[str, str]]:
    """Replaces `old` by `new` in one file of the sound catalogue.

    Returns the message, and the place it must name: file and line of the text `line_with`.
    """

    def spoil(file: str, old: str, new: str, line_with: str) -> tuple[str, str]:
        assert old in sound[file], "the text to spoil is there"
        text = sound[file].replace(old, new, 1)
        folder = write(sound | {file: text})
        line = 1 + text[: text.index(line_with)].count("\n")
        return refusal(folder), f"{folder / file}:{line}:"

    return spoil
