"""What holds between entries of the catalogue: that what one names is declared by another, and fits."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Any

from assets.catalogue.calculations import pooled
from assets.catalogue.concordance_models import SECTIONS
from assets.catalogue.declared import Catalogue, CatalogueError
from assets.catalogue.models import COUNTED_MEASURES, SIZE_CLASSES, Feed, Indicator
from assets.catalogue.reorganisation_models import disagreements


def _must_exist(place: str, field: str, name: str, known: dict[str, Any], what: str) -> None:
    if name not in known:
        close = get_close_matches(name, known, n=1)
        meant = f"did you mean `{close[0]}`? " if close else ""
        raise CatalogueError(
            f"{place}: {field}: there is no {what} `{name}`; "
            f"{meant}known: {', '.join(sorted(known))}"
        )


def apportion(catalogue: Catalogue, places: dict[str, str]) -> None:
    """Fills in by which weight ratios take what falls to several sectors. Raises CatalogueError."""
    for name, indicator in catalogue.indicators.items():
        said = indicator.ratio and indicator.ratio.apportioned
        if not (said and indicator.ratio):
            continue
        feeds = catalogue.indicators[said.of].feeds
        source = catalogue.sources[feeds[0].source] if feeds else None
        place = f"{places[f'indicators/{name}']}: indicators {name}: ratio.apportioned"
        if source is None or not source.sectors or said.weight is not None:
            raise CatalogueError(
                f"{place}: `of` names an indicator fed by a source that declares `sectors`; its "
                "weight follows from the concordances and is not written"
            )
        _must_exist(place, "to", said.to, dict(source.sectors), f"sector of {source.name}")
        weight = pooled(source.concordances, source.sectors)[said.to]
        told = said.model_copy(update={"weight": weight})
        ratio = indicator.ratio.model_copy(update={"apportioned": told})
        catalogue.indicators[name] = indicator.model_copy(update={"ratio": ratio})


def check_together(catalogue: Catalogue, places: dict[str, str]) -> None:
    """What holds between entries. Raises CatalogueError."""
    for indicator in catalogue.indicators.values():
        place = f"{places[f'indicators/{indicator.id}']}: indicators {indicator.id}"
        for feed in indicator.feeds:
            _check_feed(catalogue, place, feed)
        _check_levels(place, indicator)
        _check_calculation(catalogue, place, indicator)
        if indicator.weight:
            _must_exist(place, "weight", indicator.weight, catalogue.indicators, "indicator")
    _check_names(catalogue, places)
    of_reorganisations = {
        name: places[f"reorganisations/{name}"] for name in catalogue.reorganisations
    }
    for wrong in disagreements(catalogue.reorganisations.values(), of_reorganisations):
        raise CatalogueError(wrong)
    province_of: dict[str, str] = {}
    for province in catalogue.provinces.values():
        for municipality in province.municipalities:
            other = province_of.setdefault(municipality, province.code)
            if other != province.code:
                raise CatalogueError(
                    f"{places[f'provinces/{province.code}']}: provinces {province.code}: "
                    f"municipalities: {municipality} already lies in {other}; "
                    "keep it in one province"
                )


def _check_feed(catalogue: Catalogue, place: str, feed: Feed) -> None:
    """A feed names a source, one of its measures, and a breakdown that can occur there."""
    _must_exist(place, "feeds.source", feed.source, catalogue.sources, "source")
    source = catalogue.sources[feed.source]
    known = dict.fromkeys(COUNTED_MEASURES.get(source.subject, tuple(source.measures)))
    _must_exist(place, "feeds.measure", feed.measure, known, f"measure of {source.name}")
    if source.subject == "budgets":
        if not re.fullmatch(r"(budget|quarter_[1-4]|accounts)/\S+", feed.breakdown):
            raise CatalogueError(
                f"{place}: feeds.breakdown: `{feed.breakdown}` is not `<report>/<function>`; "
                "write for instance `budget/7.1` or `accounts/total`"
            )
    elif not source.breakdown:
        groups = [f"sbi_{name}" for name in source.groups_of_codes]
        sections = [f"section_{letter}" for letter in SECTIONS]
        sectors = [f"sector_{name}" for name in (*source.sectors, "ambiguous")]
        ours = ["size_10_plus", *SIZE_CLASSES, *sections, *sectors, *groups]
        counted = ours if source.subject == "establishments" else []
        breakdowns = dict.fromkeys(["total", *counted])
        what = f"breakdown of {source.name}"
        _must_exist(place, "feeds.breakdown", feed.breakdown, breakdowns, what)


def _check_calculation(catalogue: Catalogue, place: str, indicator: Indicator) -> None:
    """What an indicator is calculated from exists, and is of the sort that it is calculated from."""
    known = catalogue.indicators
    if ratio := indicator.ratio:
        for name in (*indicator.made_of, *ratio.denominator):
            _must_exist(place, "ratio", name, known, "indicator")
            if known[name].ratio or known[name].quotient or known[name].index:
                raise CatalogueError(
                    f"{place}: ratio: `{name}` is itself a ratio; name the indicators it is made from"
                )
        return
    field = "quotient.share" if indicator.quotient else "index.shares"
    for name in indicator.made_of:
        _must_exist(place, field, name, known, "indicator")
        share = known[name]
        if not share.ratio:
            raise CatalogueError(f"{place}: {field}: `{name}` is no ratio; name a share")
        calculated = indicator.quotient or indicator.index
        benchmark = calculated.benchmark if calculated else None
        if benchmark and benchmark not in share.levels:
            raise CatalogueError(
                f"{place}: {field}: `{name}` does not exist for a {benchmark}; it exists for "
                f"{', '.join(share.levels)}"
            )


def _check_levels(place: str, indicator: Indicator) -> None:
    """An indicator that is fed exists on the levels that are fed or added up, and no others.

    A site is made from its members, so it may always be listed; a ratio exists where its parts do.
    """
    if not indicator.feeds:
        return
    fed = {level for feed in indicator.feeds for level in feed.levels}
    made = fed | set(indicator.aggregate_to)
    if missing := made - set(indicator.levels):
        raise CatalogueError(f"{place}: levels: add {sorted(missing)}, which is fed or aggregated")
    if idle := set(indicator.levels) - made - {"site"}:
        raise CatalogueError(
            f"{place}: levels: nothing makes {sorted(idle)}; add it to a feed or leave it out"
        )


def _check_names(catalogue: Catalogue, places: dict[str, str]) -> None:
    """A name, whatever its capitals, resolves to one location."""
    owner_of: dict[str, str] = {}
    for site in catalogue.sites.values():
        place = f"{places[f'sites/{site.id}']}: sites {site.id}: aliases"
        own: set[str] = set()
        for alias in site.aliases:
            if alias.name.casefold() in own:
                raise CatalogueError(f"{place}: `{alias.name}` is written twice; keep one")
            own.add(alias.name.casefold())
        for name in (site.name, *(alias.name for alias in site.aliases)):
            other = owner_of.setdefault(name.casefold(), site.id)
            if other != site.id:
                raise CatalogueError(
                    f"{place}: `{name}` already belongs to `{other}`; "
                    "a name resolves to one location"
                )
