"""The registry's open bulk file: taken in whole, asked again for nothing but a header."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from assets.catalogue import Catalogue
from assets.sources.errors import ContractBroken, Refused
from assets.sources.zipped import pieces
from tests.assets.material import COMPANIES, COMPANY, World, needs_shared
from tests.publishers import shared

NAMES = (
    "start_date",
    "active",
    "insolvency",
    "legal_form",
    "postcode_region",
    "sbi_codes",
    "main_sbi",
    "member_state",
)
SOLD = ("20060700", "N", "SURS", "NV", "92", "47741,47742", "47741", "")


def test_every_row_of_the_zip_comes_as_text(world: World) -> None:
    world.house.kvk.put_bulk([COMPANY, SOLD, COMPANY])
    taken = world.take(COMPANIES)
    assert taken.table.rows.rows() == [
        (number, *(field or None for field in row))
        for number, row in enumerate([COMPANY, SOLD, COMPANY], start=1)
    ]
    assert tuple(taken.table.rows.columns) == ("row_number", *NAMES)
    assert taken.release.rows == 3
    assert taken.release.modified_at == datetime(2026, 8, 4, 4)
    assert taken.release.release_id.startswith("companies:current:2026-08-04T040000:")
    assert len(world.house.kvk.requests) == 1, "what came as news is not downloaded twice"


def test_an_unchanged_file_is_not_sent_again(world: World) -> None:
    world.house.kvk.put_bulk([COMPANY])
    first = world.take(COMPANIES)
    world.house.clear_requests()
    again = world.take(COMPANIES)
    [request] = world.house.kvk.requests
    assert request.status == 304
    assert request.headers["If-None-Match"] == first.release.parts[0].etag
    assert (again.fresh, again.release) == (False, first.release)
    assert again.table.rows.equals(first.table.rows)


@pytest.mark.parametrize("kept", ["ETag", "Last-Modified", None])
def test_news_is_noticed_whatever_the_server_says_of_it(
    world: World, monkeypatch: pytest.MonkeyPatch, kept: str | None
) -> None:
    """By its own words where it has them, else by the bytes."""
    usual = world.house.kvk.answer

    def answer(request: Any) -> Any:
        whole = usual(request)
        headers = {k: v for k, v in whole.headers.items() if k == kept or k == "Content-Type"}
        return type(whole)(whole.status, headers, whole.parts)

    monkeypatch.setattr(world.house.kvk, "answer", answer)
    world.house.kvk.put_bulk([COMPANY])
    first = world.take(COMPANIES)
    assert not world.take(COMPANIES).fresh
    world.house.kvk.put_bulk([COMPANY] * 2, modified=datetime(2026, 8, 5, 4, tzinfo=UTC))
    second = world.take(COMPANIES)
    assert (second.fresh, second.release.rows) == (True, 2)
    assert world.archive.latest("companies", "current") == second.release != first.release


def test_a_file_of_another_shape_is_refused_and_makes_no_release(world: World) -> None:
    world.house.kvk.put_bulk(b'"Datum aanvang";"Actief"\n"19720516";"J"\n')
    with pytest.raises(ContractBroken, match="expected a column Insolventie for `insolvency`"):
        world.take(COMPANIES)
    world.house.kvk.put_file(b"<html>Onderhoud</html>")
    with pytest.raises(Refused, match="came markup"):
        world.take(COMPANIES)
    assert world.archive.releases("companies") == []


def test_rows_that_are_set_aside_are_told_of(world: World) -> None:
    header = b'"' + b'";"'.join(
        h.encode() for c in COMPANIES.suppliers["kvk"].columns.values() for h in c.header
    ) + b'"\n'  # fmt: skip
    good = ('"' + '";"'.join(COMPANY) + '"\n').encode()
    world.house.kvk.put_bulk(header + good + b'"19720516";"J"\n' + good)
    taken = world.take(COMPANIES)
    assert taken.table.rows["row_number"].to_list() == [1, 3]
    assert any(remark.startswith("1 lines set aside") for remark in taken.table.remarks)
    assert b'"19720516";"J"\n' in _unzipped(world, taken.release), "the bytes are kept"


def _unzipped(world: World, release: Any) -> bytes:
    return b"".join(pieces("file", iter([world.archive.read(release.parts[0])])))


@needs_shared
def test_the_real_rows(world: World, catalogue: Catalogue) -> None:
    world.house.kvk.put_bulk(shared.kvk_bulk_csv())
    taken = world.take(catalogue.sources["kvk_open_data"], "current", row_floor=3)
    assert taken.table.rows.drop("row_number").rows() == [
        ("19720516", "J", None, "BV", "89", "64210,68203", "64210", "NL"),
        ("19540329", "N", None, "BV", "79", "6420", "6420", "NL"),
        ("20060721", "J", "SURS", "BV", "92", "47741,47742", "47741", "NL"),
    ]
