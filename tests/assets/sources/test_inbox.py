"""Extracts that somebody drops: whole ones, by the date in their name, and nothing else."""

from __future__ import annotations

import hashlib
import json
import os
import time
import zipfile
from pathlib import Path

import httpx
import pytest

from assets.sources.errors import Absent, Refused, Unreachable
from assets.sources.inbox import BASE, InboxTransport, matching
from assets.sources.replay import ArchiveTransport
from assets.sources.transport import Fetcher
from tests.assets.material import QUICK, REGISTER, World
from warehouse.archive import Archive

LINES = "LISANR;handelsnaam;sbi_code;werkzame_personen\n1;Een;26110;5\n2;Twée;6201;12\n"
LONG_AGO = 1_775_000_000.25
"""1 April 2026 and a quarter of a second, long enough ago to be whole."""


def drop(world: World, name: str, text: str | bytes = LINES, moment: float = LONG_AGO) -> Path:
    """Put a file in the inbox that was last written at `moment`."""
    path = world.inbox / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    os.utime(path, (moment, moment))
    return path


def editions(world: World) -> dict[str, str]:
    """Edition -> file, as the inbox is seen now."""
    return {x.edition: x.identifier for x in world.survey(REGISTER).listings}


def test_a_dropped_extract_is_taken_in_by_the_date_in_its_name(world: World) -> None:
    drop(world, "register_2026-04-01.csv")
    [listing] = world.survey(REGISTER).listings
    taken = world.take(REGISTER, "2026-04-01", listing=listing)
    assert taken.table.rows.to_dicts() == [
        {"row_number": 1, "establishment_id": "1", "trade_name": "Een", "sbi_code": "26110",
         "working_persons": "5", "sbi_edition": "2025"},
        {"row_number": 2, "establishment_id": "2", "trade_name": "Twée", "sbi_code": "6201",
         "working_persons": "12", "sbi_edition": "2025"},
    ]  # fmt: skip
    release = taken.release
    assert (release.rows, release.synthetic, release.identifier) == (
        2,
        True,
        "register_2026-04-01.csv",
    )
    assert release.fingerprint == hashlib.sha256(LINES.encode()).hexdigest()[:32]
    assert release.parts[0].url == f"{BASE}/register_2026-04-01.csv"
    assert not world.take(REGISTER, "2026-04-01").fresh
    assert taken.table.remarks == ("encoding utf-8, delimiter ';'",)


def test_a_zip_is_as_good(world: World) -> None:
    path = drop(world, "register_2026-04-01.zip")
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("whatever.csv", LINES)
    os.utime(path, (LONG_AGO, LONG_AGO))
    assert world.take(REGISTER, "2026-04-01").release.rows == 2


@pytest.mark.parametrize(
    "name",
    [
        "register_2026-04-01.csv",
        "register_a&b=c_2026-04-01.csv",
        "register_100%41 #1?_2026-04-01.csv",
        "register_Überzicht_2026-04-01.csv",
        "register_http:__x_2026-04-01.csv",
    ],
)
def test_whatever_a_file_is_called_it_is_found(world: World, name: str) -> None:
    drop(world, name)
    assert world.take(REGISTER, "2026-04-01").release.identifier == name


@pytest.mark.parametrize(
    "name",
    ["notes.txt", "register_2026-4-1.csv", "register_2026-04-01.csv.part", "x.csv",
     ".register_2026-04-01.csv", "register_2026-04-01.xlsx"],
)  # fmt: skip
def test_other_files_are_left_alone(world: World, name: str) -> None:
    drop(world, name)
    assert editions(world) == {}


def test_a_file_that_is_still_being_copied_is_not_listed_nor_sent(world: World) -> None:
    path = drop(world, "register_2026-04-01.csv", moment=time.time())
    assert editions(world) == {}
    quick = InboxTransport(world.inbox)
    with httpx.Client(transport=quick) as client:
        answer = client.get(f"{BASE}/{path.name}")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    os.utime(path, (time.time() - 2.5, time.time() - 2.5))
    assert editions(world) == {"2026-04-01": path.name}


def test_a_link_a_folder_and_a_pipe_are_not_served(world: World) -> None:
    secret = world.folder / "secret.csv"
    secret.write_text("canary")
    (world.inbox / "register_2026-04-01.csv").symlink_to(secret)
    (world.inbox / "register_2026-04-02.csv").mkdir()
    os.mkfifo(world.inbox / "register_2026-04-03.csv")
    assert editions(world) == {}
    with httpx.Client(transport=InboxTransport(world.inbox)) as client:
        for day in (1, 2, 3):
            assert client.get(f"{BASE}/register_2026-04-0{day}.csv").status_code == 404


