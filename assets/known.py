"""Core as it was known at a moment: of every edition the frame of the newest release by then.

The marts that keep history are made from these, moment by moment.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from assets.core import core_keys, key_of, tables_of
from assets.edges import Edges
from assets.origins import Origin, kept
from warehouse.archive import Release
from warehouse.frames import Key, kept_as

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Accepted:
    """A release of which a core table was accepted, as it was read; or two, beside one another."""

    table: str
    origin: Origin
    mark: str
    """Changes when the release is read otherwise: by another declaration or version of the code."""

    @property
    def release(self) -> Release:
        """The release, or the later edition's of two."""
        return self.origin.release

    @property
    def known_from(self) -> dt.datetime:
        """From when what was read is known."""
        return self.origin.known_from


@dataclass(frozen=True)
class Known:
    """What of one core table was accepted, release by release."""

    edges: Edges
    table: str

    @cached_property
    def accepted(self) -> dict[str, dict[str, list[Accepted]]]:
        """By source and edition, in the publisher's order of release."""
        found: dict[str, dict[str, list[Accepted]]] = defaultdict(dict)
        for key in core_keys(self.edges.catalogue, self.table):
            _, name, source = key
            core = tables_of(self.edges.catalogue, source)[name]
            for edition, origins in kept(self.edges, source, core).items():
                found[source][edition] = [
                    Accepted(self.table, origin, self._mark(key, origin)) for origin in origins
                ]
        return found

    def _mark(self, key: Key, origin: Origin) -> str:
        stamp = self.edges.frames.stamp(*kept_as(key, origin.id)) or {}
        return f"{stamp.get('declaration')} {stamp.get('code')}"

    @property
    def every(self) -> list[Accepted]:
        """All accepted releases, by source and edition."""
        return [
            one
            for editions in self.accepted.values()
            for releases in editions.values()
            for one in releases
        ]

    def _newest(self, moment: dt.datetime, source: str) -> list[Accepted]:
        """Of each edition of a source the newest release at `moment`, as far as there is one."""
        return [
            known[-1]
            for releases in self.accepted[source].values()
            if (known := [one for one in releases if one.known_from <= moment])
        ]

    def at(
        self, moment: dt.datetime, sources: Collection[str] | None = None
    ) -> dict[str, pl.LazyFrame]:
        """By source all editions together, each as it was known at `moment`."""
        import polars as pl

        found = {}
        for source in self.accepted:
            if sources is not None and source not in sources:
                continue
            if newest := self._newest(moment, source):
                found[source] = pl.scan_parquet([self.path(one) for one in newest])
        return found

    def newest(self, moment: dt.datetime) -> list[str]:
        """Ids of the releases that were the newest of their edition at `moment`, with how each is
        read; sorted."""
        return sorted(
            f"{one.origin.id} {one.mark}"
            for source in self.accepted
            for one in self._newest(moment, source)
        )

    def path(self, one: Accepted) -> str:
        """Where the frame of what was accepted lies."""
        key = key_of(self.table.rsplit("/", 1)[-1], one.release.source)
        return str(self.edges.frames.path_of_release(key, one.origin.id))


@dataclass(frozen=True)
class Areas:
    """Which areas were listed, since when: once listed, an area stays known."""

    since: pl.DataFrame
    """A row an area code: `region_code`, and `known_from` of the release that listed it first."""
    releases: tuple[tuple[Accepted, bool], ...]
    """Every release that lists areas, and whether it was the first to list any."""

    @classmethod
    def of(cls, regions: Known) -> Areas:
        """Read from the accepted releases of core regions."""
        import polars as pl

        accepted = sorted(regions.every, key=lambda one: one.release.order)
        listed = [
            pl.read_parquet(regions.path(one), columns=["region_code"])
            .unique()
            .with_columns(
                number=pl.lit(number), known_from=pl.lit(one.known_from, pl.Datetime("us"))
            )
            for number, one in enumerate(accepted)
        ]
        none = pl.DataFrame(
            schema={"region_code": pl.String, "number": pl.Int32, "known_from": pl.Datetime("us")}
        )
        first_listed = pl.concat([none, *listed]).unique(
            "region_code", keep="first", maintain_order=True
        )
        numbers = set(first_listed["number"])
        return cls(first_listed, tuple((one, n in numbers) for n, one in enumerate(accepted)))

    def adding(self) -> list[Accepted]:
        """The releases that listed an area for the first time."""
        return [one for one, first_to in self.releases if first_to]

    def at(self, moment: dt.datetime) -> pl.Series:
        """Codes of the areas that were listed by `moment`."""
        import polars as pl

        return self.since.filter(pl.col("known_from") <= moment)["region_code"]


def releases(edges: Edges) -> pl.DataFrame:
    """`release_id`, `known_from`, `synthetic` of every archived release."""
    import polars as pl

    rows = [
        (release.release_id, release.known_from, release.synthetic)
        for release in edges.archive.releases()
    ]
    return pl.DataFrame(
        rows,
        schema={"release_id": pl.String, "known_from": pl.Datetime("us"), "synthetic": pl.Boolean},
        orient="row",
    )
