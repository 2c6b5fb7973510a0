"""Asked under the publishers' addresses, the sample gives what was recorded, figure by figure."""

from __future__ import annotations

import json
from itertools import pairwise

import polars as pl
import pytest

from assets.catalogue import Catalogue
from assets.core.outlines import hectares
from assets.sources.intake import Taken
from assets.sources.survey import FetcherOf, news, survey_all
from samples.cuts import CITIES
from samples.record import EDITIONS
from warehouse.archive import Archive


@pytest.mark.parametrize(("source", "edition"), sorted(EDITIONS))
def test_read_again_it_gives_the_same(
    source: str, edition: str, sample: Archive, taken_editions: dict[tuple[str, str], Taken]
) -> None:
    recorded, again = sample.latest(source, edition), taken_editions[source, edition]
    assert recorded is not None
    assert again.fresh
    assert again.release.release_id == recorded.release_id
    assert again.table.rows.height == recorded.rows == again.release.rows
    assert again.release.synthetic == recorded.synthetic
    assert again.release.known_from == recorded.known_from


def test_a_second_night_finds_nothing_new(
    catalogue: Catalogue, fetcher_of: FetcherOf, fresh: Archive, taken: dict[str, Taken]
) -> None:
    assert taken
    surveys = survey_all(catalogue, fetcher_of, fresh)
    assert not [survey.failure for survey in surveys.values() if survey.failure]
    assert news(surveys, fresh) == []


def test_other_editions_are_absent(
    catalogue: Catalogue, fetcher_of: FetcherOf, fresh: Archive
) -> None:
    surveys = survey_all(catalogue, fetcher_of, fresh, only="cbs_kwb")
    declared = set(catalogue.sources["cbs_kwb"].editions)
    assert {edition for _, edition in surveys["cbs_v3"].absent} == declared - {"2020"}


def _of(taken: Taken, column: str, code: str) -> dict[str, object]:
    return taken.table.rows.filter(pl.col(column).cast(pl.String) == code).row(0, named=True)


def test_neighbourhoods_are_those_of_the_five_cities(taken: dict[str, Taken]) -> None:
    codes = taken["cbs_kwb"].table.rows.get_column("WijkenEnBuurten").cast(pl.String)
    below = codes.filter(codes.str.contains("^(WK|BU)"))
    assert set("GM" + below.str.slice(2, 4)) == set(CITIES)
    assert codes.str.starts_with("GM").sum() == 25
    assert codes.str.starts_with("NL").sum() == 1
    listed = taken["cbs_kwb"].table.codes.filter(dimension="WijkenEnBuurten")
    assert set(listed["code"]) == set(codes)


@pytest.mark.parametrize(
    ("code", "inhabitants", "hectares_total"),
    [("BU01530703", 5, 149), ("BU01934040", 75, 601)],
    ids=["Kennispark", "Hessenpoort"],
)
def test_the_two_neighbourhoods_that_are_sites(
    code: str, inhabitants: int, hectares_total: int, taken: dict[str, Taken]
) -> None:
    row = _of(taken["cbs_kwb"], "WijkenEnBuurten", code)
    assert (row["AantalInwoners_5"], row["OppervlakteTotaal_110"]) == (inhabitants, hectares_total)


def test_establishments_of_zwolle(taken: dict[str, Taken]) -> None:
    row = _of(taken["cbs_establishments"], "RegioS", "GM0193")
    assert (row["Value"], row["Perioden"]) == (18_240, "2026JJ00")


@pytest.mark.parametrize(("report", "amount"), [("2013X000", 864_061), ("2013X005", 1_460_159)])
@pytest.mark.parametrize("side", ["L", "B"])
def test_the_provinces_budget_balances(
    report: str, amount: int, side: str, taken: dict[str, Taken]
) -> None:
    rows = taken["iv3_provinces"].table.rows.with_columns(
        function=pl.col("FunctieKostenplaatsBalanspost").cast(pl.String),
        category=pl.col("Categorie").cast(pl.String),
        report=pl.col("Verslagsoort").cast(pl.String),
    )
    chosen = rows.filter(
        pl.col("function").str.contains(r"^\d"),
        pl.col("category").str.starts_with(side),
        pl.col("report") == report,
    )
    best = pl.coalesce("k_2dePlaatsing_2", "k_1stePlaatsing_1")
    assert chosen.select(best.sum()).item() == amount


def test_the_budget_is_the_full_cross_product_of_one_province(taken: dict[str, Taken]) -> None:
    table = taken["iv3_provinces"].table
    assert table.rows.height == 108 * 56 * 6
    assert table.codes.filter(dimension="Provincies")["code"].to_list() == ["PV23"]


def test_land_left_on_xl_businesspark(taken: dict[str, Taken]) -> None:
    row = _of(taken["ibis"], "RIN_NUMMER", "130125")
    assert float(str(row["HA_TOTTUIT"])) == 13.99


def test_outlines_are_closed_simple_and_of_the_right_size(
    catalogue: Catalogue, taken: dict[str, Taken]
) -> None:
    rows = taken["cbs_areas"].table.rows
    assert set(rows["statcode"]) == set(catalogue.provinces["PV23"].municipalities)
    total = 0.0
    for code, geometry in rows.select("statcode", "geometry").iter_rows():
        for polygon in json.loads(geometry)["coordinates"]:
            for ring in polygon:
                assert ring[0] == ring[-1], code
                assert len(ring) >= 4, code
                assert all(isinstance(number, int) for point in ring for number in point)
                assert not _crosses_itself(ring), code
        total += hectares(code, geometry)
    # Overijssel measures 3,421 km2, water included.
    assert total == pytest.approx(342_100, rel=0.01)


def test_neighbouring_outlines_share_their_border(taken: dict[str, Taken]) -> None:
    """Every stretch of border is in one outline or in two, never in two versions side by side."""
    sides: dict[frozenset[tuple[int, int]], int] = {}
    for geometry in taken["cbs_areas"].table.rows["geometry"]:
        for polygon in json.loads(geometry)["coordinates"]:
            for ring in polygon:
                for start, end in pairwise(ring):
                    side = frozenset({tuple(start), tuple(end)})
                    sides[side] = sides.get(side, 0) + 1
    assert set(sides.values()) == {1, 2}
    assert sum(times == 2 for times in sides.values()) > 500


def _crosses_itself(ring: list[list[int]]) -> bool:
    """Whether two sides that do not follow each other cross or touch."""
    sides = list(pairwise(ring))
    return any(
        _cross(*one, *other)
        for place, one in enumerate(sides)
        for number, other in enumerate(sides[place + 2 :], place + 2)
        if not (place == 0 and number == len(sides) - 1)
    )


def _cross(a: list[int], b: list[int], c: list[int], d: list[int]) -> bool:
    def turn(p: list[int], q: list[int], r: list[int]) -> int:
        area = (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])
        return (area > 0) - (area < 0)

    return turn(a, b, c) * turn(a, b, d) <= 0 and turn(c, d, a) * turn(c, d, b) <= 0
