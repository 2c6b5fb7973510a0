"""What the outside world does to a table while it is read: nothing of it is ever accepted.

After each failure nothing of the edition is in the archive, and the last good release is as it
was. What may pass is overcome; the failed page is asked again, and not the whole table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import polars as pl
import pytest

from assets.catalogue.models import Source
from assets.sources.errors import (
    ContractBroken,
    Incomplete,
    Refused,
    SourceError,
    Unreachable,
    Unstable,
)
from tests.assets.material import (
    AREAS,
    COMPANIES,
    COMPANY,
    ONCE,
    OUTLINES,
    PARKS,
    SECTORS,
    World,
    areas_table,
    municipalities,
    parks,
    sectors_table,
)
from tests.publishers import Fault, Publishers
from tests.publishers.server import Publisher


@dataclass(frozen=True)
class Protocol:
    """A source with something to give in several pages, and how its rows are asked."""

    source: Source
    rows: str
    """What a request for rows has in its address."""
    put: Callable[[Publishers, int], object]
    """Publish it, with a figure in it that tells one version from another."""
    at: Callable[[Publishers], Publisher]


def _put_outlines(house: Publishers, version: int) -> None:
    areas = municipalities(2026, 10)
    areas[5]["properties"]["statnaam"] = f"Versie {version}"
    house.geo.put_features("gemeente_gegeneraliseerd", 2026, areas)


PROTOCOLS = {
    "v3": Protocol(
        AREAS,
        "TypedDataSet",
        lambda house, version: house.cbs_v3.put(
            areas_table(24, Modified=f"2026-01-{version:02}T02:00:00").with_cell(
                pl.col("ID") == 15, "AantalInwoners_5", version
            )
        ),
        lambda house: house.cbs_v3,
    ),
    "v4": Protocol(
        SECTORS,
        "Observations",
        lambda house, version: house.cbs_v4.put(
            sectors_table()
            .with_cell(pl.col("Id") == 15, "Value", float(version))
            .with_modified(f"2026-01-{version:02}T02:00:00+01:00")
        ),
        lambda house: house.cbs_v4,
    ),
    "ogc": Protocol(
        OUTLINES.model_copy(update={"editions": {"2026": OUTLINES.editions["2026"]}}),
        "items",
        _put_outlines,
        lambda house: house.geo,
    ),
    "wfs": Protocol(
        PARKS.model_copy(update={"query": {**PARKS.query, "count": "4"}}),
        "wfs",
        lambda house, version: house.ibis.put_features(parks(10, year=2000 + version)),
        lambda house: house.ibis,
    ),
    "bulk": Protocol(
        COMPANIES,
        "download",
        lambda house, version: house.kvk.put_bulk([COMPANY] * (10 + version)),
        lambda house: house.kvk,
    ),
}
ODATA = ["v3", "v4"]
PAGED = ["v3", "v4", "ogc", "wfs"]


@pytest.fixture
def struck(world: World) -> Callable[..., SourceError]:
    """Takes in a version, and then another one that faults strike; returns what was raised.

    Asserts what holds after every failure: the good release is still the last, and nothing
    was added for the edition.
    """

    def struck(protocol: str, *faults: Fault, listed: bool = True) -> SourceError:
        chosen = PROTOCOLS[protocol]
        chosen.put(world.house, 1)
        good = world.take(chosen.source).release
        chosen.put(world.house, 2)
        listing = world.survey(chosen.source).listings[0] if listed else None
        # What came as the answer to the cheap question would otherwise be the first page.
        world.fetcher_of(chosen.source.publisher)._held.clear()
        chosen.at(world.house).inject(*faults)
        with pytest.raises(SourceError) as caught:
            world.take(chosen.source, listing=listing)
        assert world.archive.releases(chosen.source.name) == [good]
        assert world.archive.latest(chosen.source.name, good.edition) == good
        chosen.at(world.house).clear_faults()
        kept = world.take(chosen.source, ask=False)
        assert kept.release == good
        assert kept.table.rows.height == good.rows
        assert world.take(chosen.source).fresh, "once the fault is over it is taken in"
        return caught.value

    return struck


# --- what never passes

ALWAYS: list[tuple[str, list[str], dict[str, Any], type[SourceError] | tuple[Any, ...], str]] = [
    ("5xx for ever", [*PAGED, "bulk"], {"kind": "status", "code": 500}, Unreachable, "HTTP 500"),
    ("429 for ever", [*PAGED, "bulk"], {"kind": "status", "code": 429}, Unreachable, "HTTP 429"),
    ("403", [*PAGED, "bulk"], {"kind": "status", "code": 403}, Refused, "HTTP 403"),
    ("reset", [*PAGED, "bulk"], {"kind": "reset"}, Unreachable, "after 3 tries"),
    ("reset in the body", PAGED, {"kind": "reset", "after": 50}, Unreachable, "after 3 tries"),
    ("cut, length right", [*PAGED, "bulk"], {"kind": "truncate"}, Unreachable, "after 3 tries"),
    (
        "cut, in chunks",
        [*PAGED, "bulk"],
        {"kind": "truncate", "content_length": "chunked"},
        Unreachable,
        "after 3 tries",
    ),
    (
        "cut, length agrees",
        PAGED,
        {"kind": "truncate", "content_length": "wrong"},
        Incomplete,
        "breaks off",
    ),
    (
        "cut, no length",
        PAGED,
        {"kind": "truncate", "content_length": "absent"},
        Incomplete,
        "breaks off",
    ),
    (
        "zip cut, length agrees",
        ["bulk"],
        {"kind": "truncate", "content_length": "wrong"},
        Refused,
        "damaged or cut off",
    ),
    ("html", PAGED, {"kind": "html"}, Refused, "expected (JSON|GeoJSON), came"),
    ("html for a zip", ["bulk"], {"kind": "html"}, Refused, "came markup"),
    ("odata.error", ODATA, {"kind": "odata_error"}, Refused, "answers with an error"),
    ("error for features", ["ogc", "wfs"], {"kind": "odata_error"}, Refused, "FeatureCollection"),
    (
        "an exception report",
        ["wfs"],
        {"kind": "html", "body": "<ows:ExceptionReport/>"},
        Refused,
        "expected GeoJSON",
    ),
    (
        "next at another host",
        PAGED,
        {"kind": "foreign_next", "url": "http://169.254.169.254/latest?$skip=10"},
        Refused,
        "another origin",
    ),
    (
        "next at another port",
        PAGED,
        {"kind": "foreign_next", "url": "http://127.0.0.1:1/x"},
        Refused,
        "another origin",
    ),
    (
        "next with a user",
        PAGED,
        {"kind": "foreign_next", "url": "http://127.0.0.1@elsewhere.test/x?$skip=10"},
        Refused,
        "another origin",
    ),
    (
        "next is a file",
        PAGED,
        {"kind": "foreign_next", "url": "file:///etc/passwd"},
        Refused,
        "another origin",
    ),
    ("next is no address", PAGED, {"kind": "foreign_next", "url": "http://[::1"}, Refused,
     "not an address"),
    ("next is itself", PAGED, {"kind": "loop_next"}, Incomplete, "already read|came twice|arrived"),
    ("pages come twice", PAGED, {"kind": "repeat_page"}, Incomplete, "twice|already|arrived"),
    ("pages are dropped", PAGED, {"kind": "drop_page"}, Incomplete, "arrived|names a next one"),
    ("pages overlap", PAGED, {"kind": "shift_next", "rows": -3}, Incomplete, "a next one"),
    ("pages leave gaps", PAGED, {"kind": "shift_next", "rows": 3}, Incomplete, "a next one"),
    ("redirect to another host", PAGED, {"kind": "redirect", "location": "http://x.test/"},
     Refused, "another origin"),
    ("redirect in a loop", [*PAGED, "bulk"], {"kind": "redirect"}, Refused, "more than 3"),
]  # fmt: skip
CASES = [
    pytest.param(protocol, details, error, says, id=f"{protocol}: {name}")
    for name, protocols, details, error, says in ALWAYS
    for protocol in protocols
]


@pytest.mark.parametrize(("protocol", "details", "error", "says"), CASES)
def test_what_never_passes_leaves_the_last_good_release(
    struck: Callable[..., SourceError],
    protocol: str,
    details: dict[str, Any],
    error: type[SourceError],
    says: str,
) -> None:
    fault = Fault(PROTOCOLS[protocol].rows, times=None, **details)
    raised = struck(protocol, fault)
    assert isinstance(raised, error), repr(raised)
    import re

    assert re.search(says, str(raised)), str(raised)


@pytest.mark.parametrize("kind", ["repeat_page", "drop_page", "shift_next"])
@pytest.mark.parametrize("protocol", PAGED)
def test_one_bad_page_in_the_middle_is_enough(
    struck: Callable[..., SourceError], protocol: str, kind: str
) -> None:
    """Also where the count agrees: a page that came twice makes up for one that never came."""
    middle = {"v3": "skip=10", "v4": "skip=10", "ogc": "cursor", "wfs": "STARTINDEX=4"}[protocol]
    details = {"rows": 2} if kind == "shift_next" else {}
    assert isinstance(struck(protocol, Fault(middle, kind=kind, **details)), Incomplete)


@pytest.mark.parametrize("entity_set", ["DataProperties", "WijkenEnBuurten?", "CategoryGroups"])
@pytest.mark.parametrize("kind", ["html", "odata_error", "repeat_page"])
def test_a_bad_page_of_a_description_is_enough(
    struck: Callable[..., SourceError], entity_set: str, kind: str
) -> None:
    assert isinstance(struck("v3", Fault(entity_set, kind=kind)), Incomplete | Refused)


@pytest.mark.parametrize(
    ("protocol", "entity_set"),
    [("v3", "DataProperties"), ("v3", "WijkenEnBuurten?"), ("v4", "MeasureCodes"),
     ("v4", "RegioSCodes"), ("v4", "Dimensions")],
)  # fmt: skip
def test_a_description_without_its_entries_is_noticed(
    struck: Callable[..., SourceError], protocol: str, entity_set: str
) -> None:
    raised = struck(protocol, Fault(entity_set, kind="drop_page"))
    assert isinstance(raised, Incomplete | ContractBroken)


def test_a_closed_port(world: World) -> None:
    PROTOCOLS["v3"].put(world.house, 1)
    good = world.take(AREAS).release
    world.house.cbs_v3.down()
    with pytest.raises(Unreachable, match="ConnectError"):
        world.take(AREAS)
    assert world.archive.releases("areas") == [good]
    assert world.take(AREAS, ask=False).release == good, "the archive is read without the network"


# --- cut off anywhere

FRAMINGS = ["right", "wrong", "absent", "chunked"]


@pytest.mark.parametrize("framing", FRAMINGS)
def test_no_body_is_accepted_that_was_cut_off_somewhere(world: World, framing: str) -> None:
    """Two hundred cuts under four framings, at every answer that a table is made of."""
    world.policy = ONCE
    world.house.cbs_v3.put(areas_table(12))
    [listing] = world.survey(AREAS).listings
    answers = ["Tables", "DataProperties", "WijkenEnBuurten?", "CategoryGroups", "TypedDataSet?"]
    accepted = []
    for number in range(50):
        matching = answers[number % len(answers)]
        fault = Fault(matching, kind="truncate", at=number / 50, content_length=framing)
        world.house.cbs_v3.inject(fault)
        try:
            world.take(AREAS, listing=listing)
            accepted.append((matching, number / 50))
        except SourceError:
            pass
        assert not world.house.cbs_v3._faults._waiting, "the fault struck"
    assert accepted == []
    assert world.archive.releases("areas") == []
    world.take(AREAS, listing=listing)


# --- what passes

PASSING: list[tuple[str, list[dict[str, Any]]]] = [
    ("429 and how long", [{"kind": "status", "code": 429, "retry_after": 0}]),
    ("503 twice", [{"kind": "status", "code": 503}] * 2),
    ("reset", [{"kind": "reset"}]),
    ("reset in the body", [{"kind": "reset", "after": 40}]),
    ("cut", [{"kind": "truncate"}]),
    ("cut in chunks", [{"kind": "truncate", "content_length": "chunked"}]),
    ("three redirects", [{"kind": "redirect"}] * 3),
]


@pytest.mark.parametrize("faults", [pytest.param(f, id=name) for name, f in PASSING])
@pytest.mark.parametrize("protocol", [*PAGED, "bulk"])
def test_what_passes_is_overcome_at_the_page_where_it_happened(
    world: World, protocol: str, faults: list[dict[str, Any]]
) -> None:
    chosen = PROTOCOLS[protocol]
    chosen.put(world.house, 1)
    whole = world.take(chosen.source)
    world.house.clear_requests()
    world.take(chosen.source, again=True)
    asked = len(chosen.at(world.house).requests)
    world.house.clear_requests()

    chosen.at(world.house).inject(*(Fault(chosen.rows, **said) for said in faults))
    again = world.take(chosen.source, again=True)
    assert again.release.sha256 == whole.release.sha256
    assert again.table.rows.equals(whole.table.rows)
    assert len(chosen.at(world.house).requests) <= asked + len(faults)


@pytest.mark.parametrize("protocol", PAGED)
def test_a_byte_order_mark_is_no_harm(world: World, protocol: str) -> None:
    chosen = PROTOCOLS[protocol]
    chosen.put(world.house, 1)
    whole = world.take(chosen.source)
    chosen.at(world.house).inject(Fault(times=None, kind="bom"))
    marked = world.take(chosen.source, again=True)
    assert marked.table.rows.equals(whole.table.rows)


@pytest.mark.parametrize("protocol", ["v3", "ogc"])
@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
def test_another_charset_than_was_told_is_refused(
    struck: Callable[..., SourceError], protocol: str, encoding: str
) -> None:
    raised = struck(protocol, Fault(times=None, kind="charset", encoding=encoding), listed=True)
    assert isinstance(raised, Refused | Incomplete)


# --- a table that changes while it is read


@pytest.mark.parametrize("protocol", ODATA)
def test_a_table_that_changed_once_is_read_once_more(world: World, protocol: str) -> None:
    chosen = PROTOCOLS[protocol]
    chosen.put(world.house, 1)
    chosen.at(world.house).inject(Fault(chosen.rows, kind="change_modified_after"))
    taken = world.take(chosen.source)
    again = world.take(chosen.source)
    assert taken.table.rows.height in (24, 30)
    assert len({part.name for part in taken.release.parts}) == len(taken.release.parts)
    assert again.table.rows.equals(taken.table.rows)
    assert not world.take(chosen.source).fresh, "by now the catalogue and the archive agree"
    assert again.release.modified_at == taken.release.modified_at, "the moment of what was read"


@pytest.mark.parametrize("protocol", ODATA)
def test_a_table_that_keeps_changing_is_unstable(
    struck: Callable[..., SourceError], protocol: str
) -> None:
    rows = PROTOCOLS[protocol].rows
    raised = struck(protocol, *(Fault(rows, kind="change_modified_after") for _ in range(6)))
    assert isinstance(raised, Unstable)
    assert "changed while it was read, twice in a row" in str(raised)


def test_a_table_that_lost_rows_between_two_pages_is_read_again_whole(world: World) -> None:
    """What changes the rows changes the date: so the mixture of two versions is never kept."""
    world.house.cbs_v3.put(areas_table(24))
    shorter = areas_table(14, Modified="2026-03-01T02:00:00")
    world.house.cbs_v3.inject(Fault("TypedDataSet", kind="change_modified_after", table=shorter))
    taken = world.take(AREAS)
    assert (taken.release.rows, taken.table.rows.height) == (14, 14)


# --- nothing half is left


def test_bytes_of_a_failed_fetch_make_no_release_and_are_used_again(world: World) -> None:
    world.policy = replace(ONCE, tries=1)
    world.house.cbs_v3.put(areas_table(24))
    world.house.cbs_v3.inject(Fault("skip=20", kind="reset"))
    with pytest.raises(Unreachable):
        world.take(AREAS)
    blobs = set(world.archive.folder.rglob("*.zst"))
    assert blobs
    assert not list(world.archive.folder.rglob("*.part"))
    world.take(AREAS)
    assert blobs < set(world.archive.folder.rglob("*.zst"))
