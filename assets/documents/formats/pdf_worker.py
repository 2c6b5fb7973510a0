"""Reads one PDF in a process of its own, which may be killed: bytes on standard input, lines of text
as JSON on standard output.

It is started by its path, not as a module of the project, so that it holds no more than it needs.
Arguments: seconds of processor time, megabytes of memory beside the file itself.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import resource
import signal
import sys
from typing import Any

MAX_PAGES = 3_000
MAX_CHARACTERS = 4_000_000
"""Of the whole document; an annual report of 350 pages has one million."""
WIDE = 1.6
"""A blank wider than this many times the height of the letters stands between columns."""
BOLD = 600
MISSING_GLYPH = "\ufffd"
HYPHEN = 2
"""How the library gives the hyphen with which a line ends; after it comes no break."""


def confine(seconds: float, megabytes: int) -> None:
    """Bound this process: time, memory, no files, no core dump."""
    signal.setitimer(signal.ITIMER_PROF, seconds)  # ends the process, also inside the library
    with contextlib.suppress(ValueError, OSError):  # not every system bounds addresses
        resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 2))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def read(body: bytes) -> dict[str, Any]:
    """Pages of lines; or `refused` with a word for why."""
    import pypdfium2 as pdfium
    from pypdfium2 import raw

    try:
        document = pdfium.PdfDocument(body)
    except pdfium.PdfiumError:
        encrypted = raw.FPDF_GetLastError() in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)
        return {"refused": "encrypted" if encrypted else "damaged"}
    if len(document) > MAX_PAGES:
        return {"refused": "long"}
    pages = []
    count = 0
    for number in range(len(document)):
        try:
            page = document[number]
            text = page.get_textpage()
        except pdfium.PdfiumError:
            return {"refused": "damaged"}
        count += text.count_chars()
        if count > MAX_CHARACTERS:
            return {"refused": "long"}
        pages.append(lines(raw, text.raw, upright=page.get_rotation() == 0))
        text.close()
        page.close()
    title = document.get_metadata_value("Title")
    return {"pages": pages, "title": title}


def lines(raw: Any, page: Any, *, upright: bool) -> list[list[Any]]:
    """The lines of a page: text, left, right, baseline, height (points), bold, whether it has a wide
    blank in it. Of a page that is turned the places say nothing and are all zero."""
    codes = [raw.FPDFText_GetUnicode(page, place) for place in range(raw.FPDFText_CountChars(page))]
    made = []
    start = 0
    for place, code in enumerate([*codes, 10]):
        if code not in (10, 13, HYPHEN):
            continue
        first, last = start, place if code == HYPHEN else place - 1
        start = place + 1
        while first <= last and codes[first] <= 32:
            first += 1
        while last >= first and codes[last] <= 32 and codes[last] != HYPHEN:
            last -= 1
        if first > last:
            continue
        where = _where(raw, page, codes, first, last) if upright else [0.0, 0.0, 0.0, 0.0, 0, 0]
        made.append([_text(codes[first : last + 1]), *where])
    return made


def _text(codes: list[int]) -> str:
    """Characters from what the library gives: UTF-16 in whole numbers; 0 and 0xFFFE are a sign of
    which the font does not say what it means."""
    units = "".join(
        "-" if code == HYPHEN else MISSING_GLYPH if code in (0, 0xFFFE, 0xFFFF) else chr(code)
        for code in codes
        if code <= 0x10FFFF
    )
    return units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _where(raw: Any, page: Any, codes: list[int], first: int, last: int) -> list[Any]:
    number = ctypes.c_double
    box = [number() for _ in range(4)]  # left, right, bottom, top
    origin = [number(), number()]
    raw.FPDFText_GetCharOrigin(page, first, *origin)
    loose = raw.FS_RECTF()
    raw.FPDFText_GetLooseCharBox(page, first, loose)
    height = abs(loose.top - loose.bottom)
    wide = 0
    for place in range(first + 1, last):
        if codes[place] == 32 and codes[place - 1] > 32 and codes[place + 1] > 32 and not wide:
            raw.FPDFText_GetCharBox(page, place - 1, *box)
            before = box[1].value
            raw.FPDFText_GetCharBox(page, place + 1, *box)
            wide = int(box[0].value - before > WIDE * height)
    raw.FPDFText_GetCharBox(page, last, *box)
    bold = int(raw.FPDFText_GetFontWeight(page, first) >= BOLD)
    return [origin[0].value, box[1].value, origin[1].value, height, bold, wide]


def main() -> None:
    """Read standard input, write standard output."""
    import pypdfium2  # noqa: F401 - before memory is bounded

    body = sys.stdin.buffer.read()
    confine(float(sys.argv[1]), int(sys.argv[2]) + (len(body) >> 20))
    sys.stdout.write(json.dumps(read(body)))
    sys.stdout.flush()


if __name__ == "__main__":
    main()
