"""What is wrong between entries, and files that are no catalogue, is refused with its place.

Not here: what is wrong within one entry (`test_catalogue_refusals.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from assets.catalogue import load_catalogue

Write = Callable[[dict[str, str]], Path]
Refusal = Callable[..., str]


@dataclass(frozen=True)
class Spoilt:
    """One thing that is wrong: `old` becomes `new` in `file`, and the message says `says`."""

    file: str
    old: str
    new: str
    line_with: str
    """Text on the line that the message must name."""
    says: tuple[str, ...]


SPOILT = {
    # -- feeds, ratios, levels ---------------------------------------------------------------
    "unknown source": Spoilt(
        "indicators.yaml",
        "source: counts",
        "source: count",
        "- id: inhabitants",
        (
            "indicators inhabitants: feeds.source: there is no source `count`; "
            "did you mean `counts`?",
            "known: budgets, counts, register",
        ),
    ),
    "unknown measure": Spoilt(
        "indicators.yaml",
        "measure: people",
        "measure: peopel",
        "- id: inhabitants",
        ("feeds.measure: there is no measure of counts `peopel`; did you mean `people`?",),
    ),
    "unknown measure of what we count ourselves": Spoilt(
        "indicators.yaml",
        "source: counts\n      measure: people",
        "source: register\n      measure: people",
        "- id: inhabitants",
        ("there is no measure of register `people`", "births, deaths, establishments, jobs"),
    ),
    "unknown breakdown of what we count ourselves": Spoilt(
        "indicators.yaml",
        "source: counts\n      measure: people",
        "source: register\n      measure: jobs\n      breakdown: sbi_logistic",
        "- id: inhabitants",
        (
            "feeds.breakdown: there is no breakdown of register `sbi_logistic`; "
            "did you mean `sbi_logistics`?",
            "sbi_logistics",
        ),
    ),
    "breakdown of a source without one": Spoilt(
        "indicators.yaml",
        "measure: people",
        "measure: people\n      breakdown: T001081",
        "- id: inhabitants",
        ("there is no breakdown of counts `T001081`; known: total",),
    ),
    "breakdown of a budget that is not report/function": Spoilt(
        "indicators.yaml",
        "source: counts\n      measure: people",
        "source: budgets\n      measure: costs\n      breakdown: begroting/7",
        "- id: inhabitants",
        ("`begroting/7` is not `<report>/<function>`; write for instance `budget/7.1`",),
    ),
    "unknown part of a ratio": Spoilt(
        "indicators.yaml",
        "numerator: [inhabitants]",
        "numerator: [inhabitant]",
        "- id: share",
        ("ratio: there is no indicator `inhabitant`; did you mean `inhabitants`?",),
    ),
    "a ratio of a ratio": Spoilt(
        "indicators.yaml",
        "numerator: [inhabitants]",
        "numerator: [share]",
        "- id: share",
        ("ratio: `share` is itself a ratio; name the indicators it is made from",),
    ),
    "unknown weight": Spoilt(
        "indicators.yaml",
        "  aggregate_to: [province]\n  levels: [site, municipality, province]\n  allocation: sum",
        "  levels: [site, municipality]\n  allocation: weighted_mean\n  weight: households",
        "- id: inhabitants",
        ("weight: there is no indicator `households`; known: inhabitants, share",),
    ),
    "a level that nothing makes": Spoilt(
        "indicators.yaml",
        "levels: [site, municipality, province]",
        "levels: [site, municipality, province, country]",
        "- id: inhabitants",
        ("levels: nothing makes ['country']; add it to a feed or leave it out",),
    ),
    "a fed level that is not listed": Spoilt(
        "indicators.yaml",
        "levels: [site, municipality, province]",
        "levels: [site, province]",
        "- id: inhabitants",
        ("levels: add ['municipality'], which is fed or aggregated",),
    ),
    "alias of two sites": Spoilt(
        "sites.yaml",
        "Another Park",
        "the park",
        "- id: second-park",
        (
            "sites second-park: aliases: `the park` already belongs to `first-park`; "
            "a name resolves to one location",
        ),
    ),
    "name of one site as alias of another": Spoilt(
        "sites.yaml",
        "Another Park",
        "First Park",
        "- id: second-park",
        ("`First Park` already belongs to `first-park`",),
    ),
    "alias twice": Spoilt(
        "sites.yaml",
        "    - name: Another Park\n      source: a letter\n",
        "    - name: Another Park\n      source: a letter\n"
        "    - name: another park\n      source: a letter\n",
        "- id: second-park",
        ("aliases: `another park` is written twice; keep one",),
    ),
    "municipality in two provinces": Spoilt(
        "provinces.yaml",
        "[GM0002]",
        "[GM0001, GM0002]",
        "- code: PV02",
        ("provinces PV02: municipalities: GM0001 already lies in PV01; keep it in one",),
    ),
    # -- YAML itself -----------------------------------------------------------------------
    "duplicate key": Spoilt(
        "sources.yaml",
        "  row_floor: 10\n  row_ceiling: 100\n  licence: licensed",
        "  row_floor: 10\n  row_floor: 0\n  row_ceiling: 100\n  licence: licensed",
        "row_floor: 0",
        ("`row_floor` is written twice; keep one",),
    ),
    "a list as a field": Spoilt(
        "provinces.yaml",
        "  name: Two",
        "  ? [name]\n  : Two",
        "? [name]",
        ("a list or mapping cannot be a field; write its name",),
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


def test_the_sound_catalogue_loads(sound: dict[str, str], write: Write) -> None:
    catalogue = load_catalogue(write(sound))
    assert set(catalogue.indicators) == {"inhabitants", "share"}
    assert [i.id for i in catalogue.indicators_fed_by("counts")] == ["inhabitants"]


def test_a_duplicate_name_is_told_with_both_places(
    sound: dict[str, str], write: Write, refusal: Refusal
) -> None:
    folder = write(sound | {"provinces.yaml": sound["provinces.yaml"].replace("PV02", "PV01")})
    file = folder / "provinces.yaml"
    assert refusal(folder) == (
        f"{file}:5: provinces PV01: code: already declared at {file}:1; choose another"
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "expected a list of entries, each starting with `- `"),
        ("# only a comment\n", "expected a list of entries, each starting with `- `"),
        ("[]\n", "expected a list of entries, each starting with `- `"),
        ("name: counts\n", "expected a list of entries, each starting with `- `"),
        ("- counts\n", "expected a list of entries, each starting with `- `"),
        ("- name: [\n", "not valid YAML"),
        ("- name: a\n\tb: c\n", "not valid YAML"),
    ],
)
def test_a_file_that_is_no_list_of_entries(
    sound: dict[str, str], write: Write, refusal: Refusal, text: str, says: str
) -> None:
    folder = write(sound | {"sources.yaml": text})
    said = refusal(folder)
    assert says in said
    assert str(folder / "sources.yaml") in said


def test_a_file_in_another_encoding(sound: dict[str, str], write: Write, refusal: Refusal) -> None:
    folder = write(sound)
    (folder / "provinces.yaml").write_bytes("- name: Fryslân\n".encode("cp1252"))
    said = refusal(folder)
    assert said.startswith(f"{folder / 'provinces.yaml'}: not valid YAML in UTF-8")


@pytest.mark.parametrize(
    "tag", ["!!python/object/apply:pathlib.Path.touch", "!!python/object/apply:os.system", "!env"]
)
def test_a_tag_is_refused_and_not_executed(
    sound: dict[str, str], write: Write, refusal: Refusal, tmp_path: Path, tag: str
) -> None:
    victim = tmp_path / "executed"
    argument = f"touch {victim}" if "system" in tag else str(victim)
    text = sound["sources.yaml"].replace("Tellingen", f'{tag} ["{argument}"]')
    said = refusal(write(sound | {"sources.yaml": text}))
    assert "not valid YAML" in said
    assert "could not determine a constructor" in said
    assert not victim.exists()


def test_a_kind_that_is_not_there(sound: dict[str, str], write: Write, refusal: Refusal) -> None:
    del sound["sites.yaml"]
    folder = write(sound)
    assert refusal(folder) == f"{folder}: no sites; write `sites.yaml` or files in `sites/`"


# -- a second folder -------------------------------------------------------------------------
PROVINCE = "- code: PV03\n  name: Three\n  municipalities: [GM0003]\n  source: a list\n"


def test_a_second_folder_adds(sound: dict[str, str], write: Write) -> None:
    catalogue = load_catalogue(write(sound), further=write({"provinces.yaml": PROVINCE}))
    assert catalogue.province_of("GM0003") == "PV03"
    assert catalogue.province_of("GM0001") == "PV01"


def test_a_second_folder_never_replaces(
    sound: dict[str, str], write: Write, refusal: Refusal
) -> None:
    house = write(sound)
    further = write({"provinces.yaml": PROVINCE.replace("PV03", "PV01")})
    assert refusal(house, further) == (
        f"{further / 'provinces.yaml'}:1: provinces PV01: code: already declared at "
        f"{house / 'provinces.yaml'}:1; choose another"
    )


def test_a_second_folder_is_checked_against_the_first(
    sound: dict[str, str], write: Write, refusal: Refusal
) -> None:
    text = sound["sites.yaml"].replace("first-park", "third-park").replace("First", "Third")
    further = write({"sites.yaml": text[: text.index("- id: second-park")]})
    said = refusal(write(sound), further)
    assert f"{further / 'sites.yaml'}:1: sites third-park" in said
    assert "`The Park` already belongs to `first-park`" in said
