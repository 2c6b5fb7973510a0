"""The bulk file of the trade register (www.kvk.nl): one zip with one CSV, refreshed daily.

Here: the download with its validators. Not here: the paid APIs and the one-company HVDS API.
"""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Final

from tests.publishers.server import Publisher
from tests.publishers.wire import Answer, Request

BULK_NAME: Final = "kvk-open-dataset-basis-bedrijfsgegevens"
BULK_PATH: Final = f"/download/{BULK_NAME}.zip"
COLUMNS: Final = (
    "Datum aanvang",
    "Actief",
    "Insolventie",
    "Rechtsvorm",
    "Postcode regio",
    "SBI activiteiten",
    "Hoofdactiviteiten",
    "Lidstaat",
)
_WHEN: Final = datetime(2026, 8, 4, 4, 0, tzinfo=UTC)


class Kvk(Publisher):
    """The download site of the trade register."""

    def __init__(self, *, gzip: bool = False) -> None:
        super().__init__(gzip=gzip)
        self._file: Answer | None = None

    def put_bulk(
        self,
        content: bytes | Iterable[Sequence[str] | Mapping[str, str]],
        modified: datetime = _WHEN,
    ) -> None:
        """Publish the bulk file: the bytes of the CSV, or its rows without the header."""
        body = content if isinstance(content, bytes) else csv_of(content)
        packed = io.BytesIO()
        # The time inside the zip is the publisher's, so that the same input gives the same bytes.
        entry = zipfile.ZipInfo(f"{BULK_NAME}.csv", _utc(modified).timetuple()[:6])
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.external_attr = 0o644 << 16
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr(entry, body)
        self.put_file(packed.getvalue(), modified)

    def put_file(self, content: bytes, modified: datetime = _WHEN) -> None:
        """Publish these bytes as the zip, whatever they are."""
        self._file = Answer(
            200,
            {
                "Content-Type": "application/zip",
                "Content-Disposition": f'attachment; filename="{BULK_NAME}.zip"',
                "ETag": f'"{hashlib.sha256(content).hexdigest()[:32]}"',
                "Last-Modified": format_datetime(_utc(modified), usegmt=True),
                "Cache-Control": "public, max-age=0",
            },
            (content,),
        )

    def remove(self) -> None:
        """Take the file away: 404 from then on."""
        self._file = None

    def answer(self, request: Request) -> Answer:
        """The file, or 404."""
        if request.path == BULK_PATH and self._file is not None:
            return self._file
        page = "<!DOCTYPE html><html><body><h1>Pagina niet gevonden</h1></body></html>"
        return Answer(404, {"Content-Type": "text/html; charset=utf-8"}, (page.encode(),))


def csv_of(rows: Iterable[Sequence[str] | Mapping[str, str]]) -> bytes:
    """The CSV of the bulk file: `;` between the fields, every field quoted."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([row[name] for name in COLUMNS] if isinstance(row, Mapping) else row)
    return text.getvalue().encode()


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
