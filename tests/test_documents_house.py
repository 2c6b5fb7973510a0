"""Documents through the whole house: dropped in the inbox, read, judged, linked, published.

The two texts that the project started from are not part of it; what rests on them skips, saying
so, where they are absent.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pytest

from assets.catalogue import load_catalogue
from pipelines.instance import register_editions
from pipelines.night import Report
from pipelines.resources import build_edges
from pipelines.run import run_nightly_job
from pipelines.settings import Settings
from tests.publishers import shared

SEEDS = shared.folder().parent / "seeds"
ARTICLE, REPORT = "000_1135969644123190.txt", "003_1e3d8a0e7654ea52.txt"
LONG_AGO = 1_700_000_000


class Warehouse:
    """A house on the bundled sample, with files dropped in its inbox, after one night."""

    def __init__(self, home: Path) -> None:
        self.settings = Settings(home=home, sources="sample")
        self.catalogue: Path | None = None
        self.settings.inbox_folder.mkdir(parents=True, exist_ok=True)

    def drop(self, name: str, content: bytes) -> None:
        """Put a file in the inbox that has lain still."""
        path = self.settings.inbox_folder / name
        path.write_bytes(content)
        os.utime(path, (LONG_AGO, LONG_AGO))

    def night(self, **how: Any) -> Report:
        """One night; Dagster's records in memory."""
        edges = build_edges(self.settings, load_catalogue(further=self.catalogue))
        with dg.DagsterInstance.ephemeral() as instance:
            register_editions(instance, edges.catalogue)
            return run_nightly_job(edges, instance, **how)

    def ask(self, query: str, *values: Any) -> list[Any]:
        """Rows; of one column only its values."""
        path = self.settings.warehouse.removeprefix("duckdb:///")
        with duckdb.connect(path, read_only=True) as connection:
            rows = connection.execute(query, list(values)).fetchall()
        return [row[0] for row in rows] if rows and len(rows[0]) == 1 else rows


