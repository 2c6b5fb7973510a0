"""What a message says; and that its advice is that of the page for whoever is paged."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.telling.messages import TO_DO, message, what_to_do
from warehouse.incidents import Incident, Kind, Notice, Phase

RUNNING = (Path(__file__).resolve().parents[3] / "docs" / "running.md").read_text("utf-8")
SINCE = dt.datetime(2026, 7, 1, 1, 31)
WHY = "cbs_kwb 2024: measure `inhabitants` (T001036) is not there; closest is `T001037`"


def notice(
    kind: Kind = Kind.BLOCKED,
    text: str = WHY,
    phase: Phase = Phase.OPENED,
    subject: str = "cbs_kwb 2024",
) -> Notice:
    ended = dt.datetime(2026, 12, 3, 2) if phase is Phase.OVER else None
    incident = Incident("abc", kind, subject, text, "run-1", SINCE, ended)
    return Notice(incident, phase, "email", 0, "")


def test_it_says_what_happened_since_when_what_to_do_and_where_to_look() -> None:
    said = message(notice(), "https://monitor.example/")
    assert said.subject == "[locatiemonitor] Source blocked: cbs_kwb 2024"
    assert "Wat is er / What: " + WHY in said.body
    assert "Sinds / Since: 2026-07-01 03:31 (CEST)" in said.body
    assert "Add the new title, unit or sign to the source's entry" in said.body
    assert "Run: https://monitor.example/runs/run-1" in said.body
    assert said.data["text"] == said.body
    assert said.data["type"] == "incident.opened"


def test_when_it_is_over_it_says_so() -> None:
    said = message(notice(phase=Phase.OVER), "")
    assert said.subject == "[locatiemonitor] Over: Source blocked: cbs_kwb 2024"
    assert "Voorbij / Over: 2026-12-03 03:00 (CET)" in said.body
    assert said.data["run"] is None
    assert said.data["ended"] == "2026-12-03T02:00:00Z"
    assert said.message_id != message(notice(), "").message_id


@pytest.mark.parametrize("said", sorted({said for _, _, said in TO_DO}))
def test_the_advice_is_that_of_the_page(said: str) -> None:
    assert said in RUNNING


@pytest.mark.parametrize(
    ("kind", "text", "begins"),
    [
        (Kind.UNREACHABLE, "https://x: HTTP 503 (after 5 tries)", "Nothing for a night"),
        (Kind.UNREACHABLE, "HTTP 403, which asking again will not change", "Look whether the"),
        (Kind.BLOCKED, "the publisher counts 17341 rows, 17000 arrived", "Nothing: asked again"),
        (Kind.BLOCKED, "changed while it was read, twice in a row", "Nothing: asked again"),
        (
            Kind.BLOCKED,
            "25 rows came, at least 14000 are expected",
            "Look at the publisher's table",
        ),
        (Kind.BLOCKED, "core/figure/x was blocked at the gate: ...", "Read the reason"),
        (Kind.BLOCKED, "", "Compare with"),
        (Kind.RUN_FAILED, "OSError: disk full", "Look at the run"),
    ],
)
def test_the_advice_goes_with_the_reason(kind: Kind, text: str, begins: str) -> None:
    assert what_to_do(kind, text).startswith(begins)


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(Kind), st.sampled_from(Phase), st.text(), st.text(min_size=1))
def test_whatever_a_publisher_says_makes_no_second_header(
    kind: Kind, phase: Phase, text: str, subject: str
) -> None:
    said = message(notice(kind, text, phase, subject), "http://127.0.0.1:3000")
    assert said.subject.isprintable()
    assert len(said.body) < 4000 + len(subject) * 2
