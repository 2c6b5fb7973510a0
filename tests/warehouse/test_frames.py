"""The last good frames: replaced whole, stamped, and a hash that sees content and nothing else."""

from __future__ import annotations

import datetime as dt
import os
import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse import durable
from warehouse.frames import WHOLE, FrameStore, content_hash
from warehouse.tables.core import Figure
from warehouse.vocabulary import key_of, polars_schema

KEY = ("core", "figure", "areas")
STAMP = {"release_id": "areas:2020:x", "code": "1", "long": "false", "naam": "é"}


@pytest.fixture
def frames(tmp_path: Path) -> FrameStore:
    """A store that does not exist yet."""
    return FrameStore(tmp_path / "assets")


def frame(count: int = 40) -> pl.DataFrame:
    """Rows of every type that a table may have, with nulls in all but the key."""
    return pl.DataFrame(
        {
            "key": [f"BU{n:08}" for n in range(count)],
            "number": [None if n % 7 == 3 else n * 1.5 for n in range(count)],
            "count": [None if n % 5 == 1 else n for n in range(count)],
            "text": [None if n % 3 == 1 else f"Büurt {n}" for n in range(count)],
            "flag": [None if n % 11 == 4 else n % 2 == 0 for n in range(count)],
            "day": [None if n % 6 == 2 else dt.date(2026, 1, 1 + n % 28) for n in range(count)],
            "moment": [dt.datetime(2026, 1, 1, n % 24, n % 60, 1) for n in range(count)],
        },
        schema_overrides={"count": pl.Int64},
    )


# --- keeping frames


def test_a_frame_and_its_stamp_come_back(frames: FrameStore) -> None:
    assert frames.stamp(KEY, "2020") is None
    assert frames.read(KEY, "2020") is None
    assert frames.editions(KEY) == []
    assert frames.scan(KEY) is None
    frames.write(KEY, "2020", frame(), STAMP)
    found = frames.read(KEY, "2020")
    assert found is not None
    assert found.equals(frame())
    assert found.schema == frame().schema
    assert frames.stamp(KEY, "2020") == STAMP
    assert frames.path(KEY, "2020").relative_to(frames.folder) == Path(
        "core/figure/areas/2020.parquet"
    )


def test_categories_come_back_as_categories(frames: FrameStore) -> None:
    table = frame().with_columns(pl.col("text").cast(pl.Categorical))
    frames.write(KEY, "2020", table, STAMP)
    found = frames.read(KEY, "2020")
    assert found is not None
    assert found.schema == table.schema
    assert found["text"].cast(pl.String).to_list() == frame()["text"].to_list()


def test_a_lazy_frame_and_one_without_rows(frames: FrameStore) -> None:
    frames.write(KEY, "2020", frame().lazy().filter(pl.col("count") > 3), {})
    frames.write(KEY, "2021", pl.DataFrame(schema=polars_schema(Figure)), STAMP)
    first, second = frames.read(KEY, "2020"), frames.read(KEY, "2021")
    assert first is not None
    assert second is not None
    assert first.equals(frame().filter(pl.col("count") > 3))
    assert (second.height, second.schema) == (0, polars_schema(Figure))
    assert frames.stamp(KEY, "2020") == {}
    assert frames.stamp(KEY, "2021") == STAMP


def test_editions_are_kept_apart_and_scanned_together(frames: FrameStore) -> None:
    for edition in ("2021", "2019", "2020"):
        frames.write(KEY, edition, frame(5).with_columns(edition=pl.lit(edition)), STAMP)
    frames.write(("core", "figure", "others"), "2018", frame(5), STAMP)
    frames.write(("mart", "location"), WHOLE, frame(5), STAMP)
    assert frames.editions(KEY) == ["2019", "2020", "2021"]
    scanned = frames.scan(KEY)
    assert scanned is not None
    together = scanned.collect()
    assert together.height == 15
    assert together["edition"].unique().sort().to_list() == ["2019", "2020", "2021"]
    assert frames.read(("mart", "location")) is not None


# --- replacing them whole


