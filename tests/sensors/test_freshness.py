"""The freshness sensor: once when a source is late, once when it is not; no run."""

from __future__ import annotations

import datetime as dt

from tests.living import Life
from tests.publishers import Publishers, small_table
from warehouse.incidents import Kind


def test_a_late_source_is_told_once_and_closed_when_something_new_came(
    small: Life, publishers: Publishers
) -> None:
    from assets.sources.intake import take_in

    def take() -> None:
        source = small.edges.catalogue.sources["yearly"]
        take_in(source, "2026", small.edges.archive, small.edges.fetcher_of)

    table = publishers.cbs_v3.put(small_table(1, rows=4))
    take()  # modified on 15 January 2026
    observed = []
    for _ in range(400):
        data = small.ask("freshness")
        assert not data.run_requests
        observed += [(small.clock.now.date(), event) for event in data.asset_events]
        small.clock.now += dt.timedelta(days=1)
    [(day, event)] = observed
    assert day == dt.date(2027, 1, 15)
    assert event.asset_key.path == ["raw", "yearly"]
    [incident] = small.edges.incidents.open()
    assert (incident.kind, incident.subject) == (Kind.OVERDUE, "yearly")
    assert "nothing new since 2026-01-15" in incident.text
    later = table
    for _ in range(400):
        later = later.a_day_later()
    publishers.cbs_v3.put(later)
    take()
    small.ask("freshness")
    assert small.edges.incidents.open() == []
