"""All documents together: the same rows in whatever order they come, and what a file is."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import polars as pl
import pytest

from assets.catalogue import Catalogue, load_catalogue
from assets.catalogue.document_models import DocumentEntry
from assets.core import documents as core
from assets.core.frames import Edition
from assets.documents.blocks import to_rows
from assets.documents.formats import reading
from assets.marts import documents
from assets.sources.reading import RawTable, empty_codes, empty_columns

CATALOGUE = load_catalogue()
NAMED = """5.1.2 Gebiedsgerichte ontwikkeling van topwerklocaties

Context

Voor de proef is gekozen voor een park aan de rand van de stad, waar bedrijven uit de regio samen
onderzoek doen, en waar de provincie meebetaalt aan wegen, glasvezel en een gezamenlijk gebouw.

Acties

1. Wij besluiten over Hessenpoort in Zwolle (PS/2016/901).

Basisinformatie

Verantwoordelijk portefeuillehouder:

Sam Voorbeeld.
"""
HEADLESS = NAMED.split("\n\n", 1)[1].replace("PS/2016/901", "PS/2017/902")
OTHER = NAMED.replace("5.1.2 Gebiedsgerichte ontwikkeling van topwerklocaties", "5.3.1 Iets anders")
LABEL = "5.9.9 Proef\n\nContext\n\nTekst.\n\nBasisinformatie\n\nZwaartepunt:\n\nDe regio.\n"


def tables(*texts: tuple[str, str], catalogue: Catalogue = CATALOGUE) -> dict[str, pl.DataFrame]:
    """Records of files, dropped in this order."""
    pages = [reading.read(name, text.encode()) for name, text in texts]
    raw = RawTable(to_rows(pages), empty_columns(), empty_codes())
    edition = Edition(catalogue.sources["dropped_documents"], "all", "r1", raw)
    made = core.pages(edition)
    releases = pl.DataFrame(
        {"release_id": ["r1"], "known_from": [dt.datetime(2018, 1, 1)], "synthetic": [True]}
    )
    return documents.records(
        catalogue, [made.lazy()], [core.blocks(edition, made).lazy()], releases, []
    )


def test_the_order_in_which_files_come_changes_nothing() -> None:
    files = [("a.txt", NAMED), ("b.txt", HEADLESS), ("c.txt", LABEL)]
    one, other = tables(*files), tables(*reversed(files))
    assert set(one) == set(other)
    for name, frame in one.items():
        assert frame.sort(frame.columns).equals(other[name].sort(frame.columns)), name


def test_a_page_without_head_is_recognised_by_its_sentences_and_told_of() -> None:
    made = tables(("a.txt", NAMED), ("b.txt", HEADLESS))
    keys = dict(made["performance"].select("code", "performance_id").iter_rows())
    assert keys == {"5.1.2": "topwerklocaties", "zonder-nummer": "topwerklocaties"}
    assert made["performance_name"]["code"].to_list() == ["5.1.2"]
    [reason] = made[documents.UNREAD]["reason"].to_list()
    assert reason.startswith("could_not_be_placed: a performance without number or title")


def test_the_same_sentences_in_two_performances_tell_nothing() -> None:
    made = tables(("a.txt", NAMED), ("b.txt", HEADLESS), ("c.txt", OTHER))
    [key] = made["performance"].filter(code="zonder-nummer")["performance_id"].to_list()
    assert key.startswith("zonder-nummer-text-")


def test_the_name_of_a_file_can_say_which_page_it_is() -> None:
    made = tables(("5-1-2-gebiedsgerichte-ontwikkeling-van-topwerklocaties.txt", HEADLESS))
    assert made["performance"]["code"].to_list() == ["5.1.2"]
    assert made["performance"]["performance_id"].to_list() == ["topwerklocaties"]
    assert made["document_section"]["url"].to_list() == [None] * made["document_section"].height
    assert made[documents.UNREAD].height == 0


@pytest.mark.parametrize("by", ["sha256", "file_pattern"])
def test_what_a_file_is_can_be_declared(by: str) -> None:
    page = reading.read("a.txt", NAMED.encode())
    how = {"sha256": (page.sha256,)} if by == "sha256" else {"file_pattern": r"a\.txt"}
    entry = DocumentEntry(
        id="proef",
        organisation="provincie-overijssel",
        document_type="annual_report",
        year=2016,
        source="a test",
        **how,  # type: ignore[arg-type]
    )
    made = tables(("a.txt", NAMED), catalogue=replace(CATALOGUE, documents={"proef": entry}))
    [row] = made["document"].to_dicts()
    assert (row["organisation"], row["document_type"], row["year"]) == (
        "provincie-overijssel",
        "annual_report",
        2016,
    )
    assert row["synthetic"] is True
    assert "provincie-overijssel" in made["organisation"]["organisation_id"].to_list()


def test_a_file_that_nobody_declared_has_no_year_but_a_bound() -> None:
    [row] = tables(("a.txt", NAMED))["document"].to_dicts()
    assert (row["organisation"], row["document_type"], row["year"]) == (None, None, None)
    assert row["not_before_year"] == 2016


def test_a_decision_from_the_future_is_told_of_and_not_taken() -> None:
    made = tables(("a.txt", NAMED.replace("PS/2016/901", "PS/2061/901")))
    assert made["decision"].height == 0
    assert made["evidence"].filter(subject_kind="decision").height == 0
    assert any("2061" in record for record in made[documents.UNREAD]["record"])


def test_without_documents_every_table_is_there_and_only_what_is_declared_is_in_them() -> None:
    made = documents.records(CATALOGUE, [], [], pl.DataFrame({"release_id": []}), [])
    filled = {name for name, frame in made.items() if frame.height}
    assert filled == {"performance_succession"}
    assert {"document", "evidence", "performance", documents.UNREAD} <= set(made)
