"""What a table is held to: added columns are told, the rest stops the source and says why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from assets.catalogue.models import Measure, Source, Titled
from assets.sources import contract
from assets.sources.errors import ContractBroken
from assets.sources.reading import RawTable, empty_codes, empty_columns
from tests.assets.material import (
    AREAS,
    PARKS,
    SECTORS,
    World,
    areas_table,
    described,
    measure,
    parks,
    sectors_table,
    source,
    topic,
)
from tests.publishers import V3Table


def with_topic(table: V3Table, said: dict[str, Any], values: pl.Expr) -> V3Table:
    """A copy of a table with one column more."""
    added = pl.DataFrame([{"odata_type": "Cbs.OData.Topic", **said}])
    return replace(
        table,
        properties=pl.concat([table.properties, added], how="diagonal"),
        rows=table.rows.with_columns(values.alias(said["Key"])),
    )


def without(table: V3Table, key: str) -> V3Table:
    """A copy of a table without one of its columns."""
    return replace(
        table,
        properties=table.properties.filter(pl.col("Key") != key),
        rows=table.rows.drop(key),
    )


def test_a_column_more_is_kept_and_told_of(world: World) -> None:
    new = topic(8, "GasverbruikGemiddeld_8", "Gemiddeld gasverbruik", "m³", "Double", 4)
    world.house.cbs_v3.put(with_topic(areas_table(), new, pl.lit(7.0)))
    taken = world.take(AREAS)
    assert taken.table.remarks == (
        "columns that nobody has declared, kept in raw: Gemiddeld gasverbruik",
    )
    assert taken.table.rows["GasverbruikGemiddeld_8"].to_list() == [7.0] * 24


BROKEN: list[tuple[str, Callable[[V3Table], V3Table], str]] = [
    (
        "a required column under another title",
        lambda t: t.renamed("AantalInwoners_5", "Inwoners_5", "Aantal inwonrs"),
        "measure `inhabitants` .Aantal inwoners. is not there; closest is `Aantal inwonrs`",
    ),
    (
        "a required column gone",
        lambda t: without(t, "AantalInwoners_5"),
        "measure `inhabitants` .Aantal inwoners. is not there",
    ),
    (
        "another unit",
        lambda t: described(t, "GemiddeldeWoningwaarde_35", Unit="euro"),
        "`home_value` came in unit 'euro', declared is 'x 1 000 euro'; check the factor",
    ),
    (
        "a unit ten times as large",
        lambda t: described(t, "AantalInwoners_5", Unit="x 10"),
        "`inhabitants` came in unit 'x 10', declared is 'aantal'",
    ),
    (
        "no unit any more",
        lambda t: described(t, "AantalInwoners_5", Unit=None),
        "`inhabitants` came without a unit, declared is 'aantal'",
    ),
    (
        "a blank unit",
        lambda t: described(t, "AantalInwoners_5", Unit="  "),
        "`inhabitants` came without a unit",
    ),
    (
        "two columns of the same title",
        lambda t: described(t, "BedrijfsvestigingenTotaal_91", Title="Aantal inwoners"),
        "`inhabitants` could be any of `Bevolking > Aantal inwoners` .AantalInwoners_5., "
        "`Bevolking > Aantal inwoners` .BedrijfsvestigingenTotaal_91.; name its `group`",
    ),
    (
        "another name for the dimension",
        lambda t: t.renamed("WijkenEnBuurten", "RegioS", "Regio's"),
        "dimension `WijkenEnBuurten` is not there; the table has RegioS",
    ),
]


@pytest.mark.parametrize(
    ("spoil", "says"), [pytest.param(spoil, says, id=name) for name, spoil, says in BROKEN]
)
def test_a_broken_contract_names_what_is_at_fault(
    world: World, spoil: Callable[[V3Table], V3Table], says: str
) -> None:
    """The bytes are archived and counted by then, so that the catalogue can be put right."""
    world.house.cbs_v3.put(spoil(areas_table()))
    with pytest.raises(ContractBroken, match=says) as caught:
        world.take(AREAS)
    assert "add the new title to `measures` in the catalogue entry `areas`" in str(caught.value)
    assert world.archive.latest("areas", "2020").rows == 24  # type: ignore[union-attr]
    with pytest.raises(ContractBroken, match=says):
        world.take(AREAS, ask=False)


def test_all_faults_are_named_together(world: World) -> None:
    table = without(areas_table(), "AantalInwoners_5")
    table = described(table, "GemiddeldeWoningwaarde_35", Unit="euro")
    world.house.cbs_v3.put(table)
    with pytest.raises(ContractBroken, match=r"`inhabitants`.*; measure `home_value`"):
        world.take(AREAS)


def test_an_optional_column_may_be_absent_but_not_disappear(world: World) -> None:
    world.house.cbs_v3.put(without(areas_table(), "GemiddeldeWoningwaarde_35"))
    first = world.take(AREAS)
    assert first.table.remarks == ()
    fuller = areas_table(Modified="2021-06-01T02:00:00")
    world.house.cbs_v3.put(fuller)
    second = world.take(AREAS, before=first.table.columns)

    renamed = fuller.renamed(
        "GemiddeldeWoningwaarde_35", "GemiddeldeWOZWaarde_36", "Gemiddelde WOZ-waarde"
    )
    world.house.cbs_v3.put(renamed.with_modified("2021-09-01T02:00:00"))
    with pytest.raises(
        ContractBroken,
        match=r"`home_value` .Gemiddelde woningwaarde. was there in the last good release and is "
        r"gone; closest is `Gemiddelde WOZ-waarde`",
    ):
        world.take(AREAS, before=second.table.columns)


@pytest.mark.parametrize(
    ("share", "floor", "blocked"), [(0.0, 24, False), (0.1, 24, True), (0.5, 12, False)]
)
def test_fewer_rows_than_the_floor_block(
    world: World, share: float, floor: int, blocked: bool
) -> None:
    world.house.cbs_v3.put(areas_table().without_rows(share))
    if not blocked:
        assert world.take(AREAS, row_floor=floor).table.remarks == ()
        return
    with pytest.raises(ContractBroken, match=r"22 rows came, at least 24 are expected"):
        world.take(AREAS, row_floor=floor)
    assert world.take(AREAS, row_floor=22).release.rows == 22


def test_more_rows_than_the_ceiling_are_remarked_upon(world: World) -> None:
    world.house.cbs_v3.put(areas_table())
    low = AREAS.model_copy(update={"row_ceiling": 20})
    assert world.take(low).table.remarks == ("24 rows came, at most 20 were expected",)


def test_v4_is_known_by_its_codes_before_its_titles(world: World) -> None:
    world.house.cbs_v4.put(sectors_table())
    coded = measure("Een andere titel", v4="M000200_2")
    known = SECTORS.model_copy(update={"measures": {"establishments": coded}})
    assert world.take(known).table.remarks == ()
    unknown = known.model_copy(
        update={"measures": {"establishments": coded.model_copy(update={"v4": "M9"})}}
    )
    with pytest.raises(ContractBroken, match=r"`establishments` .M9 or Een andere titel. is not"):
        world.take(unknown)


def test_features_are_known_by_their_field_and_state_no_unit(world: World) -> None:
    world.house.ibis.put_features(parks(3))
    assert world.take(PARKS).table.remarks == ()
    lacking = [{k: v for k, v in park.items() if k != "HA_NETTO"} for park in parks(4)]
    world.house.ibis.put_features(lacking)
    with pytest.raises(ContractBroken, match=r"`area_net` .HA_NETTO. is not there; closest is"):
        world.take(PARKS)


# --- which column is which measure


def resolved(declared: Source, *columns: tuple[str, str, str | None, str]) -> dict[str, str]:
    """Measures of a table with these columns: name, title, group, unit."""
    said = [
        {"name": name, "title": title, "group": group, "unit": unit, "kind": "measure"}
        for name, title, group, unit in columns
    ]
    said.append({"name": "Regio", "title": "Regio", "kind": "dimension"})
    table = RawTable(
        pl.DataFrame(), pl.DataFrame(said, schema=empty_columns().schema), empty_codes()
    )
    return contract.resolve(declared, "2020", table).measures


def one(**said: Any) -> Source:
    """A source of one measure."""
    usual: dict[str, Any] = {"published_unit": ("aantal",), "unit": "count", "required": True}
    return source(region="Regio", measures={"it": Measure(**(usual | said))})


MEN, MEN_70 = ("Mannen_6", "Mannen", "Geslacht", "aantal"), ("M_71", "Mannen", "AOW", "aantal")


@pytest.mark.parametrize(
    ("declared", "columns", "found"),
    [
        pytest.param({"titles": (Titled(title="Mannen"),)}, [MEN], "Mannen_6", id="by title"),
        pytest.param(
            {"titles": (Titled(title="Mannen", group="AOW"),)}, [MEN, MEN_70], "M_71", id="by group"
        ),
        pytest.param(
            {"titles": (Titled(title="Heren"), Titled(title="Mannen"))},
            [MEN],
            "Mannen_6",
            id="by an older title",
        ),
        pytest.param(
            {"titles": (Titled(title="Mannen", group="AOW"), Titled(title="Mannen"))},
            [MEN],
            "Mannen_6",
            id="the first title that is there",
        ),
        pytest.param({"v4": "M_71", "titles": (Titled(title="Mannen"),)}, [MEN, MEN_70], "M_71",
                     id="by code, though the title fits two"),
        pytest.param({"field": "M_71"}, [MEN, MEN_70], "M_71", id="by field"),
        pytest.param({"published_unit": ("x", "aantal"), "titles": (Titled(title="Mannen"),)},
                     [MEN], "Mannen_6", id="in one of two units"),
    ],
)  # fmt: skip
def test_how_a_measure_is_found(
    declared: dict[str, Any], columns: list[tuple[str, str, str | None, str]], found: str
) -> None:
    assert resolved(one(**declared), *columns) == {"it": found}


@pytest.mark.parametrize("title", ["mannen", "Mannen ", "Mannen (15 jaar en ouder)", "Vrouwen"])
def test_a_title_that_only_looks_alike_is_another(title: str) -> None:
    declared = one(titles=(Titled(title="Mannen"),))
    with pytest.raises(ContractBroken, match="is not there"):
        resolved(declared, ("X_1", title, None, "aantal"))


def test_a_table_without_any_measure_has_not_met_the_contract() -> None:
    """An empty description must not pass for a table of which nothing is asked."""
    with pytest.raises(ContractBroken, match=r"measure `it` .* is not there"):
        resolved(one(titles=(Titled(title="Mannen"),)))


def test_topics_of_a_group_that_is_left_out_are_no_strangers() -> None:
    declared = one(titles=(Titled(title="Mannen"),)).model_copy(
        update={"not_taken": ("AOW: *", "Vrouwen", "K_9")}
    )
    said = [
        {"name": n, "title": t, "group": g, "unit": "aantal", "kind": "measure"}
        for n, t, g in [
            ("Mannen_6", "Mannen", "Geslacht"),
            ("M_71", "Mensen", "AOW"),
            ("V_7", "Vrouwen", "Geslacht"),
            ("K_9", "Kinderen", None),
            ("D_8", "Dieren", "Geslacht"),
        ]
    ] + [{"name": "Regio", "title": "Regio", "kind": "dimension"}]
    columns = pl.DataFrame(said, schema=empty_columns().schema)
    table = RawTable(pl.DataFrame(), columns, empty_codes())
    assert contract.resolve(declared, "2020", table).strangers == ("Dieren",)
