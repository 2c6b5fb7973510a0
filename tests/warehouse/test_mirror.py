"""A place in an object store: what one machine writes another reads, whole, and copies may be lost."""

from __future__ import annotations

import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import obstore
import polars as pl
import pytest

from warehouse import objects
from warehouse.archive import Archive
from warehouse.frames import FrameStore
from warehouse.history import History
from warehouse.leases import LeaseLostError
from warehouse.mirror import Mirror
from warehouse.objects import StoreError, checked, open_store
from warehouse.parts import Copies
from warehouse.places import Place
from warehouse.tables import mart

KEY = ("core", "figure", "areas")
RELEASE = "areas:2020:2021-03-26T020000:abcdef01"
Machines = Callable[[str], Mirror]


@pytest.fixture
def machine(bucket: str, tmp_path: Path) -> Machines:
    """A machine by name, each with a folder of its own, all with the same place."""
    return lambda name: Mirror(f"{bucket}/lm/sample/assets", tmp_path / name)


def frame(rows: int = 3) -> pl.DataFrame:
    return pl.DataFrame({"key": [f"BU{n:08}" for n in range(rows)], "value": range(rows)})


def names(url: str) -> set[str]:
    """All objects."""
    return {meta["path"] for metas in obstore.list(open_store(url)) for meta in metas}


def test_what_one_machine_writes_another_reads(machine: Machines) -> None:
    here, there = FrameStore(machine("here")), FrameStore(machine("there"))
    assert there.read(KEY, "2020") is None
    here.write(KEY, "2020", frame(), {"release_id": RELEASE})
    here.keep(KEY, "2020", RELEASE)
    here.refuse(KEY, "2021", {"release_id": "other"}, "too few rows")
    there.place.look()
    found = there.read(KEY, "2020")
    assert found is not None
    assert found.equals(frame())
    assert there.editions(KEY) == ["2020"]
    assert there.releases_kept(KEY) == {"2020": ["2021-03-26T020000-abcdef01"]}
    assert pl.read_parquet(there.path_of_release(KEY, RELEASE)).equals(frame())
    assert there.refused(KEY, "2021", {"release_id": "other"}) == "too few rows"
    # A frame takes the refusal away, and the other machine's copy of it.
    here.write(KEY, "2021", frame(9), {"release_id": "other"})
    there.place.look()
    assert there.refused(KEY, "2021", {"release_id": "other"}) is None
    assert there.scan(KEY).collect().height == 12  # type: ignore[union-attr]


