"""A table as CBS OData v3 publishes it, with the copies that tests need of it.

Here: `V3Table`, its sets as rows, and the changes a publisher makes to a table over time.
Not here: how a request chooses among the rows (`cbs_v3.py`), where real tables lie (`shared.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Final

import polars as pl

from tests.publishers import shared
from tests.publishers.odata_page import Frame, Records, Rows

DATA_SETS: Final = ("TypedDataSet", "UntypedDataSet")
FIXED_SETS: Final = ("TableInfos", *reversed(DATA_SETS), "DataProperties", "CategoryGroups")
DIMENSION_KINDS: Final = ("Dimension", "TimeDimension", "GeoDimension", "GeoDetail")

# Members that a property of each kind has; what is not named here is absent from the document.
_COMMON: Final = ("odata.type", "ID", "ParentID", "Type", "Key", "Title", "Description")
_MEMBERS: Final = {
    "TopicGroup": _COMMON,
    "Topic": (
        *_COMMON, "Position", "Datatype", "Unit", "Decimals", "Default", "PresentationType",
    ),
    "GeoDimension": (*_COMMON, "Position", "MapYear"),
    "GeoDetail": (*_COMMON, "Position", "MapYear"),
    "TimeDimension": (*_COMMON, "Position", "ReleasePolicy"),
    "Dimension": (*_COMMON, "Position"),
}  # fmt: skip

# TableInfos tells about the table itself; these members are the catalogue's own.
_CATALOG_ONLY: Final = frozenset(
    {"Updated", "ApiUrl", "FeedUrl", "RecordCount", "ColumnCount", "SummaryAndLinks"}
)
_NO_GROUPS: Final = pl.DataFrame(
    schema={
        "ID": pl.Int64,
        "DimensionKey": pl.String,
        "Title": pl.String,
        "Description": pl.String,
        "ParentID": pl.Int64,
    }
)
_UNTYPED_WIDTH: Final = 8


@dataclass(frozen=True, eq=False)
class V3Table:
    """One table: its catalogue row, its columns, its code lists, its rows.

    Keys are padded as the publisher pads them; a null in a frame becomes a null in JSON. What the
    catalogue row says (RecordCount, Modified) is served as given, true or not.
    """

    identifier: str
    catalog_row: Mapping[str, Any]
    properties: pl.DataFrame
    dimensions: Mapping[str, pl.DataFrame]
    rows: pl.DataFrame
    category_groups: pl.DataFrame | None = None
    _pages: dict[tuple[str, int, int], bytes] = field(default_factory=dict, init=False, repr=False)

    @classmethod
    def from_shared(cls, identifier: str, keep: pl.Expr | None = None) -> V3Table:
        """A real table from the shared data, whole or the rows that `keep` lets through."""
        found = shared.v3_files(identifier)
        properties = found.frame("DataProperties")
        names = properties.filter(pl.col("Type").is_in(DIMENSION_KINDS))["Key"].to_list()
        table = cls(
            identifier=identifier,
            catalog_row=found.record("Metadata"),
            properties=properties,
            dimensions={name: found.frame(name) for name in names},
            rows=found.frame("TypedDataSet"),
            category_groups=found.frame("CategoryGroups") if found.has("CategoryGroups") else None,
        )
        return table if keep is None else table._with_rows(table.rows.filter(keep))

    # --- what is served

    @property
    def sets(self) -> tuple[str, ...]:
        """Names of the entity sets, in the order of the service document."""
        return (*FIXED_SETS, *self.dimensions)

    def rows_of(self, name: str) -> Rows:
        """The rows of one entity set."""
        match name:
            case "TypedDataSet":
                return Frame(self.rows)
            case "UntypedDataSet":
                return Frame(self.untyped)
            case "TableInfos":
                return Records([self._table_info()])
            case "DataProperties":
                return Records(self._property_records())
            case "CategoryGroups":
                return Frame(
                    self.category_groups if self.category_groups is not None else _NO_GROUPS
                )
        return Frame(self.dimensions[name])

    def page_json(self, name: str, start: int, size: int) -> bytes:
        """One unfiltered page as a JSON array, rendered once."""
        key = (name, start, size)
        if key not in self._pages:
            self._pages[key] = self.rows_of(name).cut(start, size).json()
        return self._pages[key]

    @cached_property
    def untyped(self) -> pl.DataFrame:
        """The rows as UntypedDataSet gives them: text, numbers to the right, `.` for a null."""
        decimals = dict(self.properties.select("Key", "Decimals").iter_rows())
        return self.rows.select(
            pl.col(name)
            if name == "ID" or name in self.dimensions
            else _as_text(name, dtype, decimals.get(name))
            for name, dtype in self.rows.schema.items()
        )

    @property
    def topics(self) -> frozenset[str]:
        """Columns that are neither the row number nor a dimension: no filter may name them."""
        return frozenset(self.rows.columns) - {"ID", *self.dimensions}

    @property
    def time_dimensions(self) -> frozenset[str]:
        """Dimensions that are periods, the only ones on which `ge` and its kin work."""
        periods = self.properties.filter(pl.col("Type") == "TimeDimension")["Key"]
        return frozenset(periods.to_list())

    def _table_info(self) -> dict[str, Any]:
        info = {k: v for k, v in self.catalog_row.items() if k not in _CATALOG_ONLY}
        info.setdefault("Description", info.get("ShortDescription", ""))
        return info

    def _property_records(self) -> list[dict[str, Any]]:
        records = []
        for row in self.properties.rename({"odata_type": "odata.type"}, strict=False).to_dicts():
            members = _MEMBERS[row["Type"]]
            records.append({name: value for name, value in row.items() if name in members})
        return records

    # --- what a publisher does to a table

    def with_cell(self, row_filter: pl.Expr, column: str, value: object) -> V3Table:
        """A copy with one column changed in the rows that the filter finds (at least one)."""
        if self.rows.filter(row_filter).is_empty():
            raise ValueError(f"no row of {self.identifier} matches {row_filter}")
        changed = pl.lit(value, dtype=self.rows.schema[column])
        cell = pl.when(row_filter).then(changed).otherwise(pl.col(column)).alias(column)
        return replace(self, rows=self.rows.with_columns(cell))

    def with_modified(self, iso: str) -> V3Table:
        """A copy that says it was published at another moment; the rows are the same."""
        dates = ("Updated", "Modified", "MetaDataModified")
        row = {k: iso if k in dates else v for k, v in self.catalog_row.items()}
        copy = replace(self, catalog_row={**row, "Modified": iso})
        copy._pages.update({k: v for k, v in self._pages.items() if k[0] != "TableInfos"})
        return copy

    def a_day_later(self) -> V3Table:
        """A copy that says it was published a day after this one."""
        modified = datetime.fromisoformat(str(self.catalog_row["Modified"]))
        return self.with_modified((modified + timedelta(days=1)).isoformat())

    def renamed(self, old_key: str, new_key: str, new_title: str) -> V3Table:
        """A copy in which a column has another key and title, as from one year to the next."""
        if old_key not in self.rows.columns:
            raise ValueError(f"{self.identifier} has no column {old_key!r}")
        here = pl.col("Key") == old_key
        titles = pl.when(here).then(pl.lit(new_title)).otherwise("Title").alias("Title")
        keys = pl.when(here).then(pl.lit(new_key)).otherwise("Key").alias("Key")
        groups = self.category_groups
        if groups is not None:
            of_dimension = pl.col("DimensionKey").replace(old_key, new_key)
            groups = groups.with_columns(of_dimension)
        return replace(
            self,
            rows=self.rows.rename({old_key: new_key}),
            properties=self.properties.with_columns(titles, keys),
            dimensions={new_key if k == old_key else k: v for k, v in self.dimensions.items()},
            category_groups=groups,
        )

    def without_rows(self, share: float) -> V3Table:
        """A copy that lacks this share of the rows, evenly spread; RecordCount agrees."""
        place = pl.int_range(pl.len())
        dropped = ((place + 1) * share).floor() > (place * share).floor()
        return self._with_rows(self.rows.filter(~dropped))

    def _with_rows(self, rows: pl.DataFrame) -> V3Table:
        row = {**self.catalog_row, "RecordCount": rows.height}
        return replace(self, rows=rows, catalog_row=row)


def _as_text(name: str, dtype: pl.DataType, decimals: int | None) -> pl.Expr:
    """A topic as text, at least eight wide with figures to the right."""
    column = pl.col(name)
    if dtype == pl.String:
        return column.fill_null(".")
    if dtype.is_float() and decimals is not None:
        column = column.round(decimals).cast(pl.Decimal(38, decimals))
    text = column.cast(pl.String).fill_null(".")
    return text.str.pad_start(text.str.len_chars().max().clip(lower_bound=_UNTYPED_WIDTH))
