"""A suite a table: what its declaration implies, and what we know of its subject.

Importing this imports neither Great Expectations nor pandas nor polars: rules are declarations
and views are functions that are called later.
"""

from __future__ import annotations
