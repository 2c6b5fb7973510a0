"""Disclosure control over the values of indicators, before anything is calculated from them.

What is guarded is what a source with declared `disclosure` rules feeds: the figures of areas, their
sums for provinces and sites, and the bounds of estimates. Ratios need no rule of their own: a ratio
exists only where all its parts are published, so it says nothing that they do not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from assets.catalogue import Catalogue
from assets.catalogue.models import Source
from assets.marts.allocation import FINEST_FIRST, weights
from assets.marts.disclosure.differences import (
    percent_of,
    with_all_together,
    with_what_tells_it,
)
from assets.marts.disclosure.earlier import CONFIDENTIAL, earlier_of, with_earlier
from assets.marts.disclosure.remainders import Relation, two_largest
from assets.marts.disclosure.sheets import FIGURE, named_in_sheet, sheet_of
from assets.marts.disclosure.sums import grid_of
from assets.marts.disclosure.suppression import suppress
from assets.marts.locations import COUNTRY, location_of

if TYPE_CHECKING:
    import polars as pl

TOTAL = "total"
BEHIND = ("contributors", "largest", "second_largest")
"""Who stands behind a figure, as `core.contribution` says it."""


def guarded(
    catalogue: Catalogue,
    fed: Mapping[str, pl.DataFrame],
    made: Mapping[str, pl.DataFrame],
    locations: pl.DataFrame,
    members: pl.DataFrame,
    published: pl.DataFrame | None = None,
    *,
    secondary: bool = True,
) -> dict[str, pl.DataFrame]:
    """`made` (values by indicator), with what would disclose a single establishment held back.

    `fed`: by indicator the figures of areas that it is made from, also of levels that are not
    published, with `source`, `measure`, `breakdown`, `contributors`, `largest`, `second_largest`;
    `members`: as for `allocation`; `published`: every row of `mart.indicator_value` so
    far, closed ones too, because what was published stays known. A value held back has the missing
    reason `confidential` and neither value nor bounds.
    """
    import polars as pl

    names = _names(catalogue, made)
    if names.is_empty():
        return dict(made)
    # What nobody lists is not judged, so nothing may be made of it either.
    known = locations.select("location_id")
    judged = {
        name: made[name].join(known, on="location_id", how="semi", maintain_order="left")
        for name in names.get_column("indicator_id").unique()
    }
    found = dict(made) | judged
    said = _said(found, names)
    hidden = _hidden(catalogue, fed, said, names, locations, members, published, secondary)
    for name in names.get_column("indicator_id").unique().sort():
        held = (
            names.filter(pl.col("indicator_id") == name)
            .join(hidden, on=["source", "measure", "breakdown"])
            .select("location_id", "period", held=pl.lit(True))
            .unique()
        )
        held_back = pl.col("held").fill_null(False)
        found[name] = (
            found[name]
            .join(held, on=["location_id", "period"], how="left", maintain_order="left")
            .with_columns(
                *(
                    pl.when(~held_back).then(pl.col(column)).alias(column)
                    for column in ("value", "lower", "upper")
                ),
                missing_reason=pl.when(held_back)
                .then(pl.lit(CONFIDENTIAL))
                .otherwise("missing_reason"),
            )
            .select(made[name].columns)
        )
    return found


def guarded_figures(
    catalogue: Catalogue, contributions: Mapping[str, pl.LazyFrame]
) -> pl.DataFrame:
    """Who stands behind each guarded figure of an official area, and what may be shown of it:
    `location_id`, `indicator_id`, `period`, `contributors`, `largest`, `second_largest`, `minimum`,
    `percent`. For the rules that judge the values anew."""
    import polars as pl

    names = _names(catalogue, catalogue.indicators)
    found = [
        frame.sort("edition", descending=True)
        .unique(["region_code", "period", "measure", "breakdown"], keep="first")
        .with_columns(source=pl.lit(source))
        .join(names.lazy(), on=["source", "measure", "breakdown"])
        .select(
            "indicator_id",
            "period",
            *(pl.col(name).cast(pl.Float64) for name in BEHIND),
            "minimum",
            "percent",
            location_id=location_of("region_code"),
        )
        for source, frame in contributions.items()
        if catalogue.sources[source].disclosure is not None
    ]
    return pl.concat(found).collect() if found else pl.DataFrame()


def relations_of(source: Source, breakdowns: Iterable[str]) -> list[Relation]:
    """Which breakdowns of a source are parts of which: those declared, and every other is a part of
    the total."""
    declared = [(relation.whole, relation.parts) for relation in source.within]
    told = {part for _, parts in declared for part in parts} | {TOTAL}
    return declared + [((TOTAL,), (name,)) for name in sorted(set(breakdowns) - told)]


def _names(catalogue: Catalogue, made: Iterable[str]) -> pl.DataFrame:
    """What each guarded indicator counts, and the rules for it."""
    import polars as pl

    rows = []
    for name in made:
        indicator = catalogue.indicators[name]
        for feed in indicator.feeds:
            source = catalogue.sources[feed.source]
            if source.disclosure is None:
                continue
            minimum = max(indicator.minimum_cell, source.disclosure.minimum_contributors)
            rows.append(
                (
                    name,
                    feed.source,
                    feed.measure,
                    feed.breakdown,
                    minimum,
                    percent_of(feed.measure, source.disclosure.p_percent),
                )
            )
    columns = ("indicator_id", "source", "measure", "breakdown")
    return pl.DataFrame(
        rows,
        schema=dict.fromkeys(columns, pl.String) | {"minimum": pl.Int64, "percent": pl.Float64},
        orient="row",
    ).unique(columns, keep="first", maintain_order=True)


def _said(made: Mapping[str, pl.DataFrame], names: pl.DataFrame) -> pl.DataFrame:
    """Every figure that would be published: one row, whichever indicators say it."""
    import polars as pl

    wanted = names.get_column("indicator_id").unique()
    values = pl.concat(
        [
            made[name].select("indicator_id", "location_id", "period", "value", "lower", "upper")
            for name in wanted.sort()
        ]
    )
    return (
        _sheeted(values.filter(pl.col("value").is_not_null()), names)
        .sort(*FIGURE, "indicator_id")
        .unique(FIGURE, keep="first", maintain_order=True)
    )


def _sheeted(values: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """`values` of indicators under the name of what is counted, and of when."""
    return values.join(names, on="indicator_id").select(
        "indicator_id",
        "breakdown",
        "minimum",
        "percent",
        "value",
        "lower",
        "upper",
        sheet=sheet_of("source", "measure"),
        place="location_id",
    )


def _hidden(
    catalogue: Catalogue,
    fed: Mapping[str, pl.DataFrame],
    said: pl.DataFrame,
    names: pl.DataFrame,
    locations: pl.DataFrame,
    members: pl.DataFrame,
    published: pl.DataFrame | None,
    secondary: bool,
) -> pl.DataFrame:
    """`source`, `measure`, `breakdown`, `location_id`, `period` of what is held back."""
    import polars as pl

    kinds = locations.select(place="location_id", kind="kind")
    here = said.join(kinds, on="place", how="left", maintain_order="left")
    shares = _weights(fed, names, members)
    # An area that nobody lists is not published, and nothing that is published is made of it but
    # what it lies in, which is counted by itself: nobody can come to know it.
    listed = pl.concat([kinds.get_column("place"), shares.get_column("member")]).unique()
    counted = _counted(fed, names).filter(pl.col("place").is_in(listed.implode()))
    earlier = earlier_of(published, names)
    chain = chain_of(locations)
    areas = _areas(here, counted, earlier, chain)
    sums = _sums(here, areas, shares, earlier)
    relations = sorted(
        {
            relation
            for (source,), group in names.group_by("source", maintain_order=True)
            for relation in relations_of(
                catalogue.sources[str(source)], group.get_column("breakdown")
            )
        }
    )
    grid = grid_of(areas, sums, shares, chain, relations)
    outcome = suppress(grid, secondary=secondary)
    keys = pl.concat([areas.select(FIGURE), sums.select(FIGURE)])
    held = keys.filter(pl.Series(outcome.hidden[: keys.height])).unique(maintain_order=True)
    return with_what_tells_it(held.select("breakdown", **named_in_sheet(), location_id="place"))


def _counted(fed: Mapping[str, pl.DataFrame], names: pl.DataFrame) -> pl.DataFrame:
    """The figures of areas, each once, with who stands behind them."""
    import polars as pl

    rules = names.group_by("source", "measure", "breakdown", maintain_order=True).agg(
        pl.col("minimum").max(), pl.col("percent").max()
    )
    return (
        pl.concat(
            [fed[name] for name in names.get_column("indicator_id").unique().sort()],
            how="diagonal",
        )
        .filter(pl.col("value").is_not_null())
        .join(rules, on=["source", "measure", "breakdown"])
        .select(
            "breakdown",
            "value",
            "contributors",
            "largest",
            "second_largest",
            "minimum",
            "percent",
            sheet=sheet_of("source", "measure"),
            place="location_id",
            code="region_code",
        )
        .sort(FIGURE)
        .unique(FIGURE, keep="first", maintain_order=True)
    )


def _areas(
    here: pl.DataFrame, counted: pl.DataFrame, earlier: pl.DataFrame, chain: pl.DataFrame
) -> pl.DataFrame:
    """Figures of official areas: those that are fed, and provinces added up of them."""
    import polars as pl

    shown = here.filter(pl.col("kind") != "site")
    rows = counted.drop("code").join(
        shown.select(*FIGURE, published=pl.lit(True)), on=FIGURE, how="left"
    )
    added = shown.join(counted, on=FIGURE, how="anti").select(
        *FIGURE, "value", "minimum", "percent", published=pl.lit(True)
    )
    made = pl.concat([rows, _behind(added, counted, chain)], how="diagonal").sort(FIGURE)
    rows = made.with_columns(pl.col("published").fill_null(False), part=pl.lit("value"))
    told = with_all_together(with_earlier(rows, earlier).drop("part"))
    return told.with_columns(figure=pl.int_range(pl.len()).cast(pl.Int64))


def _behind(added: pl.DataFrame, counted: pl.DataFrame, chain: pl.DataFrame) -> pl.DataFrame:
    """Who stands behind provinces that were added up: all who stand behind their municipalities."""
    import polars as pl

    inside = (
        counted.filter(pl.col("code").str.starts_with("GM"))
        .join(chain.select("place", "above"), on="place")
        .drop("place")
        .rename({"above": "place"})
    )
    together = inside.group_by(FIGURE).agg(**two_largest())
    return added.join(together, on=FIGURE, how="left", maintain_order="left")


def _sums(
    here: pl.DataFrame, areas: pl.DataFrame, shares: pl.DataFrame, earlier: pl.DataFrame
) -> pl.DataFrame:
    """Figures of sites, each with its bounds as figures of their own: all are sums of areas."""
    import polars as pl

    sites = here.filter(pl.col("kind") == "site").with_columns(
        figure=pl.int_range(areas.height, areas.height + pl.len()).cast(pl.Int64)
    )
    behind = (
        shares.join(
            areas.select(
                "sheet",
                "breakdown",
                "contributors",
                "largest",
                "second_largest",
                member="place",
            ),
            on=["sheet", "member"],
        )
        .with_columns(pl.col("largest", "second_largest") * pl.col("value"))
        .group_by(FIGURE)
        .agg(**two_largest())
    )
    parts = (
        sites.unpivot(
            on=["value", "lower", "upper"],
            index=[*FIGURE, "minimum", "percent", "figure"],
            variable_name="part",
            value_name="number",
        )
        .filter(pl.col("number").is_not_null())
        .rename({"number": "value"})
    )
    return with_earlier(
        parts.join(behind, on=FIGURE, how="left", maintain_order="left").with_columns(
            published=pl.lit(True)
        ),
        earlier,
    ).sort(*FIGURE, "part")


def _weights(
    fed: Mapping[str, pl.DataFrame], names: pl.DataFrame, members: pl.DataFrame
) -> pl.DataFrame:
    """How much of each area is in each site: in its value, surely, and at most. Of several kinds of
    members the finest counts, as in `allocation`."""
    import polars as pl

    order = {kind: number for number, kind in enumerate(FINEST_FIRST)}
    found = [
        weights(
            fed[name].filter(pl.col("source") == source, pl.col("measure") == measure), members
        ).select(
            sheet=sheet_of(pl.lit(source), pl.lit(measure)),
            place="location_id",
            member="region_code",
            rank=pl.col("kind").replace_strict(order, default=len(order), return_dtype=pl.Int8),
            value="weight",
            lower="lower_weight",
            upper="upper_weight",
        )
        for name, source, measure in names.select("indicator_id", "source", "measure")
        .unique(maintain_order=True)
        .iter_rows()
    ]
    return (
        pl.concat(found)
        .unique(["sheet", "place", "member"], keep="first", maintain_order=True)
        .filter(pl.col("rank") == pl.col("rank").min().over("sheet", "place"))
        .drop("rank")
    )


def chain_of(locations: pl.DataFrame) -> pl.DataFrame:
    """`place`, `step`, `above`: the areas in which each official area lies, nearest first."""
    import polars as pl

    official = locations.filter(
        pl.col("kind").is_in(["neighbourhood", "district", "municipality", "province"])
    ).select(
        place="location_id",
        above=pl.concat_list(
            pl.when(pl.col("kind") == "neighbourhood").then(
                pl.concat_str(pl.lit("WK"), pl.col("location_id").str.slice(2, 6))
            ),
            "municipality_code",
            "province_code",
            pl.lit(COUNTRY),
        ),
    )
    return (
        official.with_columns(step=pl.int_ranges(pl.col("above").list.len()))
        .explode("above", "step")
        .filter(pl.col("above").is_not_null(), pl.col("above") != pl.col("place"))
        .select("place", "step", "above")
    )
