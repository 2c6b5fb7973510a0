"""Changes since the last good frame: counted against what was done to it, whatever the order."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from assets.changes import Changes, changes

SCHEMA = {"k": pl.Int64, "part": pl.String, "v": pl.Float64, "release_id": pl.String}
TABLES = st.dictionaries(
    st.tuples(st.integers(0, 30), st.sampled_from(["a", "b"])),
    st.one_of(st.none(), st.floats(allow_nan=False)),
    max_size=25,
)


def frame(table: dict[tuple[int, str], float | None], release: str = "r") -> pl.DataFrame:
    rows = [(k, part, value, release) for (k, part), value in table.items()]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def same(one: float | None, other: float | None) -> bool:
    return one == other


@given(TABLES, TABLES)
def test_counts_are_those_of_the_two_tables(
    before: dict[tuple[int, str], float | None], after: dict[tuple[int, str], float | None]
) -> None:
    found = changes(frame(before), frame(after, "later").reverse(), ["k", "part"])
    both = before.keys() & after.keys()
    assert found == Changes(
        added=len(after.keys() - before.keys()),
        changed=sum(not same(before[key], after[key]) for key in both),
        removed=len(before.keys() - after.keys()),
    )
    assert found.together == found.added + found.changed + found.removed


@given(TABLES)
def test_a_new_release_that_says_the_same_changes_nothing(
    table: dict[tuple[int, str], float | None],
) -> None:
    assert changes(frame(table), frame(table, "later"), ["k", "part"]) == Changes(0, 0, 0)


def test_the_first_frame_and_one_with_other_columns_are_new_as_a_whole() -> None:
    here = frame({(1, "a"): 1.0, (2, "a"): None})
    assert changes(None, here, ["k", "part"]) == Changes(2, 0, 0)
    assert changes(here.drop("v"), here, ["k", "part"]) == Changes(2, 0, 0)


def test_categories_are_compared_by_their_text() -> None:
    words = pl.Series(["z", "y", "x"]).cast(pl.Categorical)
    before = pl.DataFrame({"k": ["a", "b"], "v": ["x", "y"]}).cast(pl.Categorical)
    after = pl.DataFrame({"k": ["b", "a"], "v": ["y", "z"]}).cast(pl.Categorical)
    assert words.len() == 3
    assert changes(before, after, ["k"]) == Changes(0, 1, 0)


def test_too_much_is_not_compared(monkeypatch: object) -> None:
    import assets.changes as module

    most = module.MOST_COMPARED
    module.MOST_COMPARED = 1
    try:
        two = frame({(1, "a"): 1.0, (2, "a"): 2.0})
        assert changes(two, two, ["k", "part"]) is None
    finally:
        module.MOST_COMPARED = most
