"""Publishers to ask, a plain client to ask with, and real tables where they are at hand."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import polars as pl
import pytest

from tests.publishers import Publishers, V3Table, small_table


@pytest.fixture
def house() -> Iterator[Publishers]:
    """Publishers that offer nothing yet."""
    with Publishers() as publishers:
        yield publishers


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    """A client that follows nothing and asks no proxy."""
    # Without `verify` it does not read the certificates of the world first, which takes 30 ms.
    with httpx.Client(trust_env=False, timeout=5, verify=False) as plain:
        yield plain


@pytest.fixture
def table() -> V3Table:
    """A small invented table: 40 rows of two dimensions and two topics."""
    return small_table(1)


@pytest.fixture(scope="session")
def neighbourhoods() -> V3Table:
    """84799NED, whole."""
    return V3Table.from_shared("84799NED")


@pytest.fixture(scope="session")
def budgets() -> V3Table:
    """45012NED, its first 25,000 rows: two full pages and a half."""
    return V3Table.from_shared("45012NED", keep=pl.col("ID") < 25_000)
