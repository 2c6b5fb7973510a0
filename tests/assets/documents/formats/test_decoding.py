"""Charsets: who is believed, what is recorded, what is flagged and what is never repaired."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.documents.formats import decoding
from assets.documents.formats.decoding import decode, in_one_line, mojibake, normalise
from assets.documents.wordings import MOJIBAKE
from tests.cost import assert_linear

WORDS = "Financiën: één coöperatie, € 5"


@pytest.mark.parametrize(
    ("body", "how", "expected"),
    [
        (b"\xef\xbb\xbf" + WORDS.encode(), {"content_type": "text/html; charset=latin1"}, ("utf-8", "bom")),
        (b"\xff\xfe" + WORDS.encode("utf-16-le"), {}, ("utf-16-le", "bom")),
        (b"\xfe\xff" + WORDS.encode("utf-16-be"), {}, ("utf-16-be", "bom")),
        (b"\xff\xfe\0\0" + WORDS.encode("utf-32-le"), {}, ("utf-32-le", "bom")),
        (WORDS.encode("cp1252"), {"content_type": 'text/html; Charset="ISO-8859-1"'}, ("windows-1252", "http")),
        (WORDS.encode("iso-8859-15"), {"content_type": "text/plain;charset=iso-8859-15"}, ("iso-8859-15", "http")),
        (WORDS.encode(), {}, ("utf-8", "utf-8")),
        (WORDS.encode("cp1252"), {}, ("windows-1252", "guess")),
        (b"", {}, ("utf-8", "utf-8")),
    ],
)  # fmt: skip
def test_the_charset_and_whence_it_is(
    body: bytes, how: dict[str, str], expected: tuple[str, str]
) -> None:
    said = decode(body, **how)  # type: ignore[arg-type]
    assert (said.charset, said.charset_from) == expected
    assert said.text == (WORDS if body else "")
    assert said.disregarded == ()


def test_a_page_names_its_own_charset_and_only_a_page() -> None:
    body = b'<meta charset="windows-1252"><p>Financi\xebn'
    assert decode(body, markup=True).charset_from == "meta"
    assert decode(body).charset_from == "guess"
    old = b'<META http-equiv=Content-Type content="text/html; charset=iso-8859-1"> \xeb'
    assert (decode(old, markup=True).charset, decode(old, markup=True).text[-1]) == (
        "windows-1252",
        "ë",
    )
    late = b" " * 5000 + body
    assert decode(late, markup=True).charset_from == "guess"


def test_utf_16_in_a_meta_is_utf_8_because_it_could_not_be_read_otherwise() -> None:
    assert decode(b"<meta charset=utf-16>" + WORDS.encode(), markup=True).text.endswith(WORDS)


@pytest.mark.parametrize(
    "declared", ["utf-8", "utf-7", "hex", "base64", "idna", "koi-nonsense", "utf-16"]
)
def test_what_is_declared_wrongly_is_disregarded_and_told(declared: str) -> None:
    said = decode(b"Financi\xebn.", content_type=f"text/html; charset={declared}")
    assert (said.text, said.charset, said.charset_from) == ("Financiën.", "windows-1252", "guess")
    assert said.disregarded == (declared,)


def test_a_declared_charset_wins_from_valid_utf_8_and_the_damage_is_flagged() -> None:
    said = decode("Financiën".encode(), content_type="text/html; charset=windows-1252")
    assert said.charset_from == "http"
    assert mojibake(said.text) == 1


@given(st.binary(max_size=300), st.sampled_from([None, "text/html; charset=utf-8", "charset=x"]))
def test_any_bytes_have_a_text(body: bytes, content_type: str | None) -> None:
    said = decode(body, content_type=content_type, markup=True)
    said.text.encode()  # no half characters


@given(st.text(max_size=200))
def test_normalising_twice_is_normalising_once(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    line = in_one_line(text)
    assert in_one_line(line) == line
    assert not set(line) & set("\n\t\r\xa0\xad\u200b\x00\x85\u2028\ufeff")


def test_the_quick_look_misses_no_character() -> None:
    for code in (*range(0x3100), *range(0xFE00, 0x10000), *range(0xE0000, 0xE0100)):
        character = chr(code)
        changed = normalise(f"a{character}b") != f"a{character}b"
        assert changed == bool(
            decoding._BREAKS.search(character) or character == "\f"
            or decoding._BLANKS.search(character) or decoding._NOTHING.search(character)
        )  # fmt: skip


def test_what_is_normalised_and_nothing_else() -> None:
    assert normalise("a\r\nb\rc\x85d\u2028e\ff") == "a\nb\nc\nd\ne\n\nf"
    assert normalise("a\xa0b\u202fc\u2009d\te") == "a b c d\te"
    assert normalise("ont\xadwik\u200bke\ufeffling\x07 \u202egnilek\u202c") == "ontwikkeling gnilek"
    kept = "Ã« ƫ – ‘aanhaling’ “x” € ½ é e\u0301 😀 \ufffd"
    assert normalise(kept) == kept


@pytest.mark.parametrize("wrong", MOJIBAKE)
def test_every_known_sequence_is_flagged_once(wrong: str) -> None:
    assert mojibake(f"Financi{wrong}n") == 1


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Financiƫn en (potentiƫle)", 2),
        ("ƫ", 0),  # a letter of its own language
        (WORDS, 0),
        ("één ‘coöperatie’ – Île-de-France, À la carte, SÃO PAULO, Ăsta, naïef", 0),
        ("Financi\ufffdn", 1),
        ("€ 5 â‚¬ 5", 1),
        ("Ã–sterreich, Ã\xa0", 2),
        ("0,5 Â°C", 1),
        ("", 0),
    ],
)
def test_only_what_looks_garbled_is_counted(text: str, count: int) -> None:
    assert mojibake(text) == count


@given(st.text("éèëïöü‘’“–€ç", min_size=1, max_size=20))
def test_utf_8_read_as_windows_1252_is_flagged(text: str) -> None:
    garbled = text.encode().decode("cp1252", "replace")
    assert mojibake("x" + garbled) >= 1
    assert mojibake(text) == 0


@pytest.mark.parametrize(
    "piece", ["Ã", "â", "â€", "ƫ", "Â ", "\ufffd", "\r", "\xa0", "\u200b", "aƫ"]
)
def test_a_megabyte_of_anything_takes_a_moment(piece: str) -> None:
    def work(size: int) -> None:
        text = piece * (size // len(piece))
        mojibake(text), normalise(text)

    assert_linear(work, 1_000_000)


def test_a_megabyte_of_unfinished_metas_takes_a_moment() -> None:
    def work(size: int) -> None:
        decode(b"<meta charset" * size, markup=True, content_type="charset" * size)

    assert_linear(work, 80_000)
