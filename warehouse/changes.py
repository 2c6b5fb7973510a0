"""What changed between one vintage and the next: the query behind the view `indicator_change`."""

from __future__ import annotations

CHANGE = """
WITH vintages AS (
    SELECT v.*,
           lag(v.known_to) OVER figure AS was_until, lag(v.value) OVER figure AS was,
           lag(v.missing_reason) OVER figure AS was_missing, lag(v.status) OVER figure AS was_status,
           lead(v.known_from) OVER figure AS next_from
    FROM mart.indicator_value v
    WINDOW figure AS (PARTITION BY v.location_id, v.indicator_id, v.period ORDER BY v.known_from)),
released AS (
    SELECT source, coalesce(modified_at, fetched_at) AS at, max(release_id) AS release_id
    FROM mart.source_release GROUP BY source, coalesce(modified_at, fetched_at))
SELECT location_id, indicator_id, period, known_from AS changed_at,
       CASE WHEN was_until IS NULL THEN 'first'
            WHEN was_until < known_from THEN 'returned'
            WHEN was IS NULL AND value IS NOT NULL THEN 'appeared'
            WHEN was IS NOT NULL AND value IS NULL THEN 'disappeared'
            WHEN was <> value THEN 'revised'
            ELSE 'restated' END AS change,
       CASE WHEN was_until = known_from THEN was END AS value_before, value AS value_after,
       CASE WHEN was_until = known_from THEN value - was END AS difference,
       CASE WHEN was_until = known_from THEN was_status END AS status_before, status AS status_after,
       CASE WHEN was_until = known_from THEN was_missing END AS missing_reason_before,
       missing_reason AS missing_reason_after, opened_by, release_id, synthetic
FROM vintages
UNION ALL
SELECT v.location_id, v.indicator_id, v.period, v.known_to, 'withdrawn', v.value, NULL, NULL, v.status, NULL,
       v.missing_reason, NULL, CASE WHEN r.release_id IS NULL THEN 'declaration' ELSE 'release' END,
       r.release_id, v.synthetic
FROM vintages v
JOIN mart.source_release o ON o.release_id = v.release_id
LEFT JOIN released r ON r.source = o.source AND r.at = v.known_to
WHERE v.known_to IS NOT NULL AND (v.next_from IS NULL OR v.next_from > v.known_to)"""
"""One row a figure and moment at which what was known of it changed. `first`: never known before;
`returned`: after a while in which it was withdrawn; `restated`: the value stayed, and how it was said
to be made or how final it is did not."""

BETWEEN = """
WITH before AS (SELECT * FROM mart.indicator_value
                WHERE known_from < :start AND (known_to IS NULL OR known_to >= :start)),
after AS (SELECT * FROM mart.indicator_value
          WHERE known_from < :stop AND (known_to IS NULL OR known_to >= :stop)),
last_change AS (
    SELECT * FROM (
        SELECT c.*, row_number() OVER (
                   PARTITION BY c.location_id, c.indicator_id, c.period ORDER BY c.changed_at DESC) AS place
        FROM mart.indicator_change c WHERE c.changed_at >= :start AND c.changed_at < :stop) ranked
    WHERE place = 1),
net AS (
    SELECT c.location_id, c.indicator_id, c.period, c.changed_at, c.opened_by, c.release_id,
           b.value AS value_before, a.value AS value_after, a.value - b.value AS difference,
           b.status AS status_before, a.status AS status_after,
           b.missing_reason AS missing_reason_before, a.missing_reason AS missing_reason_after,
           CASE WHEN b.known_from IS NULL AND a.known_from IS NULL THEN NULL
                WHEN b.known_from IS NULL THEN 'first'
                WHEN a.known_from IS NULL THEN 'withdrawn'
                WHEN b.value IS NULL AND a.value IS NOT NULL THEN 'appeared'
                WHEN b.value IS NOT NULL AND a.value IS NULL THEN 'disappeared'
                WHEN b.value <> a.value THEN 'revised'
                WHEN b.status <> a.status OR b.method <> a.method
                     OR coalesce(b.missing_reason, '') <> coalesce(a.missing_reason, '')
                     OR coalesce(b.lower, 0) <> coalesce(a.lower, 0)
                     OR coalesce(b.upper, 0) <> coalesce(a.upper, 0) THEN 'restated' END AS change
    FROM last_change c
    LEFT JOIN before b ON b.location_id = c.location_id AND b.indicator_id = c.indicator_id AND b.period = c.period
    LEFT JOIN after a ON a.location_id = c.location_id AND a.indicator_id = c.indicator_id AND a.period = c.period)
SELECT n.location_id, l.name, n.indicator_id, i.name_en, i.unit, n.period, n.change, n.value_before, n.value_after,
       n.difference, n.status_before, n.status_after, n.missing_reason_before, n.missing_reason_after,
       n.changed_at, n.opened_by, n.release_id, r.source, r.url
FROM net n
JOIN mart.location l ON l.location_id = n.location_id
JOIN mart.indicator i ON i.indicator_id = n.indicator_id
LEFT JOIN mart.source_release r ON r.release_id = n.release_id
WHERE n.change IS NOT NULL
ORDER BY n.location_id, n.indicator_id, n.period"""
"""What was known before `:start` and before `:stop` otherwise, figure by figure, with the last change in
between and the release that made it."""
