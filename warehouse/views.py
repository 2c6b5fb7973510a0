"""The views promised to readers: what is true now, a site at a glance, beside its surroundings, and
what documents say of it. Written in the SQL that DuckDB and PostgreSQL share.
"""

from __future__ import annotations

from collections.abc import Iterable

from warehouse.changes import CHANGE
from warehouse.ddl import identifier, quoted

DOSSIER = """
WITH linked AS (
    SELECT e.evidence_id, e.subject_kind, e.subject_id, e.location_id, e.relation, e.document_id, e.section,
           e.quote_start, e.quote_end, e.quote, e.in_heading, e.confidence, e.reason,
           d.organisation, d.document_type, d.edition, d.title AS document_title, d.synthetic,
           d.year, d.not_before_year, coalesce(s.url, d.url) AS url,
           row_number() OVER (
               PARTITION BY e.location_id, e.subject_kind, e.subject_id, e.document_id
               ORDER BY CASE e.relation WHEN 'subject_of' THEN 1 WHEN 'partner_in' THEN 2
                        WHEN 'located_in' THEN 3 WHEN 'member_of' THEN 4 WHEN 'see_also' THEN 5 ELSE 6 END,
                        e.confidence DESC, s.position, e.quote_start) AS choice,
           count(*) OVER (
               PARTITION BY e.location_id, e.subject_kind, e.subject_id, e.document_id) AS quotations
    FROM mart.evidence e
    JOIN mart.document d ON d.document_id = e.document_id
    LEFT JOIN mart.document_section s ON s.document_id = e.document_id AND s.section = e.section),
places AS (SELECT * FROM linked WHERE choice = 1),
lines AS (
    SELECT p.*, c.year AS on_year, 'decided' AS event,
           c.reference || coalesce(' ' || c.title, '') AS title, c.kind AS status,
           CAST(NULL AS DOUBLE PRECISION) AS amount_eur, CAST(NULL AS INTEGER) AS shared_by
    FROM places p JOIN mart.decision c ON p.subject_kind = 'decision' AND c.reference = p.subject_id
    UNION ALL
    SELECT p.*, p.year, CASE WHEN p.document_type = 'budget' THEN 'planned' ELSE 'reported' END,
           f.code || ' ' || f.title,
           'progress ' || f.progress_status || ', finance ' || f.finance_status, NULL, NULL
    FROM places p JOIN mart.performance f ON p.subject_kind = 'performance'
         AND f.document_id = p.document_id AND f.performance_id = p.subject_id
    UNION ALL
    SELECT p.*, coalesce(m.due_year, p.year), CASE WHEN m.status = 'met' THEN 'reported' ELSE 'planned' END,
           m.title, m.status, NULL, NULL
    FROM places p JOIN mart.milestone m ON p.subject_kind = 'milestone' AND m.milestone_id = p.subject_id
    UNION ALL
    SELECT p.*, coalesce(CAST(a.period AS INTEGER), p.year),
           CASE WHEN a.concept IN ('realised', 'spent_and_committed') THEN 'spent'
                WHEN a.concept IN ('room', 'difference', 'result') THEN 'reported' ELSE 'planned' END,
           coalesce(a.row_label, a.label, a.concept), a.concept, a.amount_eur, 1
    FROM places p JOIN mart.amount a ON p.subject_kind = 'amount' AND a.amount_id = p.subject_id
    UNION ALL
    SELECT p.evidence_id, 'amount', a.amount_id, p.location_id, p.relation, a.document_id, a.section,
           a.quote_start, a.quote_end, substr(s.text, CAST(a.quote_start + 1 AS INTEGER),
                                              CAST(a.quote_end - a.quote_start AS INTEGER)),
           FALSE, least(p.confidence, a.confidence), 'of the whole performance, not divided among its locations',
           p.organisation, p.document_type, p.edition, p.document_title, p.synthetic, p.year,
           p.not_before_year, coalesce(s.url, p.url), p.choice, 1,
           coalesce(CAST(a.period AS INTEGER), p.year),
           CASE WHEN a.concept IN ('realised', 'spent_and_committed') THEN 'spent'
                WHEN a.concept IN ('room', 'difference', 'result') THEN 'reported' ELSE 'planned' END,
           f.code || ' ' || coalesce(a.row_label, a.label, a.concept), a.concept, a.amount_eur,
           CAST(count(*) OVER (PARTITION BY a.amount_id) AS INTEGER)
    FROM places p
    JOIN mart.performance f ON p.subject_kind = 'performance' AND p.relation = 'subject_of'
         AND f.document_id = p.document_id AND f.performance_id = p.subject_id
    JOIN mart.amount a ON a.document_id = p.document_id AND a.performance_code = f.code
    JOIN mart.document_section s ON s.document_id = a.document_id AND s.section = a.section
    WHERE NOT EXISTS (SELECT 1 FROM mart.evidence o
                      WHERE o.subject_kind = 'amount' AND o.subject_id = a.amount_id)
    UNION ALL
    SELECT p.*, p.year, 'said', coalesce(t.speaker || ': ', '') || t.text, t.kind, NULL, NULL
    FROM places p JOIN mart.statement t ON p.subject_kind = 'statement' AND t.statement_id = p.subject_id
    UNION ALL
    SELECT p.*, p.year, 'takes part', o.name, p.relation, NULL, NULL
    FROM places p JOIN mart.organisation o ON p.subject_kind = 'organisation'
         AND o.organisation_id = p.subject_id AND p.relation <> 'mentioned')
SELECT location_id, coalesce(on_year, not_before_year) AS year,
       CASE WHEN on_year IS NOT NULL THEN 'stated' WHEN not_before_year IS NOT NULL THEN 'not before'
            ELSE 'undated' END AS year_is,
       event, subject_kind, subject_id, title, status, amount_eur, shared_by, relation, document_id,
       document_title, organisation, document_type, edition, section, quote_start, quote_end, quote, in_heading,
       quotations,
       url, confidence, reason, synthetic
FROM lines"""
"""One line a subject, location and document: of several quotations the one that says most. An amount
of a performance that lies in several locations is shown with each and divided among none."""


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
        "indicator_change": (
            "Every change of what is known: a row a figure and moment, with what it was before, by how much it "
            "changed, and the release that did it.",
            CHANGE,
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
        "indicator_newest_boundaries": (
            "Every municipal series in the newest boundaries, open rows only: "
            "each municipality as it is now, for every period.",
            """
SELECT * FROM mart.indicator_recut
WHERE known_to IS NULL AND boundary_year = (SELECT max(boundary_year) FROM mart.indicator_recut)""",
        ),
        "neighbourhood_series": (
            "Figures of districts and neighbourhoods, open rows only, with the first year of the series they belong "
            "to: periods may be compared where `since` is the same.",
            """
SELECT v.location_id, v.indicator_id, a.since, v.period, v.value, v.status, v.missing_reason, v.method, v.release_id,
       v.synthetic, a.edition, a.comparable
FROM mart.indicator_value v
JOIN mart.area_comparable a ON a.location_id = v.location_id AND a.edition = substr(v.period, 1, 4)
WHERE v.known_to IS NULL""",
        ),
        "source_freshness": (
            "Each edition of each source: what is served, since when, whether it is stale and why.",
            """
SELECT s.source, s.edition, s.state, s.stale, s.reason, r.release_id, r.identifier, r.modified_at, r.fetched_at,
       r.rows, r.synthetic, s.cadence_days
FROM mart.source_status s LEFT JOIN mart.source_release r ON r.release_id = s.release_id""",
        ),
        "location_dossier": (
            "What documents say of a location, in order of time: decided, planned, reported, spent, said and who "
            "takes part; each line with its source and the place of the quotation it rests on.",
            DOSSIER,
        ),
    }


