"""The yearly list of all addresses by postcode, house number and neighbourhood, some 8 million lines.

It is never in memory whole: block by block its lines are counted to one row a postcode and
neighbourhood. House numbers are not read.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import IO, TYPE_CHECKING

from assets.catalogue.models import Supplier
from assets.sources import zipped
from assets.sources.errors import ContractBroken, Refused

if TYPE_CHECKING:
    import polars as pl

PIECE = 16 * 1024 * 1024
"""Bytes that are in memory as text at a time."""
LIST = re.compile(r"(?i)pc6.*\.csv")
"""Name of the list in its zip, beside which lists of names may lie."""
COLUMNS = ("postcode", "neighbourhood_code")
POSTCODE, NEIGHBOURHOOD = r"^[1-9]\d{3}[A-Z]{2}$", r"^\d{4}[0-9A-Z]{4}$"
WRONG = 0.001
"""Share of lines that may be no address before the whole list is refused."""


def read(
    name: str, edition: str, body: bytes, supplier: Supplier
) -> tuple[pl.DataFrame, list[str]]:
    """`postcode`, `neighbourhood_code` (eight positions), `addresses`, in order; and remarks.

    Headers in the supplier's columns may have `{edition}` in them. Raises ContractBroken where a
    column is not there or its content has another form, Refused for what is no such list.
    """
    import polars as pl

    counts: list[pl.DataFrame] = []
    lines = wrong = 0
    example = ""
    with _opened(name, body) as stream:
        header = stream.readline(PIECE)
        delimiter, places = _places(name, edition, header, supplier)
        width = header.count(delimiter.encode()) + 1
        for block in _blocks(stream):
            found = _addresses(name, block, delimiter, width, places)
            sound = found.filter(pl.col("sound"))
            lines += found.height
            wrong += found.height - sound.height
            if not example and sound.height < found.height:
                first = found.filter(~pl.col("sound")).row(0, named=True)
                example = (
                    f"postcode {first['postcode']}, neighbourhood {first['neighbourhood_code']}"
                )
            counts.append(_counted(sound, pl.len()))
    if not lines:
        raise Refused(f"{name}: expected a header and lines, came no line")
    if wrong > WRONG * lines:
        raise ContractBroken(
            f"{name}: expected postcodes such as 7521AB and neighbourhoods of eight positions such "
            f"as 01530703, of {lines} lines {wrong} have another form: {example}; a zero in front "
            "is lost where a program took the codes for numbers, so take the file as published"
        )
    rows = _counted(pl.concat(counts), pl.col("addresses").sum())
    remarks = [f"{lines} addresses, counted to {rows.height} postcodes by neighbourhood"]
    if wrong:
        remarks.append(f"{wrong} lines left out that are no address, as {example}")
    return rows.sort("postcode", "neighbourhood_code"), remarks


def _counted(rows: pl.DataFrame, how: pl.Expr) -> pl.DataFrame:
    import polars as pl

    return rows.group_by("postcode", "neighbourhood_code").agg(addresses=how.cast(pl.Int64))


@contextmanager
def _opened(name: str, body: bytes) -> Iterator[IO[bytes]]:
    """The list in what came, which may be a zip around it. Raises Refused."""
    if not body.startswith(zipped.START):
        yield io.BytesIO(body)
        return
    with zipped.opened(name, io.BytesIO(body), _is_list, "one list of addresses (pc6....csv)") as (
        stream,
        _,
    ):
        yield stream


def _is_list(member: str) -> bool:
    return bool(LIST.match(PurePosixPath(member).name))


def _blocks(stream: IO[bytes]) -> Iterator[bytes]:
    """What follows the header in blocks of whole lines."""
    left = b""
    while piece := stream.read(PIECE):
        block, newline, rest = (left + piece).rpartition(b"\n")
        left = rest
        if newline:
            yield block
    if left.strip():
        yield left


def _places(
    name: str, edition: str, header: bytes, supplier: Supplier
) -> tuple[str, dict[str, int]]:
    """The delimiter, and our column -> its place. Raises ContractBroken."""
    text = header.decode("utf-8-sig", "replace").strip()
    delimiter = max((";", ","), key=text.count)
    said = [title.strip().casefold() for title in next(csv.reader([text], delimiter=delimiter), [])]
    places: dict[str, int] = {}
    for ours in COLUMNS:
        declared = supplier.columns.get(ours)
        titles = [title.format(edition=edition) for title in declared.header] if declared else []
        theirs = next((title for title in titles if title.casefold() in said), None)
        if theirs is None:
            raise ContractBroken(
                f"{name}: expected a column {' or '.join(titles) or ours} for `{ours}`, came "
                f"{text[:200]!r}; correct the year in the name of the file, or add the header to "
                "the supplier in the catalogue"
            )
        places[ours] = said.index(theirs.casefold())
    return delimiter, places


def _addresses(
    name: str, block: bytes, delimiter: str, width: int, places: dict[str, int]
) -> pl.DataFrame:
    """The lines of a block: `postcode`, `neighbourhood_code`, and whether they are `sound`."""
    import polars as pl

    block = block.rstrip(b"\r\n\x1a")
    if block.count(delimiter.encode()) != (width - 1) * (block.count(b"\n") + 1):
        raise Refused(
            f"{name}: a line has another number of fields than the {width} of the header; the file "
            "is damaged, ask for it again"
        )
    try:
        frame = pl.read_csv(
            block,
            separator=delimiter,
            has_header=False,
            infer_schema=False,
            columns=sorted(set(places.values())),
        )
    except pl.exceptions.PolarsError as error:
        raise Refused(f"{name}: the list cannot be read ({error!s:.120})") from error
    frame.columns = sorted(places, key=places.__getitem__)
    said = {ours: pl.col(ours).str.strip_chars() for ours in places}
    return frame.select(
        postcode=said["postcode"].str.replace(" ", "", literal=True).str.to_uppercase(),
        neighbourhood_code=said["neighbourhood_code"].str.to_uppercase(),
    ).select(
        "postcode",
        "neighbourhood_code",
        sound=(
            pl.col("postcode").str.contains(POSTCODE)
            & pl.col("neighbourhood_code").str.contains(NEIGHBOURHOOD)
        ).fill_null(False),
    )
