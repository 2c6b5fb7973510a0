"""A table as CBS OData v4 publishes it: long observations and the code lists that explain them.

Here: `V4Table`, ready-made ones, and the changes a publisher makes to a table over time.
Not here: how a request chooses among the rows (`cbs_v4.py`), where real tables lie (`shared.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

import polars as pl

from tests.publishers import shared
from tests.publishers.odata_page import Frame, Rows

_GROUPS_SCHEMA: Final = {
    "Id": pl.String,
    "Index": pl.Int64,
    "Title": pl.String,
    "Description": pl.String,
    "ParentId": pl.String,
}
NO_GROUPS: Final = pl.DataFrame(schema=_GROUPS_SCHEMA)
_LEADING: Final = ("Id", "Measure", "ValueAttribute", "Value", "StringValue")


@dataclass(frozen=True, eq=False)
class V4Table:
    """One table: its properties, dimensions, measures, code lists and observations.

    ObservationCount is made to agree with the observations; `Id` and `ValueAttribute` are added to
    them where they lack.
    """

    identifier: str
    properties: Mapping[str, Any]
    dimensions: pl.DataFrame
    measures: pl.DataFrame
    measure_groups: pl.DataFrame
    codes: Mapping[str, pl.DataFrame]
    groups: Mapping[str, pl.DataFrame]
    observations: pl.DataFrame
    _pages: dict[tuple[str, int, int], bytes] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        frame = self.observations
        if "Id" not in frame.columns:
            frame = frame.with_row_index("Id").with_columns(pl.col("Id").cast(pl.Int64))
        if "ValueAttribute" not in frame.columns:
            frame = frame.with_columns(ValueAttribute=pl.lit("None"))
        leading = [name for name in _LEADING if name in frame.columns]
        frame = frame.select(*leading, pl.exclude(leading))
        counted = {**self.properties, "ObservationCount": frame.height}
        object.__setattr__(self, "observations", frame)
        object.__setattr__(self, "properties", counted)

    @classmethod
    def from_shared_metadata(cls, identifier: str, observations: pl.DataFrame) -> V4Table:
        """The real metadata of a table, with observations of the caller's making."""
        found = shared.v4_files(identifier)
        dimensions = found.frame("Dimensions")
        names = dimensions["Identifier"].to_list()
        properties = found.record("Metadata")
        properties.pop("@odata.context", None)
        return cls(
            identifier=identifier,
            properties=properties,
            dimensions=dimensions,
            measures=found.frame("MeasureCodes"),
            measure_groups=found.frame("MeasureGroups"),
            codes={name: found.frame(f"{name}Codes") for name in names},
            groups={name: found.frame(f"{name}Groups") for name in names},
            observations=observations,
        )

    @classmethod
    def establishments(
        cls,
        values: pl.DataFrame,
        *,
        identifier: str = "81575NED",
        measure: str = "M000200_2",
        modified: str = "2026-04-02T00:00:00+02:00",
        status: Mapping[str, str | None] | None = None,
        titles: Mapping[str, str] | None = None,
    ) -> V4Table:
        """Vestigingen van bedrijven, from RegioS, Perioden, BedrijfstakkenBranchesSBI2008, Value.

        `status` gives the status of a period (default: the last one Voorlopig, the rest
        Definitief), `titles` the title of a code (default: the code; a year for a period). A null
        value gets the attribute Impossible unless `values` has a ValueAttribute. The code of the
        measure in the real table is not known.
        """
        sectors, regions, periods = "BedrijfstakkenBranchesSBI2008", "RegioS", "Perioden"
        known_periods = sorted(values[periods].unique().to_list())
        default_status = dict.fromkeys(known_periods[:-1], "Definitief")
        default_status |= dict.fromkeys(known_periods[-1:], "Voorlopig")
        named = {"T001081": "A-U Alle economische activiteiten", **(titles or {})}
        named = {**{p: _period_title(p) for p in known_periods}, **named}
        attribute = pl.when(pl.col("Value").is_null()).then(pl.lit("Impossible"))
        observations = values.with_columns(
            Measure=pl.lit(measure),
            Value=pl.col("Value").cast(pl.Float64),
            ValueAttribute="ValueAttribute"
            if "ValueAttribute" in values.columns
            else attribute.otherwise(pl.lit("None")),
        ).select("Measure", "ValueAttribute", "Value", sectors, regions, periods)
        codes = {name: _codes(values[name], named) for name in (sectors, regions, periods)}
        codes[periods] = codes[periods].with_columns(
            Status=pl.col("Identifier").replace_strict(
                {**default_status, **(status or {})}, default=None, return_dtype=pl.String
            )
        )
        return cls(
            identifier=identifier,
            properties=_properties(identifier, modified, known_periods),
            dimensions=pl.DataFrame(
                [
                    (sectors, "Bedrijfstakken/branches (SBI 2008)", "", "Dimension", None, None),
                    (regions, "Regio's", "", "GeoDimension", "2026", None),
                    (periods, "Perioden", "", "TimeDimension", None, None),
                ],
                schema={
                    "Identifier": pl.String,
                    "Title": pl.String,
                    "Description": pl.String,
                    "Kind": pl.String,
                    "MapYear": pl.String,
                    "ReleasePolicy": pl.String,
                },
                orient="row",
            ),
            measures=pl.DataFrame(
                {
                    "Identifier": [measure],
                    "Index": [1],
                    "Title": ["Vestigingen"],
                    "Description": [""],
                    "MeasureGroupId": [None],
                    "DataType": ["Long"],
                    "Unit": ["aantal"],
                    "Format": [None],
                    "Decimals": [0],
                    "PresentationType": ["Absolute"],
                }
            ),
            measure_groups=NO_GROUPS,
            codes=codes,
            groups={name: _one_group(name) for name in codes},
            observations=observations,
        )

    # --- what is served

    @property
    def sets(self) -> tuple[str, ...]:
        """Names of the entity sets, in the order of the service document."""
        names: list[str] = ["MeasureGroups", "MeasureCodes", "Dimensions"]
        for dimension in self.dimensions["Identifier"]:
            names += [f"{dimension}Groups", f"{dimension}Codes"]
        return (*names, "Observations")

    def rows_of(self, name: str) -> Rows:
        """The rows of one entity set."""
        match name:
            case "MeasureGroups":
                return Frame(self.measure_groups)
            case "MeasureCodes":
                return Frame(self.measures)
            case "Dimensions":
                return Frame(self._described_dimensions())
            case "Observations":
                return Frame(self.observations)
        lists = self.codes if name.endswith("Codes") else self.groups
        return Frame(lists[name.removesuffix("Codes").removesuffix("Groups")])

    def page_json(self, name: str, start: int, size: int) -> bytes:
        """One unfiltered page as a JSON array, rendered once."""
        key = (name, start, size)
        if key not in self._pages:
            self._pages[key] = self.rows_of(name).cut(start, size).json()
        return self._pages[key]

    def _described_dimensions(self) -> pl.DataFrame:
        frame = self.dimensions
        kind = pl.concat_str(pl.lit("#Cbs.Ccb.Models."), "Kind").alias("@odata.type")
        flags = [
            pl.col("Identifier").is_in(list(lists)).alias(name)
            for name, lists in (("ContainsGroups", self.groups), ("ContainsCodes", self.codes))
            if name not in frame.columns
        ]
        return frame.select(kind, pl.all().exclude("@odata.type"), *flags)

    # --- what a publisher does to a table

    def with_cell(self, row_filter: pl.Expr, column: str, value: object) -> V4Table:
        """A copy with one column changed in the observations that the filter finds."""
        if self.observations.filter(row_filter).is_empty():
            raise ValueError(f"no observation of {self.identifier} matches {row_filter}")
        changed = pl.lit(value, dtype=self.observations.schema[column])
        cell = pl.when(row_filter).then(changed).otherwise(pl.col(column)).alias(column)
        return replace(self, observations=self.observations.with_columns(cell))

    def with_modified(self, iso: str) -> V4Table:
        """A copy that says it was published at another moment; the observations are the same."""
        version = datetime.fromisoformat(iso).strftime("%Y%m%d%H%M")
        properties = {**self.properties, "Modified": iso, "ObservationsModified": iso}
        copy = replace(self, properties={**properties, "Version": version})
        copy._pages.update(self._pages)
        return copy

    def a_day_later(self) -> V4Table:
        """A copy that says it was published a day after this one."""
        modified = datetime.fromisoformat(str(self.properties["Modified"]))
        return self.with_modified((modified + timedelta(days=1)).isoformat())

    def with_status(self, period: str, status: str | None, dimension: str = "Perioden") -> V4Table:
        """A copy in which a period has another status, such as Voorlopig become Definitief."""
        here = pl.col("Identifier") == period
        changed = pl.when(here).then(pl.lit(status)).otherwise("Status").alias("Status")
        codes = {**self.codes, dimension: self.codes[dimension].with_columns(changed)}
        return replace(self, codes=codes)

    def without_rows(self, share: float) -> V4Table:
        """A copy that lacks this share of the observations, evenly spread."""
        place = pl.int_range(pl.len())
        dropped = ((place + 1) * share).floor() > (place * share).floor()
        return replace(self, observations=self.observations.filter(~dropped))