@pytest.mark.parametrize(
    "path",
    ["../secret.csv", "%2e%2e/secret.csv", "..%2fsecret.csv", "%2e%2e%2fsecret.csv",
     "sub/inner.csv", "sub%2finner.csv", "..", "%2e", "..%00", "x%00.csv", "//etc/passwd"],
)  # fmt: skip
def test_no_way_leads_out_of_the_folder(world: World, path: str) -> None:
    (world.folder / "secret.csv").write_text("canary")
    (world.inbox / "sub").mkdir()
    drop(world, "sub/inner.csv", "canary")
    with httpx.Client(transport=InboxTransport(world.inbox)) as client:
        answer = client.get(f"{BASE}/{path}")
    assert b"canary" not in answer.content
    assert answer.status_code == 404 or answer.json() == []


def test_the_newest_of_two_files_for_one_edition_counts(world: World) -> None:
    drop(world, "register_a_2026-04-01.csv", moment=LONG_AGO + 0.5)
    drop(world, "register_b_2026-04-01.csv", LINES + "3;Drie;49;1\n", moment=LONG_AGO)
    assert editions(world) == {"2026-04-01": "register_a_2026-04-01.csv"}
    assert world.take(REGISTER, "2026-04-01").release.rows == 2
    drop(world, "register_b_2026-04-01.csv", LINES + "3;Drie;49;1\n", moment=LONG_AGO + 60)
    assert world.take(REGISTER, "2026-04-01").release.rows == 3


def test_an_older_file_than_was_taken_in_is_told_of_and_not_taken(world: World) -> None:
    """Else it would be new every night, and never be the newest release."""
    newer = drop(world, "register_b_2026-04-01.csv", LINES + "3;Drie;49;1\n", LONG_AGO + 60)
    drop(world, "register_a_2026-04-01.csv", moment=LONG_AGO)
    first = world.take(REGISTER, "2026-04-01")
    newer.unlink()
    answer = world.survey(REGISTER)
    assert answer.listings == ()
    assert answer.absent == {
        ("register", "2026-04-01"): "register_a_2026-04-01.csv is older than "
        "register_b_2026-04-01.csv, which was taken in before; touch it if it is to count"
    }
    with pytest.raises(Absent, match="touch it if it is to count"):
        world.take(REGISTER, "2026-04-01")
    assert world.take(REGISTER, "2026-04-01", ask=False).release == first.release
    drop(world, "register_a_2026-04-01.csv", moment=LONG_AGO + 120)
    assert world.take(REGISTER, "2026-04-01").release.rows == 2


def test_a_file_that_is_gone_again_is_absent(world: World) -> None:
    path = drop(world, "register_2026-04-01.csv")
    [listing] = world.survey(REGISTER).listings
    path.unlink()
    with pytest.raises(Absent):
        world.take(REGISTER, "2026-04-01", listing=listing)
    assert world.archive.releases("register") == []


def test_no_inbox_is_an_empty_one(world: World) -> None:
    fetcher = Fetcher(BASE, policy=QUICK, transport=InboxTransport(world.folder / "nowhere"))
    assert fetcher.get("").content() == b"[]"


def test_a_file_that_may_not_be_read_fails_the_inbox_and_says_which(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = drop(world, "register_2026-04-01.csv")
    usual = Path.open

    def refusing(self: Path, *how: object, **more: object) -> object:
        if self == path:
            raise PermissionError(13, "Permission denied", str(path))
        return usual(self, *how, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", refusing)
    with pytest.raises(Unreachable, match=r"register_2026-04-01\.csv"):
        world.fetcher_of("inbox").get("")
    assert "Permission denied" in str(world.survey(REGISTER).failure)


def test_a_name_that_no_supplier_knows_any_more_is_refused(world: World) -> None:
    drop(world, "register_2026-04-01.csv")
    world.take(REGISTER, "2026-04-01")
    other = REGISTER.suppliers["plain"].model_copy(
        update={"file_pattern": r"uittreksel_(?P<edition>\d{4})\.csv"}
    )
    changed = REGISTER.model_copy(update={"suppliers": {"plain": other}})
    assert matching(changed, "register_2026-04-01.csv") is None
    with pytest.raises(Refused, match="no supplier in the catalogue has a file pattern"):
        world.take(changed, "2026-04-01", ask=False)


def test_beneath_the_inbox_lies_the_sample(world: World, tmp_path: Path) -> None:
    """What nobody dropped is answered by the recorded inbox; what somebody dropped goes first."""
    drop(world, "register_2025-04-01.csv")
    world.survey(REGISTER)
    world.take(REGISTER, "2025-04-01")
    (tmp_path / "dropped").mkdir()
    over = InboxTransport(tmp_path / "dropped", beneath=ArchiveTransport(world.archive))
    with Fetcher(BASE, policy=QUICK, transport=over) as fetcher:
        assert [file["name"] for file in json.loads(fetcher.get("").content())] == [
            "register_2025-04-01.csv"
        ]
        assert fetcher.get("register_2025-04-01.csv").content() == LINES.encode()
        assert fetcher.get("register_2025-04-01.csv").synthetic

        own = tmp_path / "dropped" / "register_2025-04-01.csv"
        own.write_text("own")
        os.utime(own, (LONG_AGO, LONG_AGO))
        assert fetcher.get("register_2025-04-01.csv").content() == b"own"
    assert Archive(world.folder / "archive").editions("register") == ["2025-04-01"]
