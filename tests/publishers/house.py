"""All publishers together: one server each, started and stopped as one.

Here: `Publishers` and the addresses it gives to the program under test. Not here: running them in
a process of their own (`process.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from types import TracebackType
from typing import Self

from tests.publishers import geo, ibis
from tests.publishers.budget_sites import BudgetSites
from tests.publishers.cbs_v3 import CbsV3
from tests.publishers.cbs_v4 import ROOT as CBS_V4_ROOT
from tests.publishers.cbs_v4 import CbsV4
from tests.publishers.geo import Geo
from tests.publishers.ibis import Ibis
from tests.publishers.kvk import Kvk
from tests.publishers.server import Publisher


class Publishers:
    """The publishers on loopback, each on a free port; listening while the `with` lasts."""

    def __init__(
        self,
        *,
        gzip: bool = False,
        v3_page_size: int = 10_000,
        v4_page_size: int = 100_000,
        v4_list_page_size: int = 100_000,
    ) -> None:
        self.cbs_v4 = CbsV4(gzip=gzip, page_size=v4_page_size, list_page_size=v4_list_page_size)
        self.cbs_v3 = CbsV3(gzip=gzip, page_size=v3_page_size)
        self.third_party = CbsV3(gzip=gzip, page_size=v3_page_size)
        self.kvk = Kvk(gzip=gzip)
        self.geo = Geo(gzip=gzip)
        self.ibis = Ibis(gzip=gzip)
        self.budget_sites = BudgetSites(gzip=gzip)

    @property
    def env(self) -> dict[str, str]:
        """The settings that point the program at these publishers."""
        return {
            "LM_CBS_URL": self.cbs_v4.url + CBS_V4_ROOT,
            "LM_CBS_V3_URL": self.cbs_v3.url,
            "LM_CBS_THIRD_PARTY_URL": self.third_party.url,
            "LM_KVK_URL": self.kvk.url,
            "LM_GEO_URL": self.geo.url,
            "LM_IBIS_URL": self.ibis.url + ibis.PATH,
            "LM_BUDGET_DOCUMENTS_URL": self.budget_sites.url,
            # A stand-in has no other visitors.
            "LM_PAUSE": "0",
        }

    @property
    def geo_root(self) -> str:
        """Address of the areas of statistics within PDOK."""
        return self.geo.url + geo.ROOT

    def __iter__(self) -> Iterator[Publisher]:
        yield from (
            self.cbs_v4,
            self.cbs_v3,
            self.third_party,
            self.kvk,
            self.geo,
            self.ibis,
            self.budget_sites,
        )

    def clear_requests(self) -> None:
        """Empty the log of every publisher."""
        for publisher in self:
            publisher.clear_requests()

    def up(self) -> Self:
        """Listen."""
        for publisher in self:
            publisher.up()
        return self

    def stop(self) -> None:
        """Stop for good and give the ports back."""
        for publisher in self:
            publisher.stop()

    def __enter__(self) -> Self:
        return self.up()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
