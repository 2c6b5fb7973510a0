"""Sound evidence for `mart.activity_concordance`, and for each of its rules a defect that it must find."""

from __future__ import annotations

import polars as pl

from assets.catalogue import load_catalogue
from assets.marts.activities import concordances
from expectations.rules import Evidence
from tests.expectations.damage import dropping, setting
from tests.expectations.defects_figures import Defect
from tests.expectations.sound_mart import evidence
from warehouse.tables.activities import ActivityConcordance
from warehouse.vocabulary import Table


def activity_concordance() -> Evidence:
    """The concordance that the catalogue declares."""
    return evidence(ActivityConcordance, concordances(load_catalogue()))


CODE, TO = pl.col("from_code"), pl.col("to_code")
DEFECTS: dict[type[Table], dict[str, Defect]] = {
    ActivityConcordance: {
        "weights_of_a_code_are_one": (activity_concordance, setting(CODE == "26", weight=0.9)),
        "codes_of_activities": (activity_concordance, setting(CODE == "01", from_code="1")),
        "targets_are_sections_or_codes": (activity_concordance, setting(CODE == "01", to_code="W")),
        "section_is_that_of_the_target": (activity_concordance, setting(CODE == "01", section="B")),
        "ambiguous_is_several_sections": (
            activity_concordance,
            setting(CODE == "01", ambiguous=True),
        ),
        "weight_within_what_is_possible": (
            activity_concordance,
            setting((CODE == "454") & (TO == "G"), upper=0.5),
        ),
        "structure_gives_whole_codes": (
            activity_concordance,
            setting(CODE == "454", basis="structure"),
        ),
        "all_divisions_are_spoken_of": (activity_concordance, dropping(CODE == "99")),
        "concordance_has_a_source": (activity_concordance, setting(CODE == "01", source=" ")),
        "no_code_disappears": (activity_concordance, dropping(CODE == "452")),
    },
}
