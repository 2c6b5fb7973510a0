"""Many documents give the same records in several processes as in one."""

from __future__ import annotations

from typing import Any

import pytest

from assets.catalogue import load_catalogue
from assets.documents import many
from assets.documents.extraction import Known
from assets.documents.formats import reading

PAGE = """5.1.{number} Proef {number}

Context

Dit is een verzonnen prestatie over Hessenpoort in Zwolle (PS/2016/{number}01).

Basisinformatie

Verantwoordelijk portefeuillehouder:

Sam Voorbeeld.
"""


def test_a_document_on_which_we_fail_is_told_of_and_the_others_go_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = reading.read("1.txt", PAGE.format(number=1).encode())
    assert not isinstance(page, reading.Refusal)
    documents = [(Known(name), [(1, None, page.blocks)]) for name in ("good", "bad", "also good")]
    read = many.extract

    def slips(known: Known, *rest: Any) -> Any:
        return read(known, *rest) if known.document_id != "bad" else {}["slip"]

    monkeypatch.setattr(many, "extract", slips)
    good, bad, also = many.extract_all(load_catalogue(), {}, documents)
    assert good.rows["performance"] and also.rows["performance"]
    [told] = bad.unread
    assert (told.text, "KeyError" in told.reason, bad.rows["performance"]) == ("bad", True, [])


def test_processes_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    documents: list[many.Document] = []
    for number in range(1, 6):
        page = reading.read(f"{number}.txt", PAGE.format(number=number).encode())
        assert not isinstance(page, reading.Refusal)
        documents.append((Known(f"d{number}", latest=2020), [(1, None, page.blocks)]))
    catalogue, towns = load_catalogue(), {"GM0193": "Zwolle"}
    alone = list(many.extract_all(catalogue, towns, documents))
    assert [row["code"] for one in alone for row in one.rows["performance"]] == [
        f"5.1.{number}" for number in range(1, 6)
    ]
    assert all(one.rows["evidence"] for one in alone)
    monkeypatch.setattr(many, "FEWEST", 2)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    assert list(many.extract_all(catalogue, towns, documents)) == alone


def test_shares_and_hectares_become_rows_and_their_parties_are_named() -> None:
    said = (
        "Aandeelhouders van RBT zijn Almelo (60%) en Borne (40%). Er is 3 ha verkocht: 1 ha aan een "
        "veiling en 2 ha aan een bakker."
    )
    text = PAGE.format(number=1).replace("Dit is", f"{said}\n\nDit is")
    page = reading.read("1.txt", text.encode())
    assert not isinstance(page, reading.Refusal)
    [one] = many.extract_all(load_catalogue(), {}, [(Known("d"), [(1, None, page.blocks)])])
    assert [(row["performance_code"], row["value"]) for row in one.rows["quantity"]] == [
        ("5.1.1", value) for value in (60.0, 40.0, 3.0, 1.0, 2.0)
    ]
    assert len({row["quantity_id"] for row in one.rows["quantity"]}) == 5
    assert {row["document_id"] for row in one.rows["quantity"]} == {"d"}
    assert {"gemeente-almelo", "gemeente-borne"} <= one.organisations
