"""Runs the SQL file that lies beside a revision, statement by statement as it is written."""

from __future__ import annotations

from pathlib import Path


def run(revision: str) -> None:
    """Run the statements of the revision whose Python file is `revision`."""
    from alembic import op

    statements = Path(revision).with_suffix(".sql").read_text(encoding="utf-8")
    # Comments may hold a percent sign, which is no place for a parameter.
    op.get_bind().execution_options(no_parameters=True).exec_driver_sql(statements)
