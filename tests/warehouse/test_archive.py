"""The archive: what was sent comes back byte for byte, and a half release does not exist."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from warehouse import archive as archive_module
from warehouse import durable
from warehouse.archive import Archive, Draft, Part, Release, utc

MORNING = dt.datetime(2026, 8, 4, 4, 0, 1)
STEADY = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """An archive that does not exist yet."""
    return Archive(tmp_path / "archive")


def fill(draft: Draft, bodies: Mapping[str, bytes], moment: dt.datetime = MORNING) -> None:
    """Add bodies by name."""
    for name, body in bodies.items():
        draft.add(name, f"https://cbs.test/{name}", body, fetched_at=moment)


def preview(draft: Draft, modified_at: dt.datetime | None = MORNING) -> Release:
    """The release as it will be."""
    return draft.preview(
        identifier="99020NED",
        url="https://cbs.test/Tables",
        fingerprint="f",
        modified_at=modified_at,
        licence="CC BY 4.0",
        attribution="CBS",
    )


def store(
    archive: Archive,
    bodies: Mapping[str, bytes],
    *,
    modified_at: dt.datetime | None = MORNING,
    fetched_at: dt.datetime = MORNING,
    edition: str = "2020",
) -> Release:
    """Draft and commit a release of these bodies."""
    with archive.draft("areas", edition) as draft:
        fill(draft, bodies, fetched_at)
        return draft.commit(preview(draft, modified_at), rows=7)


def files(archive: Archive) -> list[str]:
    """Everything in the archive's folder."""
    return sorted(str(p.relative_to(archive.folder)) for p in archive.folder.rglob("*.*"))


# --- what goes in comes out


@STEADY
@given(
    bodies=st.dictionaries(
        st.from_regex(r"[A-Za-z]{1,8}(/[0-9]{5})?", fullmatch=True),
        st.binary(max_size=200) | st.binary(min_size=1, max_size=4).map(lambda b: b * 5_000),
        min_size=1,
        max_size=9,
    ),
    moment=st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2099, 1, 1)),
    etag=st.none() | st.text(max_size=12),
)
def test_any_bodies_come_back(
    tmp_path: Path, bodies: dict[str, bytes], moment: dt.datetime, etag: str | None
) -> None:
    archive = Archive(tmp_path / str(len(list(tmp_path.iterdir()))))
    with archive.draft("areas", "2020") as draft:
        for name, body in bodies.items():
            draft.add(
                name, f"https://cbs.test/{name}?é", body, fetched_at=moment, etag=etag,
                content_type="text/plain", last_modified="Tue", synthetic=not body,
            )  # fmt: skip
        committed = draft.commit(preview(draft, None), rows=None)
    [release] = archive.releases()
    assert release == committed == archive.latest("areas", "2020")
    assert {part.name: archive.read(part) for part in release.parts} == bodies
    for part in release.parts:
        assert part.sha256 == hashlib.sha256(bodies[part.name]).hexdigest()
        assert (part.bytes, part.etag) == (len(bodies[part.name]), etag)
        assert part.fetched_at == moment
    assert release.bytes == sum(map(len, bodies.values()))
    assert release.synthetic == any(not body for body in bodies.values())
    assert release.known_from == moment


def test_the_layout_is_as_documented(archive: Archive) -> None:
    release = store(archive, {"Tables": b"one", "Rows/00000": b"two", "Rows/00001": b"two"})
    one, two = (hashlib.sha256(body).hexdigest() for body in (b"one", b"two"))
    manifest = f"releases/areas/2020/2026-08-04T040001-{release.sha256[:8]}.json"
    assert files(archive) == sorted(
        [f"blobs/{one[:2]}/{one}.zst", f"blobs/{two[:2]}/{two}.zst", manifest]
    ), "the same bytes are kept once"
    assert release.release_id == f"areas:2020:2026-08-04T040001:{release.sha256[:8]}"
    said = json.loads((archive.folder / manifest).read_text())
    assert (said["rows"], said["modified_at"]) == (7, "2026-08-04T04:00:01")


