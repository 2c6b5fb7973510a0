"""PDF: paragraphs out of lines, headers and footers left out, and nothing that can take us down."""

from __future__ import annotations

import zlib

import pytest

from assets.documents.blocks import Unreadable
from assets.documents.formats.pdf_pages import Line, paragraphs, read
from tests.assets.documents.pdf_bytes import Placed, pdf, stream, with_contents

LEFT = 70.0


def down(*texts: str, start: float = 700, step: float = 14) -> list[Placed]:
    """Lines one below the other."""
    return [(LEFT, start - step * place, 11, 0, text) for place, text in enumerate(texts)]


def texts(body: bytes) -> list[str]:
    """The texts of the blocks."""
    return [block.text for block in read(body)[1]]


def test_lines_that_were_broken_for_want_of_room_are_one_paragraph() -> None:
    page: list[Placed] = [
        (LEFT, 760, 16, 1, "5.1.2 Terreinen van de toekomst"),
        *down(
            "In dit verzonnen jaar werkte de provincie met de gemeenten aan de ontwik-",
            "keling van vier terreinen. Ook is er voor het woon- en werkklimaat, de woon-",
            "en leefomgeving, en voor de financiën van één terrein wat gedaan door",
            "velen.",
            "Rol provincie:",
            "Regisseur.",
        ),
    ]
    title, blocks = read(pdf([page], title="Jaarverslag Voorbeeld"))
    assert title == "Jaarverslag Voorbeeld"
    assert {block.kind for block in blocks} == {"line"}
    assert [(block.text, block.gap) for block in blocks] == [
        ("5.1.2 Terreinen van de toekomst", True),
        (
            "In dit verzonnen jaar werkte de provincie met de gemeenten aan de ontwikkeling van vier "
            "terreinen. Ook is er voor het woon- en werkklimaat, de woon- en leefomgeving, en voor de "
            "financiën van één terrein wat gedaan door velen.",
            True,
        ),
        ("Rol provincie:", False),
        ("Regisseur.", False),
    ]


def test_short_lines_lists_headings_and_tables_are_not_joined() -> None:
    full = "Een regel die de hele breedte van de bladzijde vult met woorden en zo"
    rows = [(LEFT, 300, 11, 0, "Lasten"), (300, 300, 11, 0, "63.274"), (440, 300, 11, 0, "61.724"),
            (LEFT, 286, 11, 0, "Baten"), (300, 286, 11, 0, "1.274"), (440, 286, 11, 0, "1.724")]  # fmt: skip
    body = pdf(
        [
            [
                *down(
                    full,
                    "1. eerste actie",
                    "2. tweede actie",
                    "5.1.3 Volgende",
                    "Korte regel",
                    "nog een",
                ),
                *rows,
            ]
        ]
    )
    assert texts(body) == [
        full, "1. eerste actie", "2. tweede actie", "5.1.3 Volgende", "Korte regel", "nog een",
        "Lasten 63.274 61.724", "Baten 1.274 1.724",
    ]  # fmt: skip


def test_headers_and_footers_that_repeat_are_left_out() -> None:
    pages = [
        [
            (LEFT, 810.0, 9.0, 0, "Jaarverslag van een verzonnen provincie"),
            *down(f"Dit is de {word} bladzijde.", "Geen afwijking."),
            (300.0, 30.0, 9.0, 0, f"Pagina {number} van 4"),
        ]
        for number, word in enumerate(["eerste", "tweede", "derde", "vierde"], start=1)
    ]
    assert texts(pdf(pages)) == [
        text
        for word in ("eerste", "tweede", "derde", "vierde")
        for text in (f"Dit is de {word} bladzijde.", "Geen afwijking.")
    ]
    assert "Pagina" not in " ".join(texts(pdf(pages[:3])))
    assert len(texts(pdf(pages[:2]))) == 8


def test_a_sentence_goes_on_on_the_next_page() -> None:
    full = "Deze zin vult de laatste regel van de bladzijde en gaat verder met een heel erg"
    assert texts(pdf([down("x", full), down("lang vervolg.", "Nieuw.")])) == [
        "x", f"{full} lang vervolg.", "Nieuw.",
    ]  # fmt: skip
    assert texts(pdf([down("x", full), down("Lang vervolg.")])) == ["x", full, "Lang vervolg."]


def test_lines_of_a_turned_page_stay_as_they_are() -> None:
    full = "Een regel die de hele breedte van de bladzijde vult met woorden en zo"
    assert sorted(texts(pdf([down(full, "vervolg")], rotate=90))) == [full, "vervolg"]


def test_every_line_comes_out_in_order_whatever_the_places() -> None:
    lines = [
        Line(f"w{i}", i * 37 % 500, i * 37 % 500 + 20, i * 53 % 800, 12, False, False)
        for i in range(200)
    ]
    got = " ".join(block.text for block in paragraphs([lines[:90], lines[90:], []])).split()
    assert got == [line.text for line in lines]
    assert paragraphs([]) == ()


def test_a_title_that_a_program_made_is_none() -> None:
    assert read(pdf([down("x")], title="Microsoft Word - concept.docx"))[0] is None
    assert read(pdf([down("x")]))[0] is None


def test_what_cannot_be_read_is_refused_with_what_to_do() -> None:
    whole = pdf([down("x")])
    for body, reason in [
        (b"%PDF-1.4\n" + b"junk" * 100, "damaged or cut off; fetch it again"),
        (whole[:60], "damaged"),
        (b"%PDF-", "damaged"),
        (pdf([[], []]), "the 2 pages of this PDF have none: it is probably scanned"),
        (pdf([]), "the 0 pages|damaged"),
        (pdf([[]] * 3001), "at most 3,000 pages"),
        (
            pdf([down("x")], trailer="/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 "
                f"/O <{'00' * 32}> /U <{'11' * 32}> >> /ID [<00> <00>]"),
            "asks for a password; drop a copy without one",
        ),
    ]:  # fmt: skip
        with pytest.raises(Unreadable, match=reason):
            read(body)


def bomb(megabytes: int) -> bytes:
    """A page whose contents unpack to many megabytes of texts."""
    packer = zlib.compressobj(9)
    start = packer.flush(zlib.Z_FULL_FLUSH)
    piece = b"BT /F0 9 Tf 1 0 0 1 9 9 Tm (aaaaaaaaaaaaaaaaaaaaaaaaaaaaa) Tj ET\n" * 16_000
    # After a full flush a piece stands by itself, so that it can be repeated as it is.
    packed = packer.compress(piece) + packer.flush(zlib.Z_FULL_FLUSH)
    return with_contents([stream(start + packed * megabytes, b"/Filter /FlateDecode")])


@pytest.mark.parametrize("megabytes", [20, 200])
def test_a_bomb_is_stopped(megabytes: int) -> None:
    with pytest.raises(Unreadable, match=r"takes more or breaks the reader; print it|characters"):
        read(bomb(megabytes))