def test_a_newer_object_is_fetched_and_an_unchanged_one_is_not(
    machine: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = FrameStore(machine("here")), FrameStore(machine("there"))
    here.write(KEY, "2020", frame(3), {"n": "1"})
    here.write(KEY, "2021", frame(4), {"n": "1"})
    assert [f.height for e in ("2020", "2021") if (f := there.read(KEY, e)) is not None] == [3, 4]
    here.write(KEY, "2021", frame(5), {"n": "2"})
    asked = []
    get = obstore.get

    def watched(store: object, name: str, **how: object) -> object:
        asked.append(name)
        return get(store, name, **how)  # type: ignore[call-overload]

    monkeypatch.setattr(obstore, "get", watched)
    again = FrameStore(machine("there"))  # another process on that machine
    assert [f.height for e in ("2020", "2021") if (f := again.read(KEY, e)) is not None] == [3, 5]
    assert asked == ["core/figure/areas/2021.parquet"]


def test_a_stamp_is_read_without_fetching_the_rows(machine: Machines) -> None:
    here, there = FrameStore(machine("here")), FrameStore(machine("there"))
    long = {"learned": "x" * 200_000}  # a footer longer than the piece that is asked for first
    big = pl.DataFrame({"value": pl.Series(range(300_000)).shuffle(seed=1)})
    here.write(KEY, "2020", big, long)
    here.write(KEY, "2021", frame(), {"release_id": RELEASE})
    assert there.stamp(KEY, "2020") == long
    assert there.stamp(KEY, "2021") == {"release_id": RELEASE}
    assert there.stamp(KEY, "2019") is None
    assert not list(there.folder.rglob("*.parquet"))


def test_a_stamp_of_what_was_replaced_since_it_was_listed_is_the_new_one(
    machine: Machines,
) -> None:
    here, there = FrameStore(machine("here")), FrameStore(machine("there"))
    here.write(KEY, "2020", frame(3), {"n": "1"})
    assert there.editions(KEY) == ["2020"]  # listed
    here.write(KEY, "2020", frame(4), {"n": "2"})
    assert there.stamp(KEY, "2020") == {"n": "2"}
    here.discard(KEY, keep=set())
    assert there.read(KEY, "2020") is not None, "its copy: a listing counts for a moment"
    there.place.look()
    assert there.stamp(KEY, "2020") is None
    assert there.read(KEY, "2020") is None
    assert not list(there.folder.rglob("*.parquet"))


def test_copies_that_are_lost_or_not_what_they_were_are_fetched_again(machine: Machines) -> None:
    here = FrameStore(machine("here"))
    here.write(KEY, "2020", frame(3), {"n": "1"})
    path = here.path(KEY, "2020")
    for spoil in (
        lambda: shutil.rmtree(here.folder),
        lambda: path.write_bytes(b"PAR1 half a file"),
        lambda: shutil.rmtree(here.folder / ".seen"),
        lambda: (here.folder / ".seen" / "core/figure/areas/2020.parquet").write_bytes(b"{"),
    ):
        spoil()
        again = FrameStore(machine("here"))
        found = again.read(KEY, "2020")
        assert found is not None
        assert found.equals(frame(3))
        assert again.stamp(KEY, "2020") == {"n": "1"}


def test_a_history_is_one_on_every_machine(machine: Machines) -> None:
    import datetime as dt

    rows = pl.DataFrame(
        {
            "k": ["a", "b", "c"],
            "known_to": [None, dt.datetime(2021, 1, 1), dt.datetime(2022, 1, 1)],
        },
        schema_overrides={"known_to": pl.Datetime("us")},
    )
    here = History(FrameStore(machine("here")), ("mart", "m"), ("k",))
    there = History(FrameStore(machine("there")), ("mart", "m"), ("k",))
    here.commit(rows, None, {"n": "1"})
    found = there.read()
    assert found is not None
    assert found.sort("k").equals(rows)
    assert len(there.files()) == 3
    assert all(path.exists() for path in there.files())
    there.commit(rows.filter(pl.col("k") != "c"), None, {"n": "2"})
    here.frames.place.look()
    assert here.read().sort("k")["k"].to_list() == ["a", "b"]  # type: ignore[union-attr]
    assert len(here.frames.editions(("mart", "m", "closed"))) == 1


def test_an_archive_is_one_on_every_machine(bucket: str, tmp_path: Path) -> None:
    import datetime as dt

    def archive(name: str) -> Archive:
        return Archive(Mirror(f"{bucket}/archive", tmp_path / name))

    moment = dt.datetime(2021, 3, 26)
    with archive("here").draft("areas", "2020") as draft:
        draft.add("a", "https://x/a", b"a" * 9_000, fetched_at=moment)
        draft.add("b", "https://x/b", b"b", fetched_at=moment)
        said = draft.preview(
            identifier="i",
            url="u",
            fingerprint="f",
            modified_at=moment,
            licence="l",
            attribution="a",
        )
        assert archive("there").releases() == [], "what is not committed does not exist"
        release = draft.commit(said, rows=2)
    there = archive("there")
    assert there.releases() == [release]
    assert there.editions("areas") == ["2020"]
    assert there.latest("areas", "2020") == release
    assert there.release(release.release_id) == release
    assert there.release_ids("areas", "2020") == [release.release_id]
    assert [there.read(part) for part in release.parts] == [b"a" * 9_000, b"b"]
    # A damaged copy is thrown away; what the store has is what was archived.
    blob = next((tmp_path / "there").rglob("*.zst"))
    blob.write_bytes(b"damaged")
    assert [there.read(part) for part in release.parts] == [b"a" * 9_000, b"b"]
    # What is gone from the store is gone, whatever copies there are.
    store = open_store(f"{bucket}/archive")
    obstore.delete(
        store, [meta["path"] for metas in obstore.list(store, "blobs/") for meta in metas]
    )
    assert not any(there.holds(part) for part in release.parts)
    with pytest.raises(ValueError, match="are gone"):
        archive("elsewhere").read(release.parts[0])


def test_parts_that_were_published_are_kept_for_every_machine(
    bucket: str, machine: Machines, tmp_path: Path
) -> None:
    def copies(name: str) -> Copies:
        return Copies(Mirror(f"{bucket}/copies", tmp_path / f"copies of {name}"))

    here, there = FrameStore(machine("here")), FrameStore(machine("there"))
    here.write(("mart", "publication"), "all", frame(), {})
    here.write(("mart", "publication"), "none", frame(0), {})
    parts = copies("here").take(mart.Publication, here.paths(("mart", "publication")))
    assert [part.rows for part in parts] == [3]
    assert copies("there").take(mart.Publication, there.paths(("mart", "publication"))) != []
    held = copies("elsewhere").held(mart.Publication, parts[0].sha256)
    assert held is not None
    assert pl.read_parquet(held).equals(frame())
    copies("there").prune({mart.Publication: []})
    assert not names(f"{bucket}/copies")
    assert copies("elsewhere").held(mart.Publication, parts[0].sha256) is not None, "its own copy"


def test_what_takes_the_place_of_everything_leaves_nothing_else(
    machine: Machines, tmp_path: Path
) -> None:
    here = FrameStore(machine("here"))
    for edition, rows in (("2019", 1), ("2020", 2)):
        here.write(KEY, edition, frame(rows), {"n": "1"})
    anew = FrameStore(here.place.beside(".rebuilding"))
    assert isinstance(anew.place, Place)
    anew.write(KEY, "2020", frame(5), {"n": "2"})
    anew.write(("mart", "m"), "all", frame(6), {"n": "2"})
    assert here.editions(KEY) == ["2019", "2020"], "until then nobody sees any of it"
    here.place.give_way(anew.place)
    there = FrameStore(machine("there"))
    assert there.editions(KEY) == ["2020"]
    assert there.stamp(KEY, "2020") == {"n": "2"}
    assert there.editions(("mart", "m")) == ["all"]
    assert not anew.folder.exists()


def test_readers_see_the_old_frame_or_the_new_one_while_two_machines_write(
    machine: Machines,
) -> None:
    sizes = (10, 2_000)
    FrameStore(machine("a")).write(KEY, "2020", frame(sizes[0]), {"rows": str(sizes[0])})
    done = threading.Event()

    def write(name: str) -> None:
        store = FrameStore(machine(name))
        for number in range(10):
            rows = sizes[number % 2]
            store.write(KEY, "2020", frame(rows), {"rows": str(rows)})

    def read() -> set[int]:
        store, seen = FrameStore(machine("reader")), set()
        while not done.is_set():
            store.place.look()
            found = store.read(KEY, "2020")
            assert found is not None
            assert found["value"].to_list() == list(range(found.height))
            seen.add(found.height)
        return seen

    with ThreadPoolExecutor(3) as pool:
        reading = pool.submit(read)
        for writer in [pool.submit(write, name) for name in ("a", "b")]:
            writer.result()
        done.set()
        assert reading.result() <= set(sizes)


def test_a_process_that_lost_its_lease_writes_nothing(bucket: str, tmp_path: Path) -> None:
    def lost() -> None:
        raise LeaseLostError("lost")

    store = FrameStore(Mirror(f"{bucket}/assets", tmp_path, guard=lost))
    with pytest.raises(LeaseLostError):
        store.write(KEY, "2020", frame(), {})
    assert not names(bucket)
    assert not list(tmp_path.rglob("*.part"))


# --- when the store fails


class Server:
    """Answers every request with the next of `answers`, then hangs up; the last one stays."""

    def __init__(self, *answers: bytes) -> None:
        self._answers, self.requests = list(answers), 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection:
                connection.recv(65_536)
                answer = self._answers[min(self.requests, len(self._answers) - 1)]
                self.requests += 1
                connection.sendall(answer)

    def close(self) -> None:
        self._socket.close()


def answer(status: str, body: bytes = b"", length: int | None = None, **headers: str) -> bytes:
    told = {
        "Content-Length": str(len(body) if length is None else length),
        "ETag": '"e"',
        "Last-Modified": "Sun, 22 Nov 2026 07:00:00 GMT",
        "Connection": "close",
        **headers,
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body


@pytest.fixture
def failing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Callable[..., tuple[Mirror, Server]]]:
    """A place at a server that answers what it is told to."""
    monkeypatch.setattr(objects, "RETRY_SECONDS", 2)
    monkeypatch.setattr(objects, "TRIES", 3)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "tester")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "canary-of-a-secret-key")
    servers: list[Server] = []

    def made(*answers: bytes) -> tuple[Mirror, Server]:
        servers.append(Server(*answers))
        monkeypatch.setenv("AWS_ENDPOINT_URL", servers[-1].address)
        return Mirror("s3://bucket/assets", tmp_path / "copy"), servers[-1]

    yield made
    for server in servers:
        server.close()