def test_the_same_content_is_the_same_release_whatever_its_order(archive: Archive) -> None:
    first = store(archive, {"a": b"1", "b": b"2"})
    second = store(archive, {"b": b"2", "a": b"1"})
    assert first.release_id == second.release_id
    assert len(archive.releases()) == 1
    assert store(archive, {"a": b"2", "b": b"1"}).sha256 != first.sha256


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (dt.datetime(2026, 8, 4, 4), dt.datetime(2026, 8, 4, 4)),
        (dt.datetime(2026, 8, 4, 6, tzinfo=dt.timezone(dt.timedelta(hours=2))),
         dt.datetime(2026, 8, 4, 4)),
        (dt.datetime(2026, 1, 1, tzinfo=dt.timezone(dt.timedelta(hours=1))),
         dt.datetime(2025, 12, 31, 23)),
    ],
)  # fmt: skip
def test_moments_are_kept_in_utc_without_a_zone(moment: dt.datetime, expected: dt.datetime) -> None:
    assert utc(moment) == expected
    assert utc(moment).tzinfo is None


def test_a_part_is_found_by_its_name(archive: Archive) -> None:
    release = store(archive, {"Tables": b"one"})
    assert release.part("Tables").bytes == 3
    assert archive.holds(release.part("Tables"))
    with pytest.raises(KeyError, match=r"has no part 'Rows'; it has .'Tables'"):
        release.part("Rows")


# --- which release is the newest


def test_the_newest_is_by_the_publishers_order_and_not_by_ours(archive: Archive) -> None:
    days = [5, 9, 2, 7]
    for order, day in enumerate(days):
        store(
            archive,
            {"a": bytes([day])},
            modified_at=dt.datetime(2026, 3, day),
            fetched_at=dt.datetime(2026, 6, order + 1),
        )
    found = archive.releases("areas")
    assert [release.modified_at.day for release in found if release.modified_at] == sorted(days)
    assert archive.latest("areas", "2020") == found[-1]


def test_of_two_with_the_same_moment_the_one_fetched_last_is_newer(archive: Archive) -> None:
    for day in (3, 1, 2):
        store(archive, {"a": bytes([day])}, fetched_at=dt.datetime(2026, 6, day))
    latest = archive.latest("areas", "2020")
    assert latest
    assert archive.read(latest.parts[0]) == b"\x03"
    assert archive.releases()[-1] == latest


def test_where_the_publisher_names_no_moment_ours_counts(archive: Archive) -> None:
    store(archive, {"a": b"1"}, modified_at=None, fetched_at=dt.datetime(2026, 6, 2))
    store(archive, {"a": b"2"}, modified_at=dt.datetime(2026, 6, 1))
    latest = archive.latest("areas", "2020")
    assert latest
    assert archive.read(latest.parts[0]) == b"1"


def test_editions_are_kept_apart(archive: Archive) -> None:
    for edition in ("2020", "2019", "current"):
        store(archive, {"a": edition.encode()}, edition=edition)
    assert archive.editions("areas") == ["2019", "2020", "current"]
    assert archive.editions("others") == []
    assert archive.latest("areas", "2021") is None
    assert archive.latest("others", "2020") is None
    assert archive.releases("others") == []


@pytest.mark.parametrize(
    "name", ["../2020", "..", ".", "", "a/b", "/etc", "a\\b", ".hidden", "2020*", "a b", "é", "a\n"]
)
def test_a_name_is_that_of_one_folder(archive: Archive, name: str) -> None:
    with pytest.raises(ValueError, match="cannot be archived"):
        archive.draft("areas", name)
    with pytest.raises(ValueError, match="cannot be archived"):
        archive.draft(name, "2020")


# --- what is no longer as it was


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        pytest.param(lambda b: b[:-5], "damaged", id="cut off"),
        pytest.param(lambda b: b"", "damaged", id="empty"),
        pytest.param(lambda b: b"not zstd", "damaged", id="something else"),
        pytest.param(
            lambda b: archive_module.zstandard.ZstdCompressor().compress(b"other"),
            "no longer what was archived",
            id="other bytes",
        ),
        pytest.param(None, "are gone", id="gone"),
    ],
)
def test_a_damaged_blob_is_told_of_and_written_anew(
    archive: Archive, spoil: object, says: str
) -> None:
    bodies = {"Tables": b"12345"}
    part = store(archive, bodies).parts[0]
    blob = archive.folder / "blobs" / part.sha256[:2] / f"{part.sha256}.zst"
    if callable(spoil):
        blob.write_bytes(spoil(blob.read_bytes()))
    else:
        blob.unlink()
    with pytest.raises(ValueError, match=says) as caught:
        archive.read(part)
    assert "Tables" in str(caught.value)
    assert str(blob) in str(caught.value)
    store(archive, bodies)
    assert archive.read(part) == b"12345"