@pytest.mark.parametrize("failing", ["fsync", "replace", "rows"])
def test_what_fails_leaves_the_last_good_frame(
    frames: FrameStore, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    frames.write(KEY, "2020", frame(), STAMP)
    newer: Any = frame(3)

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    if failing == "rows":
        newer = frame(3).lazy().select(pl.col("text").cast(pl.Int64))
        error: type[Exception] = pl.exceptions.PolarsError
    else:
        error = OSError
        owner = os if failing == "fsync" else Path
        monkeypatch.setattr(owner, failing, fail)
    with pytest.raises(error):
        frames.write(KEY, "2020", newer, {"release_id": "newer"})
    monkeypatch.undo()
    found = frames.read(KEY, "2020")
    assert found is not None
    assert found.equals(frame())
    assert frames.stamp(KEY, "2020") == STAMP
    assert [path.name for path in frames.path(KEY).parent.iterdir()] == ["2020.parquet"]
    assert frames.editions(KEY) == ["2020"]


def test_a_reader_sees_the_old_frame_or_the_new_one(frames: FrameStore) -> None:
    """Rows and stamp together, while two writers replace the frame again and again."""
    sizes = {str(count): count for count in (10, 500, 3_000)}
    frames.write(KEY, "2020", frame(10), {"rows": "10"})
    done = threading.Event()

    def write(seed: int) -> None:
        chance = random.Random(seed)
        for _ in range(25):
            rows = chance.choice(list(sizes))
            frames.write(KEY, "2020", frame(sizes[rows]), {"rows": rows})

    def read() -> set[tuple[int, str]]:
        seen = set()
        while not done.is_set():
            found = frames.read(KEY, "2020")
            stamp = frames.stamp(KEY, "2020")
            assert found is not None
            assert stamp is not None
            seen.add((found.height, found["key"][-1]))
            assert stamp["rows"] in sizes
        return seen

    with ThreadPoolExecutor(3) as pool:
        reading = pool.submit(read)
        writing = [pool.submit(write, seed) for seed in range(2)]
        for writer in writing:
            writer.result()
        done.set()
        seen = reading.result()
    assert seen <= {(count, f"BU{count - 1:08}") for count in sizes.values()}
    assert [path.name for path in frames.path(KEY).parent.iterdir()] == ["2020.parquet"]


def test_the_folder_is_made_durable_after_the_rename(
    frames: FrameStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[bool] = []
    monkeypatch.setattr(
        durable,
        "sync_folder",
        lambda folder: synced.append((folder / "all.parquet").exists()),
    )
    frames.write(("mart", "location"), WHOLE, frame(3), STAMP)
    assert synced == [True]


# --- the hash of content

SAME: list[tuple[str, Callable[[pl.DataFrame], pl.DataFrame]]] = [
    ("shuffled", lambda f: f.sample(fraction=1, shuffle=True, seed=5)),
    ("backwards", lambda f: f.reverse()),
    ("in chunks", lambda f: pl.concat([f[:7], f[7:8], f[8:]], rechunk=False)),
    ("cut out of a larger one", lambda f: pl.concat([f.with_columns(key="key"), f])[f.height :]),
    ("filtered", lambda f: pl.concat([f, f.with_columns(key=pl.lit("x"))]).filter(
        pl.col("key") != "x")),
    ("marked as sorted", lambda f: f.sort("key").set_sorted("key")),
    ("null over another text", lambda f: f.with_columns(
        text=pl.when(pl.int_range(pl.len()) % 3 != 1).then(pl.col("text").fill_null("anders")))),
    ("null over another number", lambda f: f.with_columns(
        number=pl.when(pl.int_range(pl.len()) % 7 != 3).then(pl.col("number").fill_null(9.5)))),
    ("null over another day", lambda f: f.with_columns(
        day=pl.when(pl.int_range(pl.len()) % 6 != 2).then(pl.col("day").fill_null(dt.date.max)))),
    ("null over another flag", lambda f: f.with_columns(
        flag=pl.when(pl.int_range(pl.len()) % 11 != 4).then(pl.col("flag").fill_null(True)))),
    ("by way of Arrow", lambda f: pl.DataFrame(pl.from_arrow(f.to_arrow()))),
    ("by way of Python", lambda f: pl.DataFrame(f.rows(), schema=f.schema, orient="row")),
]  # fmt: skip


@pytest.mark.parametrize("change", [pytest.param(change, id=name) for name, change in SAME])
def test_the_hash_does_not_see_how_the_rows_lie(
    change: Callable[[pl.DataFrame], pl.DataFrame],
) -> None:
    changed = change(frame())
    assert changed.sort("key").equals(frame())
    assert content_hash(changed, ["key"]) == content_hash(frame(), ["key"])


def test_the_hash_of_what_was_written_and_read_is_the_same(
    frames: FrameStore, tmp_path: Path
) -> None:
    """Else an unchanged night would publish."""
    expected = content_hash(frame(1_000), ["key"])
    frames.write(KEY, "2020", frame(1_000).sample(fraction=1, shuffle=True, seed=1), STAMP)
    found = frames.read(KEY, "2020")
    assert found is not None
    assert content_hash(found, ["key"]) == expected
    frame(1_000).write_parquet(tmp_path / "groups.parquet", row_group_size=37)
    assert content_hash(pl.read_parquet(tmp_path / "groups.parquet"), ["key"]) == expected


def test_the_hash_of_categories_is_that_of_their_words() -> None:
    words = frame().with_columns(pl.col("text").cast(pl.Categorical))
    other = pl.concat([words[20:], words[:20]])
    assert content_hash(words, ["key"]) == content_hash(other, ["key"])


DIFFERENT: list[tuple[str, pl.Expr]] = [
    ("a number", pl.col("number").replace(1.5, 1.5000001)),
    ("a number for a null", pl.col("number").fill_null(0.0)),
    ("a null for a number", pl.when(pl.col("number") != 0.0).then("number").alias("number")),
    ("a count", pl.col("count") + (pl.col("count") == 5)),
    ("a zero for a null", pl.col("count").fill_null(0)),
    ("a letter", pl.col("text").str.replace("Büurt 2$", "Buurt 2")),
    ("a blank", pl.col("text").str.replace("Büurt 2$", "Büurt 2 ")),
    ("no words for a null", pl.col("text").fill_null("")),
    ("a flag", pl.col("flag").fill_null(False)),
    ("a day", pl.col("day").fill_null(dt.date(1970, 1, 1))),
    ("a moment", pl.col("moment") + pl.duration(microseconds=1)),
    ("a key", pl.col("key").str.replace("BU00000039", "BU00000040")),
    ("another type", pl.col("count").cast(pl.Int32)),
]


@pytest.mark.parametrize("change", [pytest.param(change, id=name) for name, change in DIFFERENT])
def test_the_hash_sees_every_cell(change: pl.Expr) -> None:
    changed = frame().with_columns(change)
    assert not changed.equals(frame()) or changed.schema != frame().schema
    assert content_hash(changed, ["key"]) != content_hash(frame(), ["key"])


def test_the_hash_sees_names_and_rows() -> None:
    seen = [
        content_hash(made, ["key"])
        for made in (
            frame(),
            frame().rename({"number": "nummer"}),
            frame().drop("number"),
            frame()[:-1],
            frame(0),
            frame().select(sorted(frame().columns)),
        )
    ]
    assert len(set(seen)) == len(seen)


def test_texts_do_not_run_together() -> None:
    hashes = {
        content_hash(pl.DataFrame({"k": [1, 2], "a": pair}), ["k"])
        for pair in (["ab", "c"], ["a", "bc"], ["", "abc"], ["abc", ""], ["abc", None])
    }
    assert len(hashes) == 5


@settings(max_examples=80)
@given(
    rows=st.lists(
        st.tuples(
            st.none() | st.floats(allow_nan=False),
            st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=5),
        ),
        min_size=1,
        max_size=8,
    ),
    data=st.data(),
)
def test_any_change_of_a_cell_changes_the_hash_and_no_order_does(
    rows: list[tuple[float | None, str | None]], data: st.DataObject
) -> None:
    def hashed(said: list[tuple[float | None, str | None]], order: list[int]) -> str:
        table = pl.DataFrame(
            [(n, *row) for n, row in enumerate(said)],
            schema={"k": pl.Int64, "v": pl.Float64, "t": pl.String},
            orient="row",
        )
        return content_hash(table[order], ["k"])

    places = list(range(len(rows)))
    assert hashed(rows, data.draw(st.permutations(places))) == hashed(rows, places)
    place = data.draw(st.sampled_from(places))
    other = (data.draw(st.floats(allow_nan=False)), data.draw(st.text(max_size=2)))
    changed = [*rows[:place], other, *rows[place + 1 :]]
    assert (hashed(changed, places) == hashed(rows, places)) == (changed == rows)


def test_a_table_is_hashed_by_its_declared_key() -> None:
    row = dict.fromkeys(polars_schema(Figure), "x") | {"value": 1.0}
    table = pl.DataFrame(
        [row | {"region_code": f"GM{n:04}", "period": str(2020 + n % 3)} for n in range(30)],
        schema=polars_schema(Figure),
    )
    by = key_of(Figure)
    shuffled = table.sample(fraction=1, shuffle=True, seed=2)
    assert content_hash(shuffled, by) == content_hash(table, by)
