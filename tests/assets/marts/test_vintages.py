"""A revision closes the old value and opens a new one; nothing is overwritten, and the order in
which releases were learned leaves no trace."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.marts.vintages import Moment, Scope, first, forget, learn, revise, shared, together

KEY, SAID = ("period", "place"), ("value",)
SCHEMA = {
    "period": pl.String,
    "place": pl.String,
    "value": pl.Float64,
    "known_from": pl.Datetime("us"),
    "known_to": pl.Datetime("us"),
    "opened_by": pl.String,
}
NONE = pl.DataFrame(schema=SCHEMA)
SUBJECT = "inhabitants"


def day(number: int) -> dt.datetime:
    """A day of January 2026."""
    return dt.datetime(2026, 1, number)


@dataclass(frozen=True)
class Said:
    """What a release of a day says: value by place, in the period of its edition."""

    edition: str
    on: int
    values: tuple[tuple[str, float | None], ...]


def known(releases: Sequence[Said], at: dt.datetime) -> dict[tuple[str, str], float | None]:
    """What is known at a moment: of every edition the newest release."""
    newest: dict[str, Said] = {}
    for release in sorted(releases, key=lambda release: release.on):
        if day(release.on) <= at:
            newest[release.edition] = release
    return {(one.edition, place): value for one in newest.values() for place, value in one.values}


def within(scope: Scope) -> pl.Expr:
    """Rows of a scope over the one subject that there is."""
    periods = scope.get(SUBJECT, frozenset())
    return pl.lit(True) if periods is None else pl.col("period").is_in(sorted(periods))


def learned(history: pl.DataFrame, there: Sequence[Said], new: Sequence[Said]) -> pl.DataFrame:
    """`history` (of what was there without `new`) after `new`."""

    def current(at: dt.datetime, scope: Scope, so_far: pl.DataFrame) -> pl.DataFrame:
        rows = [(*key, value) for key, value in known(there, at).items()]
        said = pl.DataFrame(rows, schema=list(SCHEMA.items())[:3], orient="row")
        return said.filter(within(scope))

    moments = [
        Moment(day(one.on), {SUBJECT: frozenset({one.edition})}, new=one in new) for one in there
    ]
    since = first(moments)
    moments = [moment for moment in moments if since and moment.at >= since]
    left = forget(history, moments, within)
    return learn(left, moments, current, within, KEY, SAID)


def as_of(history: pl.DataFrame, moment: dt.datetime) -> dict[tuple[str, str], float | None]:
    """What the history says was known at `moment`."""
    rows = history.filter(
        pl.col("known_from") <= moment, pl.col("known_to").is_null() | (pl.col("known_to") > moment)
    )
    assert not rows.select(KEY).is_duplicated().any()
    return {(period, place): value for period, place, value in rows.select(*KEY, "value").rows()}


def one_place(*values: tuple[int, float | None]) -> list[Said]:
    """Releases of one edition about one place."""
    return [Said("2020", on, (("a", value),)) for on, value in values]


def test_three_releases_give_three_right_answers() -> None:
    releases = one_place((1, 1.0), (10, 2.0), (20, 3.0))
    history = learned(NONE, releases, releases)
    answers = [as_of(history, day(n)).get(("2020", "a")) for n in (5, 10, 15, 25)]
    assert answers == [1.0, 2.0, 2.0, 3.0]
    assert history.sort("known_from")["known_to"].to_list() == [day(10), day(20), None]


def test_a_value_that_becomes_missing_is_a_revision_and_a_missing_that_stays_is_none() -> None:
    both = [Said("2020", 1, (("a", 1.0), ("b", None))), Said("2020", 2, (("a", None), ("b", None)))]
    history = learned(NONE, both, both)
    assert as_of(history, day(3)) == {("2020", "a"): None, ("2020", "b"): None}
    assert history.filter(place="b").height == 1


def test_what_is_withdrawn_is_closed_without_a_successor() -> None:
    both = [Said("2020", 1, (("a", 1.0), ("b", 2.0))), Said("2020", 5, (("a", 1.0),))]
    history = learned(NONE, both, both)
    assert history.filter(place="b")["known_to"].to_list() == [day(5)]
    assert as_of(history, day(3)) == {("2020", "a"): 1.0, ("2020", "b"): 2.0}


def test_a_late_release_takes_its_own_place_and_touches_no_other_edition() -> None:
    first_two = [*one_place((1, 1.0), (20, 3.0)), Said("2021", 5, (("a", 7.0),))]
    before = learned(NONE, first_two, first_two)
    late = Said("2020", 10, (("a", 2.0),))
    after = learned(before, [*first_two, late], [late])
    assert [as_of(after, day(n))["2020", "a"] for n in (5, 15, 25)] == [1.0, 2.0, 3.0]
    assert after.filter(period="2021").equals(before.filter(period="2021"))


def test_a_late_release_that_says_what_came_after_it_moves_the_beginning_forward() -> None:
    early, late = one_place((1, 1.0), (20, 3.0)), Said("2020", 10, (("a", 3.0),))
    after = learned(learned(NONE, early, early), [*early, late], [late])
    assert after.sort("known_from").select("value", "known_from").rows() == [
        (1.0, day(1)),
        (3.0, day(10)),
    ]


def test_a_change_of_our_own_declaration_opens_a_vintage_at_that_moment() -> None:
    history = learned(NONE, one_place((1, 1.0)), one_place((1, 1.0)))
    moments = [Moment(day(9), {SUBJECT: None}, declared=True)]

    def otherwise(at: dt.datetime, scope: Scope, so_far: pl.DataFrame) -> pl.DataFrame:
        rows = [("2020", "a", 4.0)]
        return pl.DataFrame(rows, schema=list(SCHEMA.items())[:3], orient="row")

    history = learn(forget(history, moments, within), moments, otherwise, within, KEY, SAID)
    assert as_of(history, day(8)) == {("2020", "a"): 1.0}
    assert as_of(history, day(9)) == {("2020", "a"): 4.0}
    assert history.sort("known_from")["opened_by"].to_list() == ["release", "declaration"]


values = st.dictionaries(
    st.sampled_from("abc"), st.one_of(st.none(), st.integers(0, 2).map(float)), max_size=3
)
publications = st.lists(
    st.builds(
        lambda edition, on, said: Said(edition, on, tuple(sorted(said.items()))),
        st.sampled_from(["2020", "2021"]),
        st.integers(1, 9),
        values,
    ),
    min_size=1,
    max_size=7,
    unique_by=lambda release: (release.edition, release.on),
)


@settings(max_examples=60)
@given(publications, st.data())
def test_the_order_of_learning_leaves_no_trace(releases: list[Said], data: st.DataObject) -> None:
    """Lived in any order, in any batches, the history is the one that is learned at once."""
    at_once = learned(NONE, releases, releases)
    order = data.draw(st.permutations(releases))
    history, there = NONE, []
    while order:
        batch = order[: data.draw(st.integers(1, len(order)))]
        order = order[len(batch) :]
        there = [*there, *batch]
        history = learned(history, there, batch)
    by = ["period", "place", "known_from"]
    assert history.sort(by).equals(at_once.sort(by))


@settings(max_examples=60)
@given(publications)
def test_every_moment_answers_as_it_did_then(releases: list[Said]) -> None:
    history = learned(NONE, releases, releases)
    for number in range(11):
        at = day(number + 1)
        assert as_of(history, at) == known(releases, at)


@settings(max_examples=40)
@given(publications)
def test_closed_rows_are_never_touched_again(releases: list[Said]) -> None:
    """In the order of release: what is closed stays as it is, byte for byte."""
    history, closed_before = NONE, NONE
    in_order = sorted(releases, key=lambda release: release.on)
    for number, release in enumerate(in_order, start=1):
        history = learned(history, in_order[:number], [release])
        # Releases of one day are one moment: what it closes may still be opened again that day.
        settled = closed_before.filter(pl.col("known_to") < day(release.on))
        assert set(settled.rows()) <= set(history.rows())
        closed_before = history.filter(pl.col("known_to").is_not_null())


def test_vintages_follow_on_each_other_and_a_lacking_column_is_refused() -> None:
    releases = one_place(*((number, float(number)) for number in range(1, 6)))
    history = learned(NONE, releases, releases)
    spans = history.sort("known_from").select("known_from", "known_to").rows()
    assert all(end == start for (_, end), (start, _) in itertools.pairwise(spans))
    assert spans[-1][1] is None
    with pytest.raises(pl.exceptions.ColumnNotFoundError):
        revise(history, history.drop("value"), KEY, SAID, day(9))


def test_scopes_are_joined_and_met() -> None:
    one: Scope = {"a": frozenset({"2020"}), "b": None}
    other: Scope = {"a": frozenset({"2021"}), "b": frozenset({"2020"}), "c": None}
    assert together([one, other]) == {"a": frozenset({"2020", "2021"}), "b": None, "c": None}
    assert shared(one, other) == {"b": frozenset({"2020"})}