def test_no_bit_of_a_blob_turns_over_unnoticed(archive: Archive) -> None:
    body = json.dumps([{"ID": n, "Aantal_1": n * 1.5} for n in range(20)]).encode()
    part = store(archive, {"Rows": body}).parts[0]
    blob = archive.folder / "blobs" / part.sha256[:2] / f"{part.sha256}.zst"
    packed = blob.read_bytes()
    for place in range(len(packed)):
        blob.write_bytes(packed[:place] + bytes([packed[place] ^ 8]) + packed[place + 1 :])
        try:
            assert archive.read(part) == body
        except ValueError:
            continue


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"parts": []}', "null"])
def test_a_manifest_that_cannot_be_read_is_named(archive: Archive, text: str) -> None:
    store(archive, {"a": b"1"})
    broken = archive.folder / "releases" / "areas" / "2020" / "broken.json"
    broken.write_text(text)
    with pytest.raises(ValueError, match=r"broken\.json: not the manifest of a release"):
        archive.latest("areas", "2020")


# --- crashes


def test_an_error_before_the_manifest_leaves_no_release(archive: Archive) -> None:
    good = store(archive, {"a": b"old"})

    def crash() -> None:
        with archive.draft("areas", "2020") as draft:
            fill(draft, {"a": b"new"})
            preview(draft)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        crash()
    assert archive.releases() == [good]
    assert archive.latest("areas", "2020") == good


