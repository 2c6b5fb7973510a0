"""Incidents: one message when it begins and one when it is over, whoever sees it and however often."""

from __future__ import annotations

import datetime as dt
import multiprocessing
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from warehouse.incidents import CLAIM, KEPT, Incidents, IncidentsError, Kind, Phase

NOON = dt.datetime(2026, 11, 22, 12)
MINUTE = dt.timedelta(minutes=1)
DAY = dt.timedelta(days=1)
Opened = Callable[..., Incidents]


@pytest.fixture(params=["sqlite", "postgresql"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Opened:
    """Opens the same incidents as often as asked, as many processes do; on both engines."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'state' / 'incidents.sqlite'}"
    else:
        url = request.getfixturevalue("database").replace("postgresql://", "postgresql+psycopg://")
    return lambda channels=("webhook",), secrets=(): Incidents(url, channels, secrets)


def said(incidents: Incidents, at: dt.datetime) -> list[str]:
    """Send all that is owed; what was said."""
    told = []
    while owed := incidents.owed(at):
        for notice in owed:
            assert incidents.claimed(notice, at)
            told.append(f"{notice.incident.subject} {notice.phase} on {notice.channel}")
            incidents.sent(notice, at)
    return told


def test_an_incident_is_told_once_and_once_when_it_is_over(kept: Opened) -> None:
    for hour in range(3):
        fresh = kept().opened(
            Kind.BLOCKED, "a 2024", "no column x", at=NOON + hour * MINUTE, run="r1"
        )
        assert fresh == (hour == 0)
        assert said(kept(), NOON + hour * MINUTE) == ["a 2024 opened on webhook"] * (hour == 0)
    [incident] = kept().open()
    assert (incident.text, incident.since, incident.run) == ("no column x", NOON, "r1")
    for hour in range(2):
        assert kept().over(Kind.BLOCKED, "a 2024", at=NOON + DAY) == (hour == 0)
    assert said(kept(), NOON + DAY) == ["a 2024 over on webhook"]
    assert kept().open() == [] and said(kept(), NOON + 2 * DAY) == []
    # The same again is another incident.
    assert kept().opened(Kind.BLOCKED, "a 2024", "again", at=NOON + 2 * DAY)
    assert said(kept(), NOON + 2 * DAY) == ["a 2024 opened on webhook"]


def test_what_passes_before_it_is_worth_a_message_is_not_told(kept: Opened) -> None:
    after = dt.timedelta(hours=20)
    kept().opened(Kind.UNREACHABLE, "cbs", "HTTP 503", at=NOON, after=after)
    assert said(kept(), NOON + 19 * 60 * MINUTE) == []
    kept().over(Kind.UNREACHABLE, "cbs", at=NOON + 19 * 60 * MINUTE)
    assert said(kept(), NOON + 3 * DAY) == []
    kept().opened(Kind.UNREACHABLE, "cbs", "HTTP 503", at=NOON + 4 * DAY, after=after)
    assert said(kept(), NOON + 5 * DAY) == ["cbs opened on webhook"]
    kept().over(Kind.UNREACHABLE, "cbs", at=NOON + 5 * DAY)
    assert said(kept(), NOON + 5 * DAY) == ["cbs over on webhook"]


def test_a_channel_that_fails_keeps_the_order_and_holds_up_no_other(kept: Opened) -> None:
    both = ("email", "webhook")
    kept(both).opened(Kind.NOT_PUBLISHED, "publication", "disk full", at=NOON)
    [mail, hook] = kept(both).owed(NOON)
    assert (mail.channel, hook.channel) == both
    kept(both).claimed(mail, NOON)
    kept(both).not_sent(mail, "connection refused", NOON)
    kept(both).sent(hook, NOON)
    kept(both).over(Kind.NOT_PUBLISHED, "publication", at=NOON + MINUTE / 2)
    # Not over on a channel that does not know yet that it is wrong.
    assert said(kept(both), NOON + MINUTE / 2) == ["publication over on webhook"]
    waiting = kept(both).undelivered(NOON + MINUTE / 2)
    assert {(x.channel, x.phase) for x in waiting} == {
        ("email", Phase.OPENED),
        ("email", Phase.OVER),
    }
    assert "connection refused" in {x.why for x in waiting}
    assert said(kept(both), NOON + 5 * MINUTE) == [
        "publication opened on email",
        "publication over on email",
    ]


def test_whoever_claimed_a_message_and_was_killed_is_replaced(kept: Opened) -> None:
    kept().opened(Kind.RUN_FAILED, "nightly", "x", at=NOON)
    [notice] = kept().owed(NOON)
    assert kept().claimed(notice, NOON)
    assert not kept().claimed(notice, NOON), "two may not have it at one time"
    assert kept().owed(NOON + CLAIM / 2) == []
    assert said(kept(), NOON + CLAIM) == ["nightly opened on webhook"]


def test_a_channel_set_later_hears_what_is_wrong_and_one_that_is_gone_owes_nothing(
    kept: Opened,
) -> None:
    kept(()).opened(Kind.BLOCKED, "a 2024", "x", at=NOON)
    kept(()).opened(Kind.BLOCKED, "b 2024", "x", at=NOON)
    kept(()).over(Kind.BLOCKED, "b 2024", at=NOON)
    kept(("email",)).catch_up(NOON + MINUTE)
    assert said(kept(("email",)), NOON + MINUTE) == ["a 2024 opened on email"]
    kept(("email",)).opened(Kind.BLOCKED, "c 2024", "x", at=NOON)
    kept(("webhook",)).catch_up(NOON + MINUTE)
    assert kept(("email", "webhook")).undelivered(NOON + DAY) != []
    assert {x.channel for x in kept(("email", "webhook")).undelivered(NOON + DAY)} == {"webhook"}


def test_of_what_was_not_looked_at_nothing_is_concluded(kept: Opened) -> None:
    kept().stand(Kind.BLOCKED, {"a 1": "x", "b 1": "y"}, at=NOON)
    kept().opened(Kind.OVERDUE, "a", "z", at=NOON)
    kept().stand(Kind.BLOCKED, {}, at=NOON + MINUTE, among=lambda subject: subject.startswith("a "))
    assert {(i.kind, i.subject) for i in kept().open()} == {
        (Kind.BLOCKED, "b 1"),
        (Kind.OVERDUE, "a"),
    }


def test_no_secret_is_written_down(kept: Opened) -> None:
    kept(secrets=("s3cr3t/word",)).opened(
        Kind.UNREACHABLE,
        "https://u:p4ssw@host/x",
        "https://u:p4ssw@host/?token=t0k3n&x=1: HTTP 503 s3cr3t/word s3cr3t%2Fword",
        at=NOON,
    )
    [incident] = kept().open()
    assert incident.subject == "https://***@host/x"
    assert incident.text == "https://***@host/?token=***&x=1: HTTP 503 *** ***"
    assert kept().over(Kind.UNREACHABLE, "https://u:p4ssw@host/x", at=NOON)


def test_what_is_long_over_is_forgotten(tmp_path: Path) -> None:
    incidents = Incidents(f"sqlite:///{tmp_path / 'i.sqlite'}", ("webhook",))
    for number in range(KEPT + 5):
        at = NOON + number * MINUTE
        incidents.opened(Kind.BLOCKED, "a 1", "x", at=at)
        said(incidents, at)
        incidents.over(Kind.BLOCKED, "a 1", at=at)
        said(incidents, at)
    assert KEPT <= len(incidents.known()) <= KEPT + 1


def test_looking_makes_no_file_and_a_database_that_is_not_there_says_so(tmp_path: Path) -> None:
    path = tmp_path / "state" / "incidents.sqlite"
    incidents = Incidents(f"sqlite:///{path}", ("webhook",))
    assert incidents.open() == [] and incidents.owed(NOON) == []
    assert not incidents.over(Kind.BLOCKED, "a", at=NOON)
    incidents.catch_up(NOON)
    assert not path.parent.exists()
    down = Incidents("postgresql+psycopg://u:geheim@127.0.0.1:9/x", ("webhook",))
    with pytest.raises(IncidentsError) as caught:
        down.open()
    assert "127.0.0.1:9" in str(caught.value) and "geheim" not in str(caught.value)
    path.parent.mkdir()
    path.write_bytes(b"this is no database, however long one looks at it" * 40)
    with pytest.raises(IncidentsError, match="not a database"):
        incidents.opened(Kind.BLOCKED, "a", "x", at=NOON)


def _race(url: str, barrier: object, results: object) -> None:
    incidents = Incidents(url, ("webhook",))
    barrier.wait()  # type: ignore[attr-defined]
    opened = incidents.opened(Kind.BLOCKED, "a 1", "x", at=NOON)
    claimed = sum(incidents.claimed(n, NOON) for n in incidents.owed(NOON))
    results.put((opened, claimed))  # type: ignore[attr-defined]


def test_of_processes_at_one_time_one_opens_and_one_sends(tmp_path: Path) -> None:
    spawned = multiprocessing.get_context("fork")
    barrier, results = spawned.Barrier(4), spawned.Queue()
    url = f"sqlite:///{tmp_path / 'i.sqlite'}"
    crowd = [spawned.Process(target=_race, args=(url, barrier, results)) for _ in range(4)]
    for process in crowd:
        process.start()
    said_by = [results.get(timeout=120) for _ in crowd]
    for process in crowd:
        process.join(60)
    assert sum(opened for opened, _ in said_by) == 1
    assert sum(claimed for _, claimed in said_by) == 1


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.tuples(st.sampled_from(["wrong", "right", "send", "fail", "killed"]), st.integers(0, 1))
    )
)
def test_whatever_happens_messages_alternate_and_none_is_lost(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int]]
) -> None:
    """Of each subject: opened, over, opened, ...; and in the end as many as there were incidents."""
    incidents = Incidents(f"sqlite:///{tmp_path_factory.mktemp('i') / 'i.sqlite'}", ("webhook",))
    told: dict[int, list[Phase]] = {0: [], 1: []}
    happened: dict[int, list[Phase]] = {0: [], 1: []}
    at = NOON
    for step, subject in [*steps, ("send", 0)]:
        at += DAY
        if step == "wrong" and incidents.opened(Kind.BLOCKED, str(subject), "x", at=at):
            happened[subject].append(Phase.OPENED)
        elif step == "right" and incidents.over(Kind.BLOCKED, str(subject), at=at):
            happened[subject].append(Phase.OVER)
        elif step == "killed":
            for notice in incidents.owed(at)[:1]:
                incidents.claimed(notice, at)
        elif step == "fail":
            for notice in incidents.owed(at)[:1]:
                incidents.not_sent(notice, "HTTP 500", at)
        elif step == "send":
            while owed := incidents.owed(at):
                for notice in owed:
                    incidents.claimed(notice, at)
                    told[int(notice.incident.subject)].append(notice.phase)
                    incidents.sent(notice, at)
    assert told == happened
