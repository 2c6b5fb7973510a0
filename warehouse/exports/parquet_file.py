"""A table as a Parquet file: texts and numbers as they are, with the dictionary's comments on board."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from warehouse.exports.relations import Relation

if TYPE_CHECKING:
    import polars as pl

ENDING = "parquet"


class ParquetFile:
    """Written frame by frame; `path` holds the whole table once `close` has returned.

    `facts` (publication and the like) become metadata of the file, comments that of its columns.
    """

    def __init__(self, path: Path, relation: Relation, facts: dict[str, str]) -> None:
        import polars as pl
        import pyarrow as pa
        import pyarrow.parquet as pq

        plain = pl.DataFrame(schema=relation.polars_schema()).to_arrow().schema
        self._schema = pa.schema(
            [
                field.with_metadata({"comment": column.comment})
                for field, column in zip(plain, relation.columns, strict=True)
            ],
            metadata=facts | {"comment": relation.comment},
        )
        self._writer = pq.ParquetWriter(path, self._schema, compression="zstd")

    def write(self, frame: pl.DataFrame) -> None:
        """Add the rows of `frame`."""
        self._writer.write_table(frame.to_arrow().cast(self._schema))

    def close(self) -> None:
        """Finish the file."""
        self._writer.close()
