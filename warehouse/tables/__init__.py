"""Every table of the warehouse, by schema: `core` (tidy) and `mart` (what BI reads)."""

from warehouse.tables import core, mart

__all__ = ["core", "mart"]
