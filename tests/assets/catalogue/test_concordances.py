"""Concordances of activity codes: what decides where a code falls, and what is refused with its place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.catalogue import load_catalogue
from assets.catalogue.calculations import pooled
from assets.catalogue.concordance_models import NUMBERED, Concordance, by_sector
from assets.core.breakdowns import falls_to

CATALOGUE = load_catalogue()
SHIPPED = CATALOGUE.concordances["sbi_2008_2025"]
REGISTER = CATALOGUE.sources["establishment_register"]
DIVISIONS = [f"{n:02}" for first, last in NUMBERED for n in range(first, last + 1)]
Write = Callable[[dict[str, str]], Path]
Refusal = Callable[..., str]

HEAD = """- id: of_the_office
  from_edition: "2008"
  to_edition: "2025"
  source: Invented for this test.
"""


def declared(*shares: str) -> str:
    return HEAD + "  shares:\n" + "".join(f"    - {{{share}}}\n" for share in shares)


def share(code: str, to: str, weight: float, basis: str = "official") -> str:
    return f'from_code: "{code}", to_code: "{to}", weight: {weight!r}, basis: {basis}'


@pytest.mark.parametrize("division", DIVISIONS)
def test_of_every_division_of_2008_it_is_said_where_it_fell(division: str) -> None:
    shares = SHIPPED.falls_to(division)
    assert sum(shares.values()) == pytest.approx(1.0, abs=1e-9)
    assert len(shares) == (2 if division == "45" else 1)


def test_no_weight_of_ours_passes_for_one_that_was_published() -> None:
    assert {s.basis for s in SHIPPED.shares} == {"structure", "assumed"}
    assert "Not an official table" in SHIPPED.source


@given(st.text("0123456789", max_size=6), st.sampled_from(["2008", "2025"]))
def test_whatever_the_code_it_falls_somewhere_whole_or_nowhere(code: str, edition: str) -> None:
    shares = falls_to(REGISTER, code, edition)
    assert not shares or sum(shares.values()) == pytest.approx(1.0, abs=1e-9)
    sectors = by_sector(REGISTER.sectors, shares)
    assert sum(sectors.values()) == pytest.approx(sum(shares.values()), abs=1e-9)


def test_the_longest_code_decides() -> None:
    assert SHIPPED.falls_to("4520") == {"T": 1.0}
    assert SHIPPED.falls_to("45") == {"G": 0.625, "T": 0.375}
    assert SHIPPED.falls_to("4") == {}
    assert SHIPPED.falls_to("04") == {}


def test_a_code_shorter_than_all_that_is_said_of_it_is_shared_alike(write: Write) -> None:
    table = "from_code,to_code,weight,basis\n6311,63110,1,official\n6391,60310,1,official\n"
    further = write({"concordances.yaml": HEAD + "  file: table.csv\n", "table.csv": table})
    found = load_catalogue(further=further).concordances["of_the_office"]
    assert found.falls_to("63") == {"K": 0.5, "J": 0.5}
    assert found.falls_to("63911") == {"J": 1.0}


def test_a_table_of_ones_own_goes_before_ours(write: Write) -> None:
    further = write({"concordances.yaml": declared(share("4520", "G", 1.0))})
    source = load_catalogue(further=further).sources["establishment_register"]
    assert falls_to(source, "4520", "2008") == {"G": 1.0}
    assert falls_to(source, "4511", "2008") == {"G": 1.0}, "of what it does not say ours holds"
    assert falls_to(REGISTER, "4520", "2008") == {"T": 1.0}


def test_the_weights_of_all_that_is_ambiguous_are_one_together() -> None:
    assert sum(pooled([SHIPPED], REGISTER.sectors).values()) == pytest.approx(1.0, abs=1e-9)
    ratio = CATALOGUE.indicators["jobs_share_trade_hospitality"].ratio
    assert ratio is not None and ratio.apportioned is not None
    assert ratio.apportioned.weight == pytest.approx((0.5 + 0.625) / 2)


REFUSED = {
    "weights that are not one": (
        [share("4520", "G", 0.5), share("4520", "T", 0.4)],
        "the weights of 4520 are 0.9 together",
    ),
    "written twice": (
        [share("4520", "G", 0.5), share("4520", "G", 0.5)],
        "4520 to G is written twice; add the weights up",
    ),
    "no such division of 2008": ([share("4020", "G", 1.0)], "SBI 2008 has no division 40"),
    "no such division of 2025": ([share("4520", "45200", 1.0)], "SBI 2025 has no division 45"),
    "no such section": ([share("4520", "W", 1.0)], "'W' does not have the form"),
    "one digit": ([share("4", "G", 1.0)], "'4' does not have the form"),
    "a weight above one": ([share("4520", "G", 1.5)], "1"),
    "a guess that follows from the structure": (
        [share("4520", "G", 0.5, "structure"), share("4520", "T", 0.5, "assumed")],
        "a weight of 0.5 does not follow from the structure",
    ),
    "nothing": ([], "write a list"),
}


@pytest.mark.parametrize(("shares", "says"), REFUSED.values(), ids=REFUSED.keys())
def test_a_wrong_table_is_refused_with_its_place(
    shares: list[str], says: str, write: Write, refusal: Refusal
) -> None:
    folder = write({"concordances.yaml": declared(*shares)})
    said = _refusal(refusal, folder)
    assert f"{folder / 'concordances.yaml'}:" in said and says in said


def _refusal(refusal: Refusal, further: Path) -> str:
    from assets.catalogue.loading import HERE

    return refusal(HERE, further)


FILES = {
    "another header": ("code,to,weight,basis\n", ":1: expected the columns from_code"),
    "a field too many": (
        "from_code,to_code,weight,basis\n4520,T,1,official,x\n",
        ":2: expected 4 fields; came: 5",
    ),
    "a weight in words": (
        "from_code;to_code;weight;basis\n4520;T;alles;official\n",
        ":2: weight: 'alles' is no number",
    ),
    "a code of one digit": (
        "from_code,to_code,weight,basis\n4520,T,1,official\n4,G,1,official\n",
        ":3: from_code: '4'",
    ),
    "weights that are not one": (
        "from_code,to_code,weight,basis\n4511,G,1,official\n4520,T,0.999,official\n",
        ":3: the weights of 4520 are 0.999 together",
    ),
    "no file": (None, "there is no such file"),
}


@pytest.mark.parametrize(("text", "says"), FILES.values(), ids=FILES.keys())
def test_a_wrong_file_is_refused_with_its_line(
    text: str | None, says: str, write: Write, refusal: Refusal
) -> None:
    files = {"concordances.yaml": HEAD + "  file: table.csv\n"}
    folder = write(files | ({"table.csv": text} if text is not None else {}))
    said = _refusal(refusal, folder)
    assert f"{folder / 'table.csv'}" in said and says in said


def test_a_file_elsewhere_is_not_read(write: Write, refusal: Refusal) -> None:
    folder = write({"concordances.yaml": HEAD + "  file: ../table.csv\n"})
    assert "without folders" in _refusal(refusal, folder)


def test_thirds_with_a_comma_for_the_decimals_are_read(write: Write) -> None:
    third = "0,333333333333"
    weights = (("G", f"{third}4"), ("T", third), ("S", third))
    rows = [f"4520;{to};{weight};official\n" for to, weight in weights]
    table = "from_code;to_code;weight;basis\n" + "".join(rows)
    further = write({"concordances.yaml": HEAD + "  file: table.csv\n", "table.csv": table})
    found = load_catalogue(further=further).concordances["of_the_office"]
    assert isinstance(found, Concordance) and set(found.falls_to("4520")) == {"G", "T", "S"}


def test_a_concordance_is_not_declared_with_a_source(
    sound: dict[str, str], write: Write, refusal: Refusal
) -> None:
    name = "- name: register\n"
    assert name in sound["sources.yaml"]
    entry = declared(share("45", "G", 1.0)).replace("\n", "\n    ")
    inline = f"{name}  concordances:\n    {entry.rstrip()}\n"
    folder = write(sound | {"sources.yaml": sound["sources.yaml"].replace(name, inline)})
    assert "write them in `concordances.yaml`" in refusal(folder)


def test_a_family_stands_for_its_members(sound: dict[str, str], write: Write) -> None:
    text = sound["indicators.yaml"]
    first = text[: text.index("\n- id:", 5) + 1]
    each = "- each: [{kind: one}, {kind: two}]\n  id: people_{kind}\n"
    family = first.replace("- id: inhabitants\n", each)
    assert family != first
    folder = write(sound | {"indicators.yaml": text + family})
    assert {"people_one", "people_two"} <= set(load_catalogue(folder).indicators)


@pytest.mark.parametrize(
    ("each", "says"),
    [
        ("[]", "write a list of mappings"),
        ("[one]", "write a list of mappings"),
        ("[{sort: one}]", "has no `kind`"),
    ],
)
def test_a_wrong_family_is_refused(
    each: str, says: str, sound: dict[str, str], write: Write, refusal: Refusal
) -> None:
    text = sound["indicators.yaml"]
    first = text[: text.index("\n- id:", 5) + 1]
    family = first.replace("- id: inhabitants\n", f"- each: {each}\n  id: people_{{kind}}\n")
    folder = write(sound | {"indicators.yaml": text + family})
    said = refusal(folder)
    assert says in said and "indicators.yaml:" in said
