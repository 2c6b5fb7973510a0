"""The release sensor: a run an edition that is new or changed, one request a publisher, nothing twice."""

from __future__ import annotations

import datetime as dt

from sensors.asking import LONGEST_PAUSE
from tests.living import Life
from tests.publishers import Fault, Publishers, small_table
from warehouse.incidents import Kind


def serve(publishers: Publishers, *numbers: int) -> None:
    """Put the small tables of these numbers with the publisher."""
    for number in numbers:
        publishers.cbs_v3.put(small_table(number, rows=4))


def later(small: Life, **time: float) -> None:
    small.clock.now += dt.timedelta(**time)


def test_an_edition_that_is_new_is_taken_in_once(small: Life, publishers: Publishers) -> None:
    serve(publishers, 1, 4)
    first = small.tick("releases")
    assert [(s.job, s.partition, s.reason, s.success) for s in first] == [
        ("intake_yearly", "2026", "new", True),
        ("intake_other", "current", "new", True),
    ]
    assert set(small.instance.get_dynamic_partitions("yearly")) == {"2026"}
    run = small.instance.get_run_by_id(first[0].run_id)
    assert run
    assert {run.tags[name] for name in ("source", "edition", "reason")} == {"yearly", "2026", "new"}
    assert run.tags["release"].startswith("yearly:2026:")
    assert small.tick("releases") == []
    assert small.skipped["releases"] == "nothing new"


def test_fifty_ticks_without_news_start_nothing_and_cost_a_request_each(
    small: Life, publishers: Publishers
) -> None:
    serve(publishers, 1)
    assert len(small.tick("releases")) == 1
    publishers.clear_requests()
    for _ in range(50):
        later(small, hours=1)
        assert small.tick("releases", "catching_up", "inbox", "freshness") == []
    assert {request.path for request in publishers.cbs_v3.requests} == {"/ODataCatalog/Tables"}
    assert len(publishers.cbs_v3.requests) == 50


def test_a_correction_is_taken_in_and_going_back_is_news_again(
    small: Life, publishers: Publishers
) -> None:
    serve(publishers, 1)
    small.tick("releases")
    first = publishers.cbs_v3.table("90001NED")
    publishers.cbs_v3.put(first.a_day_later())
    changed = small.tick("releases")
    assert [(s.partition, s.reason) for s in changed] == [("2026", "changed")]
    publishers.cbs_v3.put(first)
    back = small.ask("releases").run_requests or []
    assert [request.partition_key for request in back] == ["2026"]
    assert ("releases", back[0].run_key) not in small.keys


def test_what_is_on_its_way_is_not_asked_for_again(small: Life, publishers: Publishers) -> None:
    import dagster as dg

    serve(publishers, 1, 2)
    job = small.definitions.resolve_job_def("intake_yearly")
    small.instance.create_run_for_job(
        job, tags={"dagster/partition": "2026"}, status=dg.DagsterRunStatus.STARTED
    )
    asked = small.ask("releases").run_requests or []
    assert [request.partition_key for request in asked] == ["2027"]
    small.instance.create_run_for_job(job, status=dg.DagsterRunStatus.STARTED)
    assert not small.ask("releases").run_requests
    assert small.skipped["releases"] == "on their way: yearly 2026, yearly 2027"


def test_a_publisher_that_is_down_is_told_once_and_asked_less_and_less(
    small: Life, publishers: Publishers
) -> None:
    serve(publishers, 1)
    publishers.cbs_v3.inject(Fault("", times=None, kind="status", code=503))
    said = []
    for _ in range(73):
        small.tick("releases")
        said.append(small.skipped["releases"])
        later(small, hours=1)
    assert said[0].startswith("nothing new; could not ask cbs_v3:")
    assert set(said[1:]) == {"nothing new"}
    # After 0, 1, 3 and 7 hours, then every six.
    assert len(publishers.cbs_v3.requests) == 4 + (72 - 7) // 6
    assert [(i.kind, i.subject) for i in small.edges.incidents.open()] == [
        (Kind.UNREACHABLE, "cbs_v3")
    ]
    publishers.cbs_v3.clear_faults()
    later(small, seconds=LONGEST_PAUSE.total_seconds())
    assert [s.partition for s in small.tick("releases")] == ["2026"]
    assert small.edges.incidents.open() == []


def test_one_that_is_down_keeps_nobody_waiting(small: Life, publishers: Publishers) -> None:
    from sensors import asking

    serve(publishers, 1)
    publishers.cbs_v3.inject(Fault("", times=None, kind="slow", bytes_per_second=0))
    asked = asking.ask(small.edges, ["cbs_v3"], {}, seconds=0.2)
    assert asked.surveys["cbs_v3"].failure == "no answer within 0 s"
    assert asked.places["cbs_v3"].failures == 1


def test_a_cursor_of_another_version_is_begun_anew(small: Life, publishers: Publishers) -> None:
    serve(publishers, 1)
    for garbage in ("", "yearly 2026 abc", "[]", '{"publishers": {"cbs_v3": {"x": 1}}}', "null"):
        small.cursors["releases"] = garbage
        assert small.ask("releases").run_requests, garbage


def test_while_a_night_runs_the_sensors_leave_it_alone(small: Life, publishers: Publishers) -> None:
    from warehouse.exclusive import only_writer

    serve(publishers, 1)
    with only_writer(small.edges.home):
        assert not small.ask("releases").run_requests
        assert small.skipped["releases"] == "a night is running, and asks by itself"
    assert small.ask("releases").run_requests


def test_an_edition_that_is_refused_is_told_once_and_closed_when_it_is_corrected(
    small: Life, publishers: Publishers
) -> None:
    table = small_table(1, rows=4)
    publishers.cbs_v3.put(table)
    small.tick("releases")
    properties = table.properties.with_columns(
        Title=table.properties["Title"].str.replace("Vestigingen", "Banen")
    )
    from dataclasses import replace

    broken = replace(table, properties=properties).a_day_later()
    publishers.cbs_v3.put(broken)
    refused = small.tick("releases")
    assert [s.success for s in refused] == [False]
    [incident] = small.edges.incidents.open()
    assert (incident.kind, incident.subject) == (Kind.BLOCKED, "yearly 2026")
    assert "is not there" in incident.text
    assert small.tick("releases", "catching_up") == []
    publishers.cbs_v3.put(table.a_day_later().a_day_later())
    assert [s.success for s in small.tick("releases")] == [True]
    assert small.edges.incidents.open() == []
