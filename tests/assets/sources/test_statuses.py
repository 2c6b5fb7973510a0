"""How final figures are by the publisher's words: read where they say so, and only there."""

from __future__ import annotations

import json
import os
from pathlib import Path

import polars as pl
import pytest

from assets.sources.statuses import of_table, of_title, of_topic

PUBLISHED = Path(__file__).parents[4] / "shared" / "data" / "cbs"

TOPICS = [
    ("Het betreft voorlopige cijfers.", "provisional"),
    ("De waarde per regio.Het betreft voorlopige cijfers.", "provisional"),
    ("Het betreft nader voorlopige cijfers.", "revised"),
    ("Het betreft\r\n definitieve cijfers", "definitive"),
    ("Deze cijfers zijn voorlopig.", "provisional"),
    ("De (voorlopig) gemiddelde woningwaarde wordt bepaald met de waardepeildatum.", None),
    ("Het register van het jaar (definitieve versie).", None),
    ("Het betreft voorlopige cijfers. Deze cijfers zijn definitief.", None),
    ("", None),
    (None, None),
]


@pytest.mark.parametrize(("words", "status"), TOPICS)
def test_a_topic_says_of_figures_that_they_are_provisional(
    words: str | None, status: str | None
) -> None:
    assert of_topic(words) == status


TABLES = [
    (
        "Tekst.\n\nStatus van de cijfers:\nDefinitief, tenzij anders vermeld.\n\nVerder",
        "definitive",
    ),
    (
        "Status van de cijfers\nDe cijfers in deze tabel zijn bij publicatie definitief.",
        "definitive",
    ),
    ("Status van de cijfers:\r\nDe cijfers zijn voorlopig.\r\n\r\nMeer", "provisional"),
    ("Status van de cijfers: De cijfers zijn nader voorlopig", "revised"),
    ("Status van de cijfers:\nDe cijfers tot en met 2019 zijn definitief.", None),
    (
        "Status van de cijfers:\nDe cijfers zijn definitief. De cijfers zijn voorlopig.",
        "definitive",
    ),
    ("Het betreft voorlopige cijfers.", None),
    (None, None),
]


@pytest.mark.parametrize(("words", "status"), TABLES)
def test_a_table_says_how_final_all_of_it_is(words: str | None, status: str | None) -> None:
    assert of_table(words) == status


@pytest.mark.parametrize(
    ("title", "status"),
    [
        ("2021*", "provisional"),
        ("2020**", "revised"),
        ("2019", None),
        ("2021* ", "provisional"),
        (None, None),
    ],
)
def test_a_sign_behind_a_period(title: str | None, status: str | None) -> None:
    assert of_title(title) == status


def published() -> Path:
    if not PUBLISHED.is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"{PUBLISHED} is not there")
        pytest.skip("the published tables are not here")
    return PUBLISHED


def test_published_tables_are_read_as_they_are_meant() -> None:
    def words(name: str, field: str) -> str:
        return str(json.loads((published() / name).read_text("utf-8"))[field])

    assert (
        of_table(words("84799NED/cbs.v3.84799NED_Metadata.json", "ShortDescription"))
        == "definitive"
    )
    assert (
        of_table(words("45012NED/iv3.v3.45012NED_Metadata.json", "ShortDescription"))
        == "definitive"
    )
    assert of_table(words("83765NED/cbs.v4.83765NED_Metadata.json", "Description")) == "definitive"


def test_published_topics_are_read_as_they_are_meant() -> None:
    said = json.loads(
        (published() / "84799NED/cbs.v3.84799NED_ColDescriptions.json").read_text("utf-8")
    )
    statuses = {name: of_topic(words) for name, words in said.items()}
    provisional = [name for name, status in statuses.items() if status == "provisional"]
    assert "NettoArbeidsparticipatie_67" in provisional
    assert set(statuses.values()) == {None, "provisional"}
    worth = [name for name in statuses if name.startswith("GemiddeldeWo")]
    assert worth and all(statuses[name] is None for name in worth)
    measures = pl.read_parquet(published() / "83765NED/cbs.v4.83765NED_MeasureCodes.parquet")
    told = {
        code: of_topic(words)
        for code, words in measures.select("Identifier", "Description").iter_rows()
    }
    assert told["M000200_2"] == told["300014"] == "provisional"
    assert told["M003039"] is told["M000217"] is told["ST0003"] is None
