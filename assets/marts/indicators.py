"""What is measured, from the catalogue, with the words a reader needs to defend a figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assets.catalogue import Catalogue
from assets.catalogue.models import Indicator
from warehouse.tables import mart
from warehouse.vocabulary import polars_schema

if TYPE_CHECKING:
    import polars as pl


def indicators(catalogue: Catalogue) -> pl.DataFrame:
    """One row an indicator."""
    import polars as pl

    rows = [
        indicator.model_dump(include=set(polars_schema(mart.Indicator).names()))
        | {
            "indicator_id": indicator.id,
            "source": "; ".join(sorted(sources_of(catalogue, indicator))),
            "source_tables": "; ".join(_tables(catalogue, indicator)),
            "formula": _formula(indicator),
            "levels": "; ".join(indicator.levels),
        }
        for indicator in catalogue.indicators.values()
    ]
    schema = polars_schema(mart.Indicator)
    return pl.DataFrame(rows, schema=schema).select(schema.names())


def parts_of(catalogue: Catalogue, indicator: Indicator) -> list[Indicator]:
    """The indicators that are not calculated, from which one is; itself where it is not calculated."""
    below = indicator.ratio.denominator if indicator.ratio else ()
    names = (*indicator.made_of, *below)
    if not names:
        return [indicator]
    parts = [part for name in names for part in parts_of(catalogue, catalogue.indicators[name])]
    return list({part.id: part for part in parts}.values())


def sources_of(catalogue: Catalogue, indicator: Indicator) -> set[str]:
    """Names of the sources behind an indicator."""
    if indicator.counted:
        return {s.name for s in catalogue.sources.values() if s.subject == "documents"}
    return {feed.source for part in parts_of(catalogue, indicator) for feed in part.feeds}


def _tables(catalogue: Catalogue, indicator: Indicator) -> list[str]:
    """`source.measure (breakdown)`, with the publisher's id where the series has one."""
    if indicator.counted:
        return [f"mart.{name}" for name in COUNTED_IN[indicator.counted]]
    found = []
    for part in parts_of(catalogue, indicator):
        for feed in part.feeds:
            breakdown = "" if feed.breakdown == "total" else f" ({feed.breakdown})"
            found.append(f"{feed.source}.{feed.measure}{breakdown}")
    return list(dict.fromkeys(found))


COUNTED_IN = {
    "decisions": ("decision", "evidence"),
    "deviations": ("performance", "evidence"),
    "milestones_met": ("milestone", "evidence"),
}
"""Tables out of which an indicator of documents is counted."""


def _formula(indicator: Indicator) -> str:
    if indicator.counted:
        return f"counted in documents: {indicator.counted.replace('_', ' ')} of a site in a year"
    if indicator.ratio:
        top, bottom = " + ".join(indicator.ratio.numerator), " + ".join(indicator.ratio.denominator)
        if said := indicator.ratio.apportioned:
            top += f" + {said.weight or 0:.6g} * {said.of}"
        return f"{indicator.ratio.factor:g} * ({top}) / ({bottom})"
    if indicator.quotient:
        share = indicator.quotient.share
        return f"{share} / {share} of the {indicator.quotient.benchmark}"
    if index := indicator.index:
        shares = ", ".join(index.shares)
        if index.kind == "herfindahl":
            return f"sum of (share / 100)^2 over {shares}"
        around = f"share of the {index.benchmark}"
        return f"1/2 * sum of |share - {around}| / 100 over {shares}"
    if indicator.allocation == "weighted_mean":
        return f"as published; for a site the mean of its members weighted by {indicator.weight}"
    if indicator.allocation == "not_allocatable":
        return "as published; for a site only where it is exactly one area"
    return "as published; for a site the sum of its members by weight"