AS_OF = (
    "SELECT * FROM mart.indicator_value "
    "WHERE known_from <= CAST(moment AS TIMESTAMP) AND (known_to IS NULL OR known_to > CAST(moment AS TIMESTAMP))"
)
AS_OF_COMMENT = "What was known at a moment (UTC): the rows of indicator_value that were open then."


def functions(engine: str) -> list[str]:
    """The statements that make the promised functions on `engine` (`duckdb` or `postgresql`).

    `mart.indicator_as_of(moment)` is one plain statement on both, which the planner puts in the
    place of the call, so that a condition on the location is answered as it would be on the table.
    """
    if engine == "duckdb":
        return [
            f"CREATE MACRO mart.indicator_as_of(moment) AS TABLE {AS_OF}",
            f"COMMENT ON MACRO TABLE mart.indicator_as_of IS {quoted(AS_OF_COMMENT)}",
        ]
    return [
        "CREATE OR REPLACE FUNCTION mart.indicator_as_of(moment timestamp) RETURNS SETOF mart.indicator_value "
        f"LANGUAGE sql STABLE PARALLEL SAFE AS {quoted(AS_OF)}",
        f"COMMENT ON FUNCTION mart.indicator_as_of(timestamp) IS {quoted(AS_OF_COMMENT)}",
    ]
