from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from assets.documents.findings import people
from assets.documents.findings.named_times import first_time
from assets.documents.findings.people import People
from assets.documents.records import Mention
from tests.assets.documents.words import given_text, named, organisations, section
from tests.cost import assert_linear
from warehouse.tables.findings import Organisation, PersonRole


def read(text: str) -> People:
    one = section(text)
    return people.find([one], named(one), organisations().places)


def roles(text: str) -> list[tuple[str, str, str | None]]:
    return [(r["person"], r["role"], r["organisation_id"]) for r in read(text).roles]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Ondernemers Bram ter Verzonnen van Tembo en Kee Fictief van AWL bouwen.",
            [("Bram ter Verzonnen", "ondernemer", "tembo"), ("Kee Fictief", "ondernemer", "awl")],
        ),
        (
            "wethouders Bo Bedacht (gemeente Borne), Al van 't Fictief en Ed Nep",
            [
                ("Bo Bedacht", "wethouder", "gemeente-borne"),
                ("Al van 't Fictief", "wethouder", None),
                ("Ed Nep", "wethouder", None),
            ],
        ),
        (
            "Dat zegt Mies Bedacht, algemeen directeur van Thales, vandaag.",
            [("Mies Bedacht", "algemeen directeur", "thales")],
        ),
        (
            "Kees Fictief, kwartiermaker van het nieuwe gebied, lacht.",
            [("Kees Fictief", "kwartiermaker van het nieuwe gebied", None)],
        ),
        ("wethouder Jan Peter van Dijk spreekt", [("Jan Peter van Dijk", "wethouder", None)]),
        ("wethouder Bo Bedacht van Deventer", [("Bo Bedacht", "wethouder", None)]),
        ("Gedeputeerde Staten van Overijssel", []),
        ("de directeur Ruimtelijke Ontwikkeling", []),
        ("directeur Stadsontwikkeling Zwolle", []),
        ("de directeur van Oost NL", []),
        ("Bo Bedacht, net als anderen bij Thales, lacht.", []),
        ("Volgens Plan van Aanpak en Hof van Twente is dat zo.", []),
        ("De ondernemer Verzonnen lacht.", []),
    ],
)
def test_people_by_patterns_only(text: str, expected: list[tuple[str, str, str | None]]) -> None:
    assert roles(text) == expected


def test_an_organisation_that_only_these_words_name() -> None:
    text = "ondernemer Kee Fictief van Verzinsel BV, die bouwt"
    found = read(text)
    (row,) = found.organisations
    assert row["organisation_id"] == "verzinsel-bv" and row["name"] == "Verzinsel BV"
    assert set(row) == set(Organisation.__table__.columns.keys()) - {"source"}
    (mention,) = found.mentions["tekst"]
    assert text[mention.start : mention.end] == "Verzinsel BV" and mention.confidence == 0.7
    assert found.roles[0]["confidence"] == 0.7


def test_a_location_is_no_new_organisation() -> None:
    text = "Kee Fictief, kwartiermaker van Veldpark in Oost."
    place = Mention("veldpark", "Veldpark", 31, 39, 0.95, "as declared")
    found = people.find([section(text)], {}, (), {"tekst": [place]})
    assert not found.organisations
    assert [r["role"] for r in found.roles] == ["kwartiermaker van Veldpark in Oost"]


@pytest.mark.parametrize(
    ("since", "precision", "first_day"),
    [
        ("mei 2021", "month", dt.date(2021, 5, 1)),
        ("3 mei 2021", "day", dt.date(2021, 5, 3)),
        ("2021", "year", dt.date(2021, 1, 1)),
        ("eind mei 2021", "part_of_month", dt.date(2021, 5, 21)),
        ("eind mei", "part_of_month", None),
    ],
)
def test_since_when(since: str, precision: str, first_day: dt.date | None) -> None:
    text = f"Dat zegt Kee Fictief, directeur van Thales. Sinds {since} werkt zij hier."
    (row,) = read(text).roles
    assert (row["since"], row["since_precision"], row["valid_from"]) == (
        since,
        precision,
        first_day,
    )


def test_since_of_another_is_not_taken() -> None:
    text = "Kee Fictief, directeur van Thales. Het regent. Sinds mei 2021 is hij er."
    other = "Kee Fictief, directeur van Thales. Sinds mei 2021 is het park open."
    assert [read(other).roles[0]["since"], len(read(text).roles)] == [None, 1]


def test_a_date_that_does_not_exist_has_no_first_day() -> None:
    time_named = first_time("op 31 februari 2020")
    assert time_named and time_named.first_day is None


def test_the_columns_are_those_of_the_table() -> None:
    (row,) = read("wethouder Bo Bedacht spreekt").roles
    without = {"person_role_id", "document_id", "location_id"}
    assert set(row) == set(PersonRole.__table__.columns.keys()) - without


def test_the_given_article() -> None:
    rows: list[dict[str, Any]] = read(given_text("000")).roles
    said = {r["person"]: (r["role"].split()[0], r["organisation_id"]) for r in rows}
    assert said == {
        "Guus Balkema": ("kwartiermaker", None),
        "Arend van der Sluis": ("ondernemer", "tembo"),
        "Piet Mosterd": ("ondernemer", "awl"),
    }
    (one,) = (r for r in rows if r["person"] == "Guus Balkema")
    assert (one["since"], one["since_precision"]) == ("april 2019", "month")
    assert one["valid_from"] == dt.date(2019, 4, 1)


def test_nobody_in_the_prose_of_the_given_page() -> None:
    found = read(given_text("003"))
    assert not found.roles and not found.organisations


@pytest.mark.parametrize(
    "piece",
    [
        "Van ",
        "A.B.C.",
        ", directeur van ",
        "ondernemers Kee Fictief en ",
        "Kee Fictief, ",
        "A" * 99,
    ],
)
def test_hostile_text_takes_linear_time(piece: str) -> None:
    assert_linear(lambda size: read(piece * (size // len(piece))), 200_000)
