"""PDFs written by hand, byte by byte: small, and with nothing in them that a test did not ask for."""

from __future__ import annotations

Placed = tuple[float, float, float, int, str]
"""Left and baseline in points, size, font (0 plain, 1 bold), text."""


def pdf(pages: list[list[Placed]], *, title: str = "", trailer: str = "", rotate: int = 0) -> bytes:
    """A PDF of A4 pages with these texts on them."""
    drawn = []
    for texts in pages:
        signs = b"BT\n"
        for left, baseline, size, font, text in texts:
            shown = text.encode("cp1252")
            for special in (b"\\", b"(", b")"):
                shown = shown.replace(special, b"\\" + special)
            signs += b"/F%d %g Tf 1 0 0 1 %g %g Tm (%s) Tj\n" % (font, size, left, baseline, shown)
        drawn.append(stream(signs + b"ET"))
    return with_contents(drawn, title=title, trailer=trailer, rotate=rotate)


def stream(content: bytes, said: bytes = b"") -> bytes:
    """A stream object."""
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), said, content)


def with_contents(
    drawn: list[bytes], *, title: str = "", trailer: str = "", rotate: int = 0
) -> bytes:
    """A PDF whose pages have these streams as their contents."""
    fonts = [
        b"<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /WinAnsiEncoding >>" % name
        for name in (b"Helvetica", b"Helvetica-Bold")
    ]
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"",
        *fonts,
        b"<< /Title (%s) >>" % title.encode(),
    ]
    kids = []
    for content in drawn:
        objects.append(content)
        page = b"/Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Rotate %d" % rotate
        resources = b"/Resources << /Font << /F0 3 0 R /F1 4 0 R >> >>"
        objects.append(b"<< %s %s /Contents %d 0 R >>" % (page, resources, len(objects)))
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    body = bytearray(b"%PDF-1.4\n")
    places = []
    for number, said in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, said)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    table += b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer << /Size %d /Root 1 0 R /Info 5 0 R %s >>\nstartxref\n%d\n%%%%EOF\n"
    return bytes(body) + table + end % (len(objects) + 1, trailer.encode(), len(body))