def _codes(values: pl.Series, titles: Mapping[str, str]) -> pl.DataFrame:
    """A code list of the codes that occur."""
    found = sorted(values.unique().to_list())
    return pl.DataFrame(
        {
            "Identifier": found,
            "Index": range(1, len(found) + 1),
            "Title": [titles.get(code, code) for code in found],
            "Description": [""] * len(found),
            "DimensionGroupId": ["0"] * len(found),
        },
        schema_overrides={"Identifier": pl.String, "Title": pl.String, "Index": pl.Int64},
    )


def _one_group(name: str) -> pl.DataFrame:
    row = {"Id": "0", "Index": 0, "Title": name, "Description": None, "ParentId": None}
    return pl.DataFrame([row], schema=_GROUPS_SCHEMA)


def _period_title(code: str) -> str:
    """2026 for 2026JJ00, 2021 1e kwartaal for 2021KW01, else the code."""
    if code[4:6] == "JJ":
        return code[:4]
    return f"{code[:4]} {int(code[6:])}e kwartaal" if code[4:6] == "KW" else code


def _properties(identifier: str, modified: str, periods: list[str]) -> dict[str, Any]:
    publisher = "https://standaarden.overheid.nl/owms/terms/Centraal_Bureau_voor_de_Statistiek"
    return {
        "Identifier": identifier,
        "Title": "Vestigingen van bedrijven; bedrijfstak, gemeente",
        "Description": "",
        "Language": "nl",
        "Authority": publisher,
        "Modified": modified,
        "TemporalCoverage": f"{periods[0][:4]} - {periods[-1][:4]}" if periods else "",
        "Catalog": "CBS",
        "Publisher": publisher,
        "ContactPoint": "infoservice@cbs.nl",
        "Version": datetime.fromisoformat(modified).strftime("%Y%m%d%H%M"),
        "VersionNotes": "",
        "VersionReason": "Actualisering",
        "Frequency": "Perjaar",
        "Status": "Regulier",
        "ObservationCount": 0,
        "ObservationsModified": modified,
        "DatasetType": "Numeric",
        "DefaultPresentation": "",
        "GraphTypes": "Table,Bar,Map",
        "SearchPriority": "2",
        "License": "https://creativecommons.org/licenses/by/4.0/",
        "Source": "CBS.",
        "Summary": "Vestigingen van bedrijven naar bedrijfstak en gemeente",
        "LongDescription": "",
        "Provenance": [],
        "RelatedSources": [],
    }
