"""Many documents give the same records in several processes as in one."""

from __future__ import annotations

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
