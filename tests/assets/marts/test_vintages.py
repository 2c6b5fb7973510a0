"""A revision closes the old value and opens a new one; nothing is overwritten."""

from __future__ import annotations

import datetime as dt
import itertools

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.marts.vintages import revise

KEY, SAID = ("place",), ("value",)
SCHEMA = {
    "place": pl.String,
    "value": pl.Float64,
    "known_from": pl.Datetime("us"),
    "known_to": pl.Datetime("us"),
}


def day(number: int) -> dt.datetime:
    """A day of January 2026."""
    return dt.datetime(2026, 1, number)


def said(values: dict[str, float | None], since: int) -> pl.DataFrame:
    """What a release of day `since` says."""
    rows = [(place, value, day(since), None) for place, value in values.items()]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def as_of(history: pl.DataFrame, moment: dt.datetime) -> dict[str, float | None]:
    """What was known at `moment`."""
    known = history.filter(
        pl.col("known_from") <= moment, pl.col("known_to").is_null() | (pl.col("known_to") > moment)
    )
    return dict(known.select("place", "value").iter_rows())


def test_three_releases_give_three_right_answers() -> None:
    history = revise(None, said({"a": 1.0, "b": 5.0}, 1), KEY, SAID, day(1))
    history = revise(history, said({"a": 2.0, "b": 5.0}, 10), KEY, SAID, day(10))
    history = revise(history, said({"a": 3.0, "b": 5.0}, 20), KEY, SAID, day(20))
    assert [as_of(history, day(n))["a"] for n in (5, 10, 15, 25)] == [1.0, 2.0, 2.0, 3.0]
    assert history.filter(pl.col("place") == "b").height == 1


def test_a_value_that_becomes_missing_is_a_revision_and_a_missing_that_stays_is_none() -> None:
    history = revise(None, said({"a": 1.0, "b": None}, 1), KEY, SAID, day(1))
    history = revise(history, said({"a": None, "b": None}, 2), KEY, SAID, day(2))
    assert as_of(history, day(3)) == {"a": None, "b": None}
    assert history.filter(pl.col("place") == "b").height == 1


def test_what_is_withdrawn_is_closed_without_a_successor() -> None:
    history = revise(None, said({"a": 1.0, "b": 2.0}, 1), KEY, SAID, day(1))
    history = revise(history, said({"a": 1.0}, 5), KEY, SAID, day(6))
    assert as_of(history, day(3)) == {"a": 1.0, "b": 2.0}
    assert as_of(history, day(7)) == {"a": 1.0}


def test_a_change_of_our_own_declaration_opens_a_vintage_now() -> None:
    """The publisher released nothing, so its moment is no later than the one that is open."""
    history = revise(None, said({"a": 1.0}, 1), KEY, SAID, day(2))
    history = revise(history, said({"a": 4.0}, 1), KEY, SAID, day(9))
    assert as_of(history, day(8)) == {"a": 1.0}
    assert as_of(history, day(9)) == {"a": 4.0}


values = st.dictionaries(
    st.sampled_from("abcde"), st.one_of(st.none(), st.integers(0, 3).map(float))
)


@given(st.lists(values, min_size=1, max_size=8))
def test_every_moment_answers_as_it_did_then(releases: list[dict[str, float | None]]) -> None:
    history: pl.DataFrame | None = None
    closed_before = pl.DataFrame(schema=SCHEMA)
    for number, release in enumerate(releases, start=1):
        history = revise(history, said(release, number), KEY, SAID, day(number))
        closed = history.filter(pl.col("known_to").is_not_null())
        assert closed_before.join(closed, on=list(SCHEMA), how="anti", nulls_equal=True).is_empty()
        closed_before = closed
    assert history is not None
    for number, release in enumerate(releases, start=1):
        assert as_of(history, day(number)) == release
    assert not history.select("place", "known_from").is_duplicated().any()


@given(values)
def test_saying_the_same_again_changes_nothing(release: dict[str, float | None]) -> None:
    once = revise(None, said(release, 1), KEY, SAID, day(1))
    twice = revise(once, said(release, 5), KEY, SAID, day(5))
    assert twice.sort("place").equals(once.sort("place"))


def test_keys_stay_unique_in_time(tmp_path: object) -> None:
    history = revise(None, said({"a": 1.0}, 1), KEY, SAID, day(1))
    for number in range(2, 6):
        history = revise(history, said({"a": float(number)}, number), KEY, SAID, day(number))
    spans = history.sort("known_from").select("known_from", "known_to").rows()
    assert all(end == start for (_, end), (start, _) in itertools.pairwise(spans))
    assert spans[-1][1] is None
    with pytest.raises(pl.exceptions.ColumnNotFoundError):
        revise(history, said({"a": 1.0}, 9).drop("value"), KEY, SAID, day(9))
