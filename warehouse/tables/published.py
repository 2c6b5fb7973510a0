"""Which tables are published: the marts, and those of core in which no firm is named."""

from __future__ import annotations

from warehouse.tables import bookkeeping, core, mart
from warehouse.vocabulary import Table

CORE: tuple[type[Table], ...] = (core.Figure, core.Region)
"""Core tables that readers may see."""

READABLE: tuple[type[Table], ...] = (*mart.TABLES, *CORE)
"""Everything that readers may see."""

TABLES: tuple[type[Table], ...] = (*READABLE, *bookkeeping.TABLES)
"""Every table of a warehouse."""
