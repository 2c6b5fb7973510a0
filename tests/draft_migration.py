"""`make migration WHY="words"`: drafts the next revision on a PostgreSQL that lives as long as that takes.

`make migration WHY=--again` drafts the newest one anew, under its name: for a revision that no release has yet.
"""

from __future__ import annotations

import sys

from tests.postgres import fresh_database, server
from warehouse import migrations
from warehouse.location import PostgreSQL, locate
from warehouse.migrations.drafting import draft
from warehouse.tables import published


def main() -> None:
    """Draft, and say where."""
    why = " ".join(sys.argv[1:])
    if not why:
        sys.exit('say why, in a few words: make migration WHY="shares of sites"')
    if why == "--again":
        newest = sorted((migrations.HERE / "versions").glob("v[0-9]*.py"))[-1]
        why = newest.stem[6:].replace("_", " ")
        newest.with_suffix(".sql").unlink()
        newest.unlink()
    with server() as url:
        place = locate(fresh_database(url))
        assert isinstance(place, PostgreSQL)
        made = draft(place, published.TABLES, why, migrations.HERE / "versions")
    print(made or "nothing differs from the newest revision")


if __name__ == "__main__":
    main()
