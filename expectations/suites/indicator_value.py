"""What must hold of `mart.indicator_value`: every figure in every vintage.

Others: `location`, `indicator`, `source_release`, `guarded_figure`. Facts: `synthetic_releases`, the ids of
releases that are invented data. The rules block where we would contradict ourselves, because
this table is made by us alone.
"""

from __future__ import annotations

from typing import Any

from expectations.claims import at_least, at_most, between, holds, matches, not_less
from expectations.history import kept_rows, nothing_gone
from expectations.rules import Rule, Severity
from expectations.suites.figure import PERIOD_FORM
from expectations.suites.indicator import PROMISED_INDICATORS
from expectations.suites.indicator_value_disclosure import RULES as DISCLOSURE
from expectations.suites.indicator_value_views import (
    bounds,
    changed_history,
    counted,
    estimates,
    explained_official,
    larger_and_smaller,
    lost_history,
    marked_synthetic,
    not_allocatable,
    percentages,
    sites_and_municipalities,
    unbounded_sites,
    urbanity,
)
from expectations.views import distinct, open_rows, overlaps, promised, referred, spans

CRITICAL, WARNING = Severity.CRITICAL, Severity.WARNING
FIGURE = ("location_id", "indicator_id", "period")


def _ends_later(gxe: Any) -> Any:
    return gxe.ExpectColumnPairValuesAToBeGreaterThanB(column_A="known_to", column_B="known_from")


RULES: tuple[Rule, ...] = (
    *kept_rows(),
    Rule(
        name="location_exists",
        severity=CRITICAL,
        reason="A figure is about a location that exists.",
        expect=holds("known"),
        over=referred("location_id", "location", "location_id"),
    ),
    Rule(
        name="indicator_exists",
        severity=CRITICAL,
        reason="A figure is defined: its indicator is in the table of indicators.",
        expect=holds("known"),
        over=referred("indicator_id", "indicator", "indicator_id"),
    ),
    Rule(
        name="release_exists",
        severity=CRITICAL,
        reason="A figure can be traced to the release behind it.",
        expect=holds("known"),
        over=referred("release_id", "source_release", "release_id"),
    ),
    Rule(
        name="promised_indicators_have_rows",
        severity=WARNING,
        reason="An indicator that readers rely on has rows, if only to say why there is no value.",
        expect=holds("present"),
        over=promised("indicator_id", PROMISED_INDICATORS),
    ),
    nothing_gone(
        "indicator_id",
        "indicator",
        WARNING,
        "A source that is late leaves yesterday's figures in place; an indicator that loses all "
        "its rows was lost by us, or taken out of the catalogue.",
    ),
    Rule(
        name="period_form",
        severity=CRITICAL,
        reason="Periods are written `2020`, `2020Q1`, `2020-04` or `2020-04-01`, as promised.",
        expect=matches("period", PERIOD_FORM),
        over=distinct("period"),
    ),
    Rule(
        name="known_to_after_known_from",
        severity=CRITICAL,
        reason="What was known was known for a while: the vintage is half-open.",
        expect=_ends_later,
        over=spans("known_from", "known_to", *FIGURE),
    ),
    Rule(
        name="one_open_row_at_most",
        severity=CRITICAL,
        reason="One figure is true now: two open rows would be added up by every report.",
        expect=at_most("open", 1),
        over=open_rows(FIGURE, "known_to"),
    ),
    Rule(
        name="vintages_do_not_overlap",
        severity=CRITICAL,
        reason="`What did we say on 1 March?` has one answer.",
        expect=at_most("overlap", 0),
        over=overlaps(FIGURE, "known_from", "known_to"),
    ),
    Rule(
        name="history_is_kept",
        severity=CRITICAL,
        reason="History is never overwritten: a row once known stays, under its `known_from`; one "
        "that no longer holds is closed.",
        expect=at_most("rows_lost", 0),
        over=lost_history,
    ),
    Rule(
        name="history_is_unchanged",
        severity=CRITICAL,
        reason="A revision closes the old value and opens a new one; a value that changed under "
        "the same `known_from` was overwritten.",
        expect=at_most("rows_changed", 0),
        over=changed_history,
    ),
    Rule(
        name="estimates_have_bounds",
        severity=CRITICAL,
        reason="A figure allocated by share of addresses or area is an estimate and says how far "
        "it may be off.",
        expect=holds("bounded"),
        over=estimates,
    ),
    Rule(
        name="value_not_below_lower",
        severity=CRITICAL,
        reason="An estimate lies within its own bounds.",
        expect=at_most("below", 0),
        over=bounds,
    ),
    Rule(
        name="value_not_above_upper",
        severity=CRITICAL,
        reason="An estimate lies within its own bounds.",
        expect=at_most("above", 0),
        over=bounds,
    ),
    Rule(
        name="not_allocatable_has_no_value",
        severity=CRITICAL,
        reason="What cannot be allocated to a site has no value there, and says so.",
        expect=at_most("with_value", 0),
        over=not_allocatable,
    ),
    Rule(
        name="no_boundary_no_figures",
        severity=CRITICAL,
        reason="A site without a boundary has no figures, and the reason says so.",
        expect=at_most("otherwise", 0),
        over=unbounded_sites,
    ),
    Rule(
        name="official_areas_have_a_boundary",
        severity=CRITICAL,
        reason="An official area has a boundary: `no_boundary` there hides another reason.",
        expect=at_most("without_boundary", 0),
        over=explained_official,
    ),
    Rule(
        name="invented_data_is_marked",
        severity=CRITICAL,
        reason="A figure with an invented release behind it is marked, so that nobody takes a "
        "sample for a statistic.",
        expect=holds("synthetic"),
        over=marked_synthetic,
    ),
    Rule(
        name="percentages_within_0_and_100",
        severity=WARNING,
        reason="A share of a whole lies between 0 and 100, rounding of small figures aside; "
        "execution rates and growth may leave that range.",
        expect=between("value", 0, 100),
        over=percentages,
    ),
    Rule(
        name="counts_not_negative",
        severity=CRITICAL,
        reason="Persons, firms, jobs, dwellings and hectares are not negative.",
        expect=at_least("value", 0),
        over=counted,
    ),
    Rule(
        name="urbanity_within_classes",
        severity=CRITICAL,
        reason="Urbanity is a class from 1 to 5, and for a composed site a mean of classes.",
        expect=between("value", 1, 5),
        over=urbanity,
    ),
    Rule(
        name="net_area_within_gross",
        severity=WARNING,
        reason="Net area is what can be issued of the gross area.",
        expect=not_less("larger", "smaller"),
        over=larger_and_smaller("area_gross", "area_net"),
    ),
    Rule(
        name="land_within_area",
        severity=WARNING,
        reason="Land is a part of the area; both are rounded to a hectare.",
        expect=not_less("larger", "smaller"),
        over=larger_and_smaller("area_total", "area_land", 1.0),
    ),
    Rule(
        name="households_within_inhabitants",
        severity=WARNING,
        reason="A household has a member; below the municipality both are rounded to 5 in every "
        "neighbourhood.",
        expect=not_less("larger", "smaller"),
        over=larger_and_smaller("inhabitants", "households", 25.0),
    ),
    Rule(
        name="site_within_municipality",
        severity=WARNING,
        reason="A site is a part of its municipality and has no more people, firms or jobs than "
        "that has.",
        expect=not_less("municipality", "site"),
        over=sites_and_municipalities,
    ),
    *DISCLOSURE,
)
