"""The sample, its catalogue, and all of it read again as a first night would."""

from __future__ import annotations

from functools import cache

import pytest

from assets.catalogue import Catalogue, load_catalogue
from assets.sources.inbox import BASE as INBOX
from assets.sources.intake import Taken, take_in
from assets.sources.replay import ArchiveTransport
from assets.sources.survey import FetcherOf
from assets.sources.transport import Fetcher, Policy
from pipelines.settings import Settings
from samples.record import EDITIONS, HERE
from warehouse.archive import Archive


@pytest.fixture(scope="session")
def sample() -> Archive:
    """The bundled sample."""
    return Archive(HERE)


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """The catalogue as shipped."""
    return load_catalogue()


@pytest.fixture(scope="session")
def fetcher_of(sample: Archive) -> FetcherOf:
    """Every publisher at its real address, answered by the sample."""
    settings = Settings.model_construct()

    @cache
    def of(publisher: str) -> Fetcher:
        base = INBOX if publisher == "inbox" else settings.address(publisher)
        return Fetcher(base, policy=Policy(tries=1), transport=ArchiveTransport(sample))

    return of


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """An archive that is filled by asking the sample."""
    return Archive(tmp_path_factory.mktemp("archive"))


@pytest.fixture(scope="session")
def taken_editions(
    catalogue: Catalogue, fetcher_of: FetcherOf, fresh: Archive
) -> dict[tuple[str, str], Taken]:
    """Every edition of every source, asked of the sample and taken in."""
    return {
        (source, edition): take_in(
            catalogue.sources[source],
            edition,
            fresh,
            fetcher_of,
            row_floor=catalogue.sources[source].sample_row_floor,
        )
        for source, edition in sorted(EDITIONS)
    }


@pytest.fixture(scope="session")
def taken(taken_editions: dict[tuple[str, str], Taken]) -> dict[str, Taken]:
    """By source, for those of which the sample has one edition: of others it is the last."""
    return {source: edition for (source, _), edition in taken_editions.items()}