@pytest.mark.parametrize("failing", ["blob", "manifest"])
def test_a_full_disk_leaves_no_release_and_no_litter(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    good = store(archive, {"a": b"old"})
    before = files(archive)

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    with archive.draft("areas", "2020") as draft:
        if failing == "blob":
            monkeypatch.setattr(os, "fsync", full)
            fill(draft, {"a": b"new"})
            with pytest.raises(OSError, match="No space left"):
                preview(draft)
        else:
            fill(draft, {"a": b"new"})
            release = preview(draft)
            monkeypatch.setattr(os, "fsync", full)
            with pytest.raises(OSError, match="No space left"):
                draft.commit(release, rows=1)
    monkeypatch.undo()
    assert archive.releases() == [good]
    assert not [name for name in files(archive) if name.endswith(".part")]
    assert set(before) <= set(files(archive))
    assert store(archive, {"a": b"new"}).rows == 7


def test_every_folder_on_the_way_is_made_durable(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rename is on disk once its folder is, and a new folder once the one above it is."""
    synced: list[str] = []
    usual = durable.sync_folder

    def noting(folder: Path) -> None:
        synced.append(str(folder.relative_to(archive.folder.parent)))
        usual(folder)

    monkeypatch.setattr(durable, "sync_folder", noting)
    release = store(archive, {"a": b"1"})
    blobs = f"archive/blobs/{release.parts[0].sha256[:2]}"
    manifest = synced.index("archive/releases/areas/2020")
    assert {blobs, "archive/blobs", "archive"} <= set(synced[:manifest]), "the blobs go first"
    assert {"archive/releases", "archive/releases/areas"} <= set(synced[manifest:])


BUSY = """
import datetime as dt, sys
from pathlib import Path
from warehouse.archive import Archive

archive, number = Archive(Path(sys.argv[1])), int(sys.argv[2]) * 1000
print("ready", flush=True)
while True:
    number += 1
    with archive.draft("areas", "2020") as draft:
        for page in range(4):
            body = b"%d %d " % (number, page) * 3000
            draft.add(f"Rows/{page:05}", f"https://cbs.test/{page}", body,
                      fetched_at=dt.datetime(2026, 1, 1) + dt.timedelta(seconds=number))
        release = draft.preview(identifier="x", url="u", fingerprint=str(number),
                                modified_at=None, licence="", attribution="")
        draft.commit(release, rows=4)
"""
"""Commits one release after the other until it is killed."""


def test_ten_kills_leave_only_whole_releases(archive: Archive) -> None:
    """kill -9 at any moment between the first byte of a draft and its manifest."""
    chance = random.Random(20)
    for round_ in range(10):
        before = len(archive.releases())
        command = [sys.executable, "-c", BUSY, str(archive.folder), str(round_)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path.cwd()) as process:
            assert process.stdout
            assert process.stdout.readline() == b"ready\n"
            time.sleep(chance.uniform(0.001, 0.06))
            process.send_signal(signal.SIGKILL)
        releases = archive.releases()
        assert len(releases) >= before, "nothing that was there is lost"
        for release in releases:
            number = int(release.fingerprint)
            assert len(release.parts) == release.rows == 4
            for page, part in enumerate(release.parts):
                assert archive.read(part) == b"%d %d " % (number, page) * 3000
    assert archive.releases(), "some releases were finished"
    assert store(archive, {"a": b"after"}) in archive.releases()


# --- at the same time


def test_two_drafts_of_the_same_content_at_once(archive: Archive) -> None:
    bodies = {f"Rows/{n:05}": b"%d" % n * 10_000 for n in range(20)}
    ready = threading.Barrier(4)

    def commit(_: int) -> Release:
        ready.wait()
        return store(archive, bodies)

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(commit, range(4)))
    assert {release.release_id for release in made} == {made[0].release_id}
    assert archive.releases() == [made[0]]
    assert {part.name: archive.read(part) for part in made[0].parts} == bodies
    assert not [name for name in files(archive) if name.endswith(".part")]


def test_a_draft_holds_back_who_is_faster_than_the_disk(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No more than a few bodies are in memory, however many pages a table has."""
    waiting = most = 0
    lock = threading.Lock()
    usual = durable.write_durably

    def slow(path: Path, content: bytes) -> None:
        nonlocal waiting
        time.sleep(0.002)
        usual(path, content)
        with lock:
            waiting -= 1

    monkeypatch.setattr(durable, "write_durably", slow)
    with archive.draft("areas", "2020") as draft:
        for number in range(40):
            draft.add(f"{number}", "u", b"%d" % number, fetched_at=MORNING)
            with lock:
                waiting += 1
                most = max(most, waiting)
        assert len(draft.parts()) == 40
    assert most <= archive_module.IN_FLIGHT + archive_module.WRITERS


def test_what_is_cleared_is_not_in_the_release(archive: Archive) -> None:
    with archive.draft("areas", "2020") as draft:
        fill(draft, {"a": b"first", "b": b"first too"})
        draft.clear()
        fill(draft, {"a": b"second"})
        release = draft.commit(preview(draft), rows=1)
    assert [(part.name, archive.read(part)) for part in release.parts] == [("a", b"second")]


def test_a_part_that_could_not_be_written_is_not_passed_over(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(path: Path, content: bytes) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    with archive.draft("areas", "2020") as draft:
        fill(draft, {"a": b"1"})
        draft.parts()
        monkeypatch.setattr(durable, "write_durably", failing)
        fill(draft, {f"b{n}": b"%d" % n for n in range(20)})
        with pytest.raises(PermissionError):
            preview(draft)
    assert archive.releases() == []


def test_a_part_may_be_read_before_it_is_part_of_a_release(archive: Archive) -> None:
    with archive.draft("areas", "2020") as draft:
        fill(draft, {"a": b"1"})
        assert [draft.read(part) for part in draft.parts()] == [b"1"]
        assert isinstance(draft.parts()[0], Part)


# --- parts taken over


def test_a_part_of_an_earlier_release_is_taken_over_without_its_bytes(archive: Archive) -> None:
    with archive.draft("areas", "2020") as draft:
        assert draft.last() is None
    first = store(archive, {"a": b"one", "b": b"two"})
    with archive.draft("areas", "2020") as draft:
        assert draft.last() == first
        draft.keep(first.part("b"))
        fill(draft, {"c": b"three"}, MORNING + dt.timedelta(days=1))
        second = draft.commit(preview(draft, MORNING + dt.timedelta(days=1)), rows=7)
    assert [part.name for part in second.parts] == ["b", "c"]
    assert second.part("b") == first.part("b")
    assert archive.read(second.part("b")) == b"two"
    assert archive.latest("areas", "2020") == second
    assert archive.releases("areas") == [first, second]


def test_a_damaged_or_lost_part_is_not_taken_over(archive: Archive) -> None:
    [part] = store(archive, {"a": b"one"}).parts
    blob = archive.folder / "blobs" / part.sha256[:2] / f"{part.sha256}.zst"
    with archive.draft("areas", "2020") as draft:
        blob.write_bytes(b"junk")
        with pytest.raises(ValueError, match="damaged"):
            draft.keep(part)
        blob.unlink()
        with pytest.raises(ValueError, match="gone"):
            draft.keep(part)
        assert draft.parts() == ()