@pytest.fixture(scope="module")
def seeded(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """A house on the sample, after a night with both seed texts in the inbox, one of them twice."""
    if not SEEDS.is_dir():
        pytest.skip(f"no seed texts in {SEEDS}")
    home = tmp_path_factory.mktemp("seeded")
    shutil.copytree(sample_home, home, dirs_exist_ok=True)
    house = Warehouse(home)
    for name in (ARTICLE, REPORT):
        house.drop(name, (SEEDS / name).read_bytes())
    house.drop("again.txt", (SEEDS / REPORT).read_bytes())
    report = house.night(source="dropped_documents")
    assert report.published and not report.blocked and not report.publication_failure, report
    return house


def document(house: Warehouse, name: str) -> str:
    """Id of a dropped document."""
    [found] = house.ask("SELECT document_id FROM mart.document WHERE name = ?", name)
    return str(found)


def test_a_document_dropped_twice_is_one(seeded: Warehouse) -> None:
    names = seeded.ask("SELECT name FROM mart.document WHERE document_id LIKE 'text-%' ORDER BY 1")
    assert len(names) == 2 and ARTICLE in names


def linked(house: Warehouse, name: str, kind: str, subject: str, *relations: str) -> set[str]:
    """Locations that a subject is linked to in a document."""
    return set(
        house.ask(
            "SELECT DISTINCT location_id FROM mart.evidence WHERE document_id = ? "
            "AND subject_kind = ? AND subject_id = ? "
            + (f"AND relation IN {relations!r}".replace(",)", ")") if relations else ""),
            document(house, name),
            kind,
            subject,
        )
    )


@pytest.fixture(scope="module")
def report_name(seeded: Warehouse) -> str:
    """Under which of its two names the report was taken in."""
    [name] = seeded.ask("SELECT name FROM mart.document WHERE name IN (?, 'again.txt')", REPORT)
    return str(name)


def test_four_spellings_are_one_park(seeded: Warehouse, report_name: str) -> None:
    quotes = seeded.ask(
        "SELECT DISTINCT quote FROM mart.evidence WHERE document_id = ? "
        "AND location_id = 'high-tech-systems-park' AND subject_kind = 'performance'",
        document(seeded, report_name),
    )
    assert set(quotes) == {
        "High Systems Park Twente",
        "High Tech Systemspark",
        "HTSM-park",
        "Thales campus Hengelo",
    }
    sources = seeded.ask(
        "SELECT source FROM mart.location_alias WHERE location_id = 'high-tech-systems-park' "
        "AND list_contains(?, alias)",
        quotes,
    )
    assert len(sources) == 4 and all(sources)


@pytest.mark.parametrize(
    ("reference", "location"),
    [
        ("PS/2016/486", "technology-base-twente"),
        ("PS/2016/985", "xl-businesspark-twente"),
        ("PS/2016/586", "deventer-open-innovatie-centrum"),
    ],
)
def test_a_decision_is_about_its_own_location(
    seeded: Warehouse, report_name: str, reference: str, location: str
) -> None:
    assert linked(seeded, report_name, "decision", reference) == {location}
    decisions = seeded.ask(
        "SELECT DISTINCT subject_id FROM mart.evidence WHERE subject_kind = 'decision' "
        "AND location_id = ? AND document_id = ?",
        location,
        document(seeded, report_name),
    )
    assert decisions == [reference]


def test_the_declared_count_is_the_number_of_members(seeded: Warehouse, report_name: str) -> None:
    found = seeded.ask(
        "SELECT declared_count, found_count FROM mart.location_set WHERE document_id = ? "
        "AND declared_count IS NOT NULL",
        document(seeded, report_name),
    )
    assert found and set(found) == {(4, 4)}
    members = seeded.ask(
        "SELECT count(DISTINCT location_id) FROM mart.evidence WHERE document_id = ? "
        "AND relation = 'member_of'",
        document(seeded, report_name),
    )
    assert members == [4]


def test_the_development_company_is_partner_in_three(seeded: Warehouse, report_name: str) -> None:
    assert linked(
        seeded,
        report_name,
        "organisation",
        "herstructureringsmaatschappij-overijssel",
        "partner_in",
    ) == {"kennispark-twente", "high-tech-systems-park", "deventer-open-innovatie-centrum"}


def test_money_is_on_track_and_no_amount_is_made_up(seeded: Warehouse, report_name: str) -> None:
    rows = seeded.ask(
        "SELECT code, finance_status, progress_status, portfolio_holder, term, reserve_relation, goal_code "
        "FROM mart.performance WHERE document_id = ?",
        document(seeded, report_name),
    )
    assert rows == [
        ("5.1.2", "on_track", "unknown", "Eddy van Hijum", "Structureel.", "Nee.", "5.1")
    ]
    assert seeded.ask("SELECT count(*) FROM mart.amount WHERE document_id LIKE 'text-%'") == [0]


def test_what_breaks_off_is_marked(seeded: Warehouse, report_name: str) -> None:
    assert seeded.ask(
        "SELECT section FROM mart.document_section WHERE truncated AND document_id = ?",
        document(seeded, report_name),
    ) == ["5.1.2 > Context"]


def test_the_laboratory_lies_in_the_railway_zone_with_its_founders(seeded: Warehouse) -> None:
    assert linked(seeded, ARTICLE, "organisation", "perron038", "located_in") == {
        "spoorzone-zwolle"
    }
    founders = seeded.ask(
        "SELECT subject_id FROM mart.relation WHERE predicate = 'founder_of' AND object_id = 'perron038' "
        "AND subject_kind = 'organisation' AND document_id = ? ORDER BY 1",
        document(seeded, ARTICLE),
    )
    assert founders == ["awl", "tembo"]


def test_people_and_what_they_say(seeded: Warehouse) -> None:
    found = seeded.ask(
        "SELECT person, organisation_id FROM mart.person_role WHERE document_id = ? ORDER BY 1",
        document(seeded, ARTICLE),
    )
    assert {person for person, _ in found} == {
        "Arend van der Sluis",
        "Guus Balkema",
        "Piet Mosterd",
    }
    assert ("Arend van der Sluis", "tembo") in found and ("Piet Mosterd", "awl") in found
    speakers = seeded.ask(
        "SELECT DISTINCT speaker FROM mart.statement WHERE document_id = ?",
        document(seeded, ARTICLE),
    )
    assert speakers == ["Guus Balkema"]


def test_the_railway_zone_has_no_figure_without_a_boundary(seeded: Warehouse) -> None:
    assert seeded.ask(
        "SELECT DISTINCT missing_reason FROM mart.indicator_value "
        "WHERE location_id = 'spoorzone-zwolle' AND indicator_id IN ('establishments', 'jobs')"
    ) == ["no_boundary"]


def test_every_quotation_stands_where_it_is_said_to_stand(seeded: Warehouse) -> None:
    wrong = seeded.ask(
        "SELECT e.evidence_id FROM mart.evidence e "
        "LEFT JOIN mart.document_section s USING (document_id, section) "
        "WHERE substr(CASE WHEN in_heading THEN s.heading ELSE s.text END, "
        "CAST(quote_start + 1 AS INT), CAST(quote_end - quote_start AS INT)) "
        "IS DISTINCT FROM e.quote"
    )
    assert wrong == []
    assert seeded.ask("SELECT count(*) > 20 FROM mart.evidence") == [True]


def test_nothing_of_the_seeds_is_set_aside(seeded: Warehouse) -> None:
    assert (
        seeded.ask("SELECT reason, record FROM mart.quarantine WHERE record LIKE '%text-%'") == []
    )


def test_a_dossier_is_in_order_of_time_with_its_sources(seeded: Warehouse) -> None:
    lines = seeded.ask(
        "SELECT year, event, document_id, section, quote_start, quote_end, quote FROM mart.location_dossier "
        "WHERE location_id = 'technology-base-twente' AND document_id LIKE 'text-%'"
    )
    assert lines
    assert {line[1] for line in lines} >= {"decided", "reported"}
    assert all(all(part is not None for part in line[1:]) for line in lines)


# -- what cannot be read, and how an analyst resolves it ---------------------------------------
PAGE = """7.1.4 Ruimte voor proeflocaties

Context

Dit is een verzonnen prestatie over Hessenpoort in Zwolle.

Basisinformatie

Verantwoordelijk portefeuillehouder:

Sam Voorbeeld.

Bestuurlijk zwaartepunt:

Samenhang in de regio.
"""
LABEL = """
- id: proefveld
  kind: field
  means: ignored
  wordings:
    - {text: Bestuurlijk zwaartepunt, source: a test}
"""
HOSTILE = {
    "nested.html": b"<html><body>" + b"<div>" * 100_000 + b"diep",
    "junk.txt": bytes(range(256)) * 400,
    "huge.txt": b"a" * 9_000_000,
}
NAMED = (
    "<html><head><title><script>alert(1)</script></title></head><body>"
    "<h1>7.1.5 Plan &lt;script&gt;alert(2)&lt;/script&gt;</h1><h2>Context</h2>"
    "<p>Over Hessenpoort in Zwolle, een verzonnen tekst die lang genoeg is om iets te zijn.</p></body></html>"
)


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """After a night with hostile files, and a page with a label that nobody has declared."""
    house = Warehouse(tmp_path_factory.mktemp("odd"))
    house.drop("page.txt", PAGE.encode())
    house.drop("named.html", NAMED.encode())
    for name, content in HOSTILE.items():
        house.drop(name, content)
    # The publishers of figures are not what this is about.
    report = house.night(source="dropped_documents")
    assert not report.blocked, report
    return house


def set_aside(house: Warehouse, rule: str) -> list[str]:
    """Records in quarantine for one rule."""
    return house.ask("SELECT record FROM mart.quarantine WHERE starts_with(reason, ?)", rule)


def test_hostile_files_are_set_aside_with_their_reason_and_the_others_go_on(odd: Warehouse) -> None:
    refused = {
        json.loads(one)["name"]: json.loads(one) for one in set_aside(odd, "page_can_be_read")
    }
    assert set(refused) == set(HOSTILE)
    assert all(one["refused"] and one["sha256"] for one in refused.values())
    assert set(odd.ask("SELECT name FROM mart.document")) == {"page.txt", "named.html"}


def test_script_in_a_name_is_characters_and_no_more(odd: Warehouse) -> None:
    record = " ".join(
        odd.ask("SELECT record FROM mart.quarantine WHERE record LIKE '%alert(2)%'")
        + odd.ask("SELECT title FROM mart.performance WHERE code = '7.1.5'")
    )
    assert "<script>alert(2)</script>" in record
    assert "alert(1)" not in " ".join(odd.ask("SELECT text FROM mart.document_section"))


def test_a_label_nobody_declared_waits_in_quarantine_for_one_line_in_the_catalogue(
    odd: Warehouse, tmp_path: Path
) -> None:
    [record] = set_aside(odd, "label_is_known")
    assert json.loads(record)["label"] == "Bestuurlijk zwaartepunt"
    known = odd.ask("SELECT portfolio_holder FROM mart.performance WHERE code = '7.1.4'")
    assert known == ["Sam Voorbeeld"]
    (tmp_path / "labels.yaml").write_text(LABEL)
    odd.catalogue = tmp_path
    report = odd.night(source="dropped_documents")
    assert report.published and not report.taken
    assert set_aside(odd, "label_is_known") == []
    assert odd.ask("SELECT means FROM mart.performance_field WHERE label LIKE 'Bestuurlijk%'") == [
        "ignored"
    ]


def test_a_removed_file_stays_and_a_night_without_news_runs_nothing(odd: Warehouse) -> None:
    (odd.settings.inbox_folder / "page.txt").unlink()
    report = odd.night(source="dropped_documents")
    assert not report.taken and not report.published
    assert odd.ask("SELECT count(*) FROM mart.performance WHERE code = '7.1.4'") == [1]
