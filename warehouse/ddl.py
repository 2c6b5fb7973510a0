"""From declaration to database: create statements, comments and views, for DuckDB and PostgreSQL.

Keys are judged by the gate before anything is loaded, so DuckDB gets no key constraints: they
would cost an index a table in a file that nobody writes to after it is published.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import sqlalchemy as sa
from sqlalchemy.schema import CreateTable

from warehouse.vocabulary import Table, columns, comment_of, name_of


def quoted(text: str) -> str:
    """A string literal."""
    return "'" + text.replace("'", "''") + "'"


def create_table(table: type[Table], dialect: sa.Dialect, *, keys: bool) -> str:
    """CREATE TABLE for `table` in `dialect`, with its key only where `keys`."""
    made = sa.Table(
        table.__tablename__,
        sa.MetaData(),
        *(
            sa.Column(
                c.name,
                c.sql_type,
                primary_key=keys and c.is_key,
                nullable=c.nullable,
                autoincrement=False,
            )
            for c in columns(table)
        ),
        schema=table.__table__.schema,
    )
    return str(CreateTable(made).compile(dialect=dialect)).strip()


def comments(table: type[Table]) -> Iterator[str]:
    """COMMENT ON for a table and each of its columns."""
    yield f"COMMENT ON TABLE {name_of(table)} IS {quoted(comment_of(table))}"
    for column in columns(table):
        yield f"COMMENT ON COLUMN {name_of(table)}.{column.name} IS {quoted(column.comment)}"


def identifier(name: str) -> str:
    """A quoted identifier. Raises ValueError for a name that no declaration could have."""
    if not name.replace("_", "").isalnum() or not name.isascii():
        raise ValueError(
            f"{name!r} is not a name that a declaration may have (letters, digits, underscores)"
        )
    return f'"{name}"'


def views(indicator_ids: Iterable[str]) -> dict[str, tuple[str, str]]:
    """The promised views: name -> (comment, SELECT). `indicator_ids` become columns of the profile."""
    ids = sorted(indicator_ids)
    columns_of_profile = ",\n       ".join(
        f"max(v.value) FILTER (WHERE v.indicator_id = {quoted(name)}) AS {identifier(name)}"
        for name in ids
    )
    return {
        "indicator_latest": (
            "What is true now: of every indicator and location the newest period, open rows only.",
            """
SELECT * FROM (
    SELECT v.*, row_number() OVER (
               PARTITION BY v.location_id, v.indicator_id
               ORDER BY (v.value IS NOT NULL) DESC, v.period DESC) AS newest
    FROM mart.indicator_value v WHERE v.known_to IS NULL) ranked
WHERE newest = 1""",
        ),
        "location_profile": (
            "A row a site, a column an indicator, latest period; the last columns name what is missing or synthetic.",
            f"""
SELECT l.location_id, l.name, l.name_en, l.municipality_code, l.province_code, l.status,
       l.boundary_status, l.boundary_note, l.clusters,
       {columns_of_profile or "NULL AS no_indicators"},
       string_agg(CASE WHEN v.synthetic AND v.value IS NOT NULL THEN v.indicator_id END, '; ' ORDER BY v.indicator_id)
           AS synthetic_indicators,
       string_agg(CASE WHEN v.value IS NULL THEN v.indicator_id || ': ' || v.missing_reason END, '; '
                  ORDER BY v.indicator_id) AS missing_indicators
FROM mart.location l LEFT JOIN mart.indicator_latest v ON v.location_id = l.location_id
WHERE l.kind = 'site'
GROUP BY l.location_id, l.name, l.name_en, l.municipality_code, l.province_code, l.status,
         l.boundary_status, l.boundary_note, l.clusters""",
        ),
        "location_benchmark": (
            "A site beside its municipality, province and country: one row a site, indicator and period of the site.",
            """
SELECT s.location_id, l.name, s.indicator_id, i.name_nl, i.name_en, i.unit, s.period, s.value, s.missing_reason,
       s.method, s.synthetic,
       m.value AS municipality_value, m.synthetic AS municipality_synthetic,
       p.value AS province_value, p.method AS province_method,
       c.value AS country_value,
       l.municipality_code, l.province_code
FROM mart.indicator_latest s
JOIN mart.location l ON l.location_id = s.location_id AND l.kind = 'site'
JOIN mart.indicator i ON i.indicator_id = s.indicator_id
LEFT JOIN mart.indicator_value m ON m.location_id = l.municipality_code AND m.indicator_id = s.indicator_id
     AND m.period = s.period AND m.known_to IS NULL
LEFT JOIN mart.indicator_value p ON p.location_id = l.province_code AND p.indicator_id = s.indicator_id
     AND p.period = s.period AND p.known_to IS NULL
LEFT JOIN mart.indicator_value c ON c.location_id = 'NL' AND c.indicator_id = s.indicator_id
     AND c.period = s.period AND c.known_to IS NULL""",
        ),
        "source_freshness": (
            "Each edition of each source: what is served, since when, whether it is stale and why.",
            """
SELECT s.source, s.edition, s.state, s.stale, s.reason, r.release_id, r.identifier, r.modified_at, r.fetched_at,
       r.rows, r.synthetic, s.cadence_days
FROM mart.source_status s LEFT JOIN mart.source_release r ON r.release_id = s.release_id""",
        ),
    }