BLOB = Path("blobs/ab/abc.zst")


def test_a_failure_that_passes_is_tried_again(
    failing: Callable[..., tuple[Mirror, Server]],
) -> None:
    place, server = failing(answer("503 Slow Down"), answer("200 OK", b"whole"))
    place.here(place.folder / BLOB, lasting=True)
    assert (place.folder / BLOB).read_bytes() == b"whole"
    assert server.requests == 2


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (answer("500 Internal Server Error", b"<Code>InternalError</Code>"), "500"),
        (answer("403 Forbidden", b"<Code>AccessDenied</Code>"), "AWS_ACCESS_KEY_ID"),
        (answer("200 OK", b"half of", length=1_000), "reading s3://bucket/assets/blobs"),
        (b"", "reading s3://bucket/assets/blobs"),
    ],
)
def test_what_does_not_come_whole_is_no_copy(
    failing: Callable[..., tuple[Mirror, Server]], said: bytes, told: str
) -> None:
    place, _ = failing(said)
    with pytest.raises(StoreError, match=told) as failed:
        place.here(place.folder / BLOB, lasting=True)
    assert "canary" not in str(failed.value)
    assert not [path for path in place.folder.rglob("*") if path.is_file()]


def test_a_write_that_fails_leaves_the_copy_as_it_was(
    failing: Callable[..., tuple[Mirror, Server]],
) -> None:
    place, _ = failing(answer("200 OK", b"old"), answer("500 Internal Server Error"))
    path = place.folder / BLOB
    place.here(path, lasting=True)
    with pytest.raises(StoreError, match="writing"):
        place.write(path, b"new")
    assert path.read_bytes() == b"old"
    assert not list(place.folder.rglob("*.part"))


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("s3://key:secret-canary@bucket/p", "keys do not belong"),
        ("gs://bucket/p", "expected s3://BUCKET/PREFIX"),
        ("s3:///p", "expected s3://BUCKET/PREFIX"),
        ("s3://bucket/p?x=secret-canary", "keys do not belong"),
        ("s3://bucket/a//b", "names between the slashes"),
        ("s3://bucket/../b", "names between the slashes"),
    ],
)
def test_an_address_that_is_none_is_refused(url: str, told: str) -> None:
    with pytest.raises(ValueError, match=told) as refused:
        checked(url)
    assert "secret-canary" not in str(refused.value)
