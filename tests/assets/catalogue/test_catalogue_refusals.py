"""A wrong entry is refused with file, line, field and what to write instead.

Not here: what is wrong between entries, and files that are no catalogue
(`test_catalogue_refusals_between.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Spoilt:
    """One thing that is wrong: `old` becomes `new` in `file`, and the message says `says`."""

    file: str
    old: str
    new: str
    line_with: str
    """Text on the line that the message must name."""
    says: tuple[str, ...]


FEED = "    - source: counts\n      measure: people\n      levels: [municipality]\n"
SUPPLIERS = """\
  suppliers:
    ours:
      file_pattern: 'ours_(?P<edition>.+)\\.csv'
      columns:
        establishment_id: {header: [nummer]}
      sbi_edition: "2025"
      synthetic: true
"""


SPOILT = {
    # -- fields and values ---------------------------------------------------------------
    "unknown field": Spoilt(
        "sources.yaml",
        '  licence: CC0\n  attribution: nobody\n  editions:\n    "2020"',
        '  license: CC0\n  attribution: nobody\n  editions:\n    "2020"',
        "license: CC0",
        ("sources counts: license: unknown field; did you mean `licence`?", "allowed: attribution"),
    ),
    "missing field beside an unknown one": Spoilt(
        "sources.yaml",
        '  licence: CC0\n  attribution: nobody\n  editions:\n    "2020"',
        '  license: CC0\n  attribution: nobody\n  editions:\n    "2020"',
        "- name: counts",
        ("sources counts: licence: this field is required; write it",),
    ),
    "unknown field deep inside": Spoilt(
        "sources.yaml",
        "published_unit:",
        "publised_unit:",
        "publised_unit:",
        ("measures.people.publised_unit: unknown field; did you mean `published_unit`?",),
    ),
    "floor on rows left out": Spoilt(
        "sources.yaml",
        "  row_floor: 10\n  row_ceiling: 100\n  licence: licensed",
        "  row_ceiling: 100\n  licence: licensed",
        "- name: register",
        ("sources register: row_floor: this field is required; write it",),
    ),
    "field missing in the second of a list": Spoilt(
        "sites.yaml",
        "    - name: Another Park\n      source: a letter\n",
        "    - name: Another Park\n    - name: Third\n      source: a letter\n",
        "- name: Another Park",
        ("sites second-park: aliases.0.source: this field is required; write it",),
    ),
    "wrong literal": Spoilt(
        "indicators.yaml",
        "  direction: neutral\n  theme: people\n  feeds:",
        "  direction: up\n  theme: people\n  feeds:",
        "direction: up",
        ("indicators inhabitants: direction: write one of", "'more_is_better'", "not 'up'"),
    ),
    "reason for a missing value that we do not have": Spoilt(
        "sources.yaml",
        'signs: {".": unknown}',
        'signs: {".": secret}',
        'signs: {".": secret}',
        ("missing.signs..: write one of", "'confidential'", "not 'secret'"),
    ),
    "wrong pattern": Spoilt(
        "sites.yaml",
        "code: BU00010001",
        "code: BU1",
        "code: BU1",
        ("sites first-park: boundaries.0.members.0.code: 'BU1' does not have the form ^(BU",),
    ),
    "name of a measure with a capital": Spoilt(
        "sources.yaml",
        "    people:\n",
        "    People:\n",
        "People:",
        ("'People' does not have the form ^[a-z]",),
    ),
    "number where text belongs": Spoilt(
        "sources.yaml",
        '    "2020": {id: 10000NED}',
        "    2020: {id: 10000NED}",
        "2020: {id",
        ("editions.2020", "between quotes", "(came: 2020)"),
    ),
    "a name that YAML does not read as text": Spoilt(
        "sources.yaml",
        '    "null": unknown\n  measures:',
        "    null: unknown\n  measures:",
        "null: unknown",
        ("write the name between quotes",),
    ),
    "text where a number belongs": Spoilt(
        "sources.yaml",
        "  cadence_days: 92",
        '  cadence_days: "92"',
        'cadence_days: "92"',
        ("sources budgets: cadence_days: write a whole number, without quotes (came: '92')",),
    ),
    "text where true or false belongs": Spoilt(
        "sources.yaml",
        "required: true",
        'required: "yes"',
        'required: "yes"',
        ("measures.people.required: write true or false (came: 'yes')",),
    ),
    "text where a date belongs": Spoilt(
        "sites.yaml",
        "valid_from: 2016-01-01",
        'valid_from: "in 2016"',
        'valid_from: "in 2016"',
        ("aliases.0.valid_from: write a date as 2018-01-31",),
    ),
    "a word where a list belongs": Spoilt(
        "indicators.yaml",
        "  levels: [site, municipality, province]",
        "  levels: municipality",
        "  levels: municipality",
        ("indicators inhabitants: levels: write a list", "(came: 'municipality')"),
    ),
    "a word where a mapping belongs": Spoilt(
        "sources.yaml",
        '    "2020": {id: 10000NED}',
        '    "2020": 10000NED',
        '"2020": 10000NED',
        ("editions.2020: write `field: value` below it (came: '10000NED')",),
    ),
    "a weight above one": Spoilt(
        "sites.yaml",
        "weight: 1",
        "weight: 2",
        "weight: 2",
        ("boundaries.0.members.0.weight: Input should be less than or equal to 1 (came: 2)",),
    ),
    # -- what an entry must have as a whole ----------------------------------------------
    "floor above ceiling": Spoilt(
        "sources.yaml",
        "  row_ceiling: 100\n  licence: licensed",
        "  row_ceiling: 5\n  licence: licensed",
        "- name: register",
        ("sources register: entry: row_floor 10 is above row_ceiling 5",),
    ),
    "figures without a region": Spoilt(
        "sources.yaml",
        "  region: RegioS\n",
        "",
        "- name: counts",
        ("a source of figures declares `measures` and `region`",),
    ),
    "no edition and no way to find one": Spoilt(
        "sources.yaml",
        '  editions:\n    "2013": {id: 20000NED}',
        "  editions: {}",
        "- name: budgets",
        ("declare at least one edition (`editions: {'2020': {id: 84799NED}}`) or `discovery`",),
    ),
    "an inbox without suppliers": Spoilt(
        "sources.yaml",
        SUPPLIERS,
        "",
        "- name: register",
        ("a source from the inbox declares its `suppliers`",),
    ),
    "features without a path": Spoilt(
        "sources.yaml",
        "  publisher: cbs_third_party\n  protocol: cbs_v3",
        "  publisher: geo\n  protocol: ogc_features",
        "- name: budgets",
        ("declare the `path` below the publisher's base address",),
    ),
    "a measure that the publisher cannot know": Spoilt(
        "sources.yaml",
        "      titles: [{title: Aantal inwoners}]\n",
        "",
        "people:",
        ("measures.people: say how the publisher names it: `v4: <code>`, `titles:",),
    ),
    "neither feeds nor ratio": Spoilt(
        "indicators.yaml",
        "  feeds:\n" + FEED,
        "",
        "- id: inhabitants",
        ("an indicator has either `feeds`, a `ratio`, a `quotient`, an `index` or what is",),
    ),
    "a level claimed by two feeds": Spoilt(
        "indicators.yaml",
        FEED,
        FEED + FEED,
        "- id: inhabitants",
        ("two feeds claim the level(s) ['municipality']; a level is fed by one source",),
    ),
    "a level both fed and aggregated": Spoilt(
        "indicators.yaml",
        "      levels: [municipality]\n  aggregate_to",
        "      levels: [municipality, province]\n  aggregate_to",
        "- id: inhabitants",
        ("['province'] is both fed and aggregated; keep one of the two",),
    ),
    "a weighted mean without a weight": Spoilt(
        "indicators.yaml",
        "  aggregate_to: [province]\n  levels: [site, municipality, province]\n  allocation: sum",
        "  levels: [site, municipality]\n  allocation: weighted_mean",
        "- id: inhabitants",
        ("a weighted mean names the indicator it is weighted by in `weight`",),
    ),
    "a ratio of sums without a ratio": Spoilt(
        "indicators.yaml",
        "  aggregate_to: [province]\n  levels: [site, municipality, province]\n  allocation: sum",
        "  levels: [site, municipality]\n  allocation: ratio_of_sums",
        "- id: inhabitants",
        ("`ratio_of_sums` needs a `ratio`",),
    ),
    "adding up what is not a sum": Spoilt(
        "indicators.yaml",
        "  allocation: sum",
        "  allocation: not_allocatable",
        "- id: inhabitants",
        ("only an indicator whose allocation is `sum` can be aggregated",),
    ),
}


@pytest.mark.parametrize("spoilt", SPOILT.values(), ids=SPOILT.keys())
def test_refused_with_place_and_remedy(
    spoil: Callable[[str, str, str, str], tuple[str, str]], spoilt: Spoilt
) -> None:
    said, place = spoil(spoilt.file, spoilt.old, spoilt.new, spoilt.line_with)
    assert place in said
    for words in spoilt.says:
        assert words in said


def test_all_faults_of_an_entry_are_told_at_once(
    sound: dict[str, str], write: Callable[[dict[str, str]], Path], refusal: Callable[..., str]
) -> None:
    text = sound["provinces.yaml"].replace("  name: Two\n", "  nam: Two\n").replace("PV02", "P2")
    folder = write(sound | {"provinces.yaml": text})
    said = refusal(folder).splitlines()
    assert len(said) == 3
    assert all(str(folder / "provinces.yaml") in line for line in said)
