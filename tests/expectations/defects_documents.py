"""For every rule of documents and performances a defect that it must find."""

from __future__ import annotations

import datetime as dt

import polars as pl

from tests.expectations import sound_documents as sound
from tests.expectations.damage import (
    Damage,
    dropping,
    keeping_share,
    repeating,
    setting,
    setting_first,
    without_in_other,
)
from tests.expectations.defects_figures import Defect
from warehouse.tables import core, documents
from warehouse.vocabulary import Table

DOCUMENT, SECTION = pl.col("document_id"), pl.col("section")
FIRST_REPORT = sound.name_of(2016)
SCRIPT = "<script>alert(1)</script>"
RUNS = "javascript:alert(1)"


def in_first(section: str) -> pl.Expr:
    """The rows of a section of the first report."""
    return (DOCUMENT == FIRST_REPORT) & (section == SECTION)


def without_first_report() -> Damage:
    """The first report set aside, its sections still there."""
    return without_in_other("document", DOCUMENT == FIRST_REPORT)


LOST = {"rows_against_last_good": keeping_share(0.7), "rows_near_last_good": keeping_share(0.85)}

DOCUMENT_PAGE: dict[str, Defect] = {
    **{rule: (sound.document_page, damage) for rule, damage in LOST.items()},
    "page_can_be_read": (
        sound.document_page,
        setting(pl.lit(True), refused="expected text, found a picture"),
    ),
    "most_pages_can_be_read": (
        sound.document_page,
        setting_first(7, refused="expected text, found a picture"),
    ),
    "hash_of_bytes": (sound.document_page, setting_first(1, sha256="0A")),
    "hash_of_words": (sound.document_page, setting_first(1, text_sha256=None)),
    "charset_known_where_read": (sound.document_page, setting_first(1, charset=None)),
    "page_has_bytes": (sound.document_page, setting_first(1, bytes=0)),
    "page_in_one_charset": (sound.document_page, setting_first(1, mojibake=3)),
    "page_from_the_web_or_a_disk": (sound.document_page, setting_first(1, url=RUNS)),
}
DOCUMENT_BLOCK: dict[str, Defect] = {
    **{rule: (sound.document_block, damage) for rule, damage in LOST.items()},
    "block_has_words": (sound.document_block, setting_first(1, text=" ")),
    "page_of_block_is_known": (
        sound.document_block,
        without_in_other("document_page", pl.col("page") == 1),
    ),
    "cells_only_in_rows": (sound.document_block, setting_first(1, text="Begroot\t12")),
    "block_without_control_characters": (
        sound.document_block,
        setting_first(1, text="Kop\x07"),
    ),
    "level_of_heading": (sound.document_block, setting_first(1, level=7)),
    "positions_from_one": (sound.document_block, setting_first(1, position=0)),
}
REPORT: dict[str, Defect] = {
    **{rule: (sound.document, damage) for rule, damage in LOST.items()},
    "no_document_disappears": (sound.document, dropping(DOCUMENT == FIRST_REPORT)),
    "one_document_for_the_same_words": (
        sound.document,
        repeating(
            DOCUMENT == FIRST_REPORT,
            document_id="text-0a1b2c",
            document_type=None,
            organisation=None,
            year=None,
        ),
    ),
    "whose_and_of_which_year": (sound.document, setting_first(1, organisation=None)),
    "plausible_year": (sound.document, setting_first(1, year=1016)),
    "not_older_than_its_decisions": (sound.document, setting_first(1, not_before_year=2018)),
    "performances_of_goal_tree_found": (
        sound.document,
        setting_first(1, performances_missing="5.1.3 Doorstroming"),
    ),
    "as_many_performances_as_stated": (sound.document, setting_first(1, performances_stated=26)),
    "hash_of_bytes": (sound.document, setting_first(1, sha256="")),
    "hash_of_words": (sound.document, setting_first(1, text_sha256="f" * 63 + "G")),
    "exported_before_built": (
        sound.document,
        setting_first(1, exported_at=dt.datetime(2018, 1, 4)),
    ),
    "document_in_one_charset": (sound.document, setting_first(1, mojibake=1)),
    "document_says_something": (sound.document, setting_first(1, characters=0)),
    "document_from_the_web_or_a_disk": (sound.document, setting_first(1, url=RUNS)),
}
DOCUMENT_SECTION: dict[str, Defect] = {
    **{rule: (sound.document_section, damage) for rule, damage in LOST.items()},
    "document_is_known": (sound.document_section, without_first_report()),
    "path_begins_with_performance": (
        sound.document_section,
        setting(in_first(sound.CONTEXT), section="5.1.20 > Context"),
    ),
    "truncated_where_it_breaks_off": (
        sound.document_section,
        setting(in_first(sound.CONTEXT), truncated=False),
    ),
    "money_told_from_progress": (
        sound.document_section,
        setting(in_first(sound.MONEY), role="progress"),
    ),
    "one_section_a_place": (
        sound.document_section,
        setting(in_first(sound.CONTEXT), position=1),
    ),
    "section_without_control_characters": (
        sound.document_section,
        setting(in_first(sound.CONTEXT), text="De\x00inzet…"),
    ),
    "section_from_the_web_or_a_disk": (
        sound.document_section,
        setting(in_first(sound.CONTEXT), url=RUNS),
    ),
}
CODE, KEY = pl.col("code"), pl.col("performance_id")
ONE = (CODE == "5.1.2") & (DOCUMENT == FIRST_REPORT)
PERFORMANCE: dict[str, Defect] = {
    **{rule: (sound.performance, damage) for rule, damage in LOST.items()},
    "document_is_known": (sound.performance, without_first_report()),
    "performance_has_a_section": (
        sound.performance,
        without_in_other(
            "document_section",
            (DOCUMENT == FIRST_REPORT) & (pl.col("performance_code") == "8.1.5"),
        ),
    ),
    "number_or_slug": (sound.performance, setting(ONE, code="63.274")),
    "title_without_markup": (sound.performance, setting(ONE, title=f"Terreinen {SCRIPT}")),
    "title_given": (sound.performance, setting(ONE, title=" ")),
    "finance_status_rests_on_words": (sound.performance, setting(ONE, finance=None)),
    "progress_status_rests_on_words": (sound.performance, setting(ONE, progress=" ")),
    "number_lies_below_goal": (sound.performance, setting(ONE, goal_code="5.10")),
    "goal_lies_below_task": (sound.performance, setting(ONE, task_code="8")),
    "performance_once_in_a_document": (
        sound.performance,
        setting(CODE == "8.1.5", performance_id="terreinen"),
    ),
}
PERFORMANCE_FIELD: dict[str, Defect] = {
    **{rule: (sound.performance_field, damage) for rule, damage in LOST.items()},
    "label_is_known": (
        sound.performance_field,
        setting(pl.lit(True), means=None, wording=None),
    ),
    "meaning_has_its_wording": (sound.performance_field, setting_first(1, wording=None)),
    "section_is_known": (
        sound.performance_field,
        without_in_other("document_section", in_first(sound.BASICS)),
    ),
    "span_within_section": (sound.performance_field, setting_first(1, quote_end=4000)),
    "words_at_their_place": (
        sound.performance_field,
        setting_first(1, value="Piet Verzinsel"),
    ),
}
PERFORMANCE_NAME: dict[str, Defect] = {
    **{rule: (sound.performance_name, damage) for rule, damage in LOST.items()},
    "performance_is_known": (
        sound.performance_name,
        without_in_other("performance", KEY == "terreinen"),
    ),
    "years_of_name_in_order": (sound.performance_name, setting_first(1, first_year=2019)),
    "name_found_in_a_document": (sound.performance_name, setting_first(1, documents=0)),
    "recognition_explained": (sound.performance_name, setting_first(1, recognised_by="")),
    "one_performance_a_number": (
        sound.performance_name,
        setting(KEY == "bodemwarmte", code="5.1.2"),
    ),
}
PERFORMANCE_SUCCESSION: dict[str, Defect] = {
    **{rule: (sound.performance_succession, damage) for rule, damage in LOST.items()},
    "succession_changes_the_number": (
        sound.performance_succession,
        setting_first(1, former_code="8.1.5"),
    ),
    "plausible_year": (sound.performance_succession, setting_first(1, year=16)),
    "numbers_of_performances": (
        sound.performance_succession,
        setting_first(1, former_code="9.0.2 en 9.0.9"),
    ),
    "source_given": (sound.performance_succession, setting_first(1, source=" ")),
}
MILESTONE: dict[str, Defect] = {
    **{rule: (sound.milestone, damage) for rule, damage in LOST.items()},
    "performance_is_known": (
        sound.milestone,
        without_in_other("performance", ONE),
    ),
    "plausible_year": (sound.milestone, setting_first(1, due_year=20160)),
    "due_year_is_written": (sound.milestone, setting_first(1, due_year=2031)),
    "reference_form": (sound.milestone, setting_first(1, decision="PS 2016-101")),
    "milestone_has_words": (sound.milestone, setting_first(1, title="-")),
    "section_is_known": (
        sound.milestone,
        without_in_other("document_section", in_first(sound.MILESTONES)),
    ),
    "span_within_section": (
        sound.milestone,
        setting_first(1, quote_start=9, quote_end=9),
    ),
    "words_at_their_place": (sound.milestone, setting_first(1, title="Start van de bouw")),
}
DEFECTS: dict[type[Table], dict[str, Defect]] = {
    core.DocumentPage: DOCUMENT_PAGE,
    core.DocumentBlock: DOCUMENT_BLOCK,
    documents.Document: REPORT,
    documents.DocumentSection: DOCUMENT_SECTION,
    documents.Performance: PERFORMANCE,
    documents.PerformanceField: PERFORMANCE_FIELD,
    documents.PerformanceName: PERFORMANCE_NAME,
    documents.PerformanceSuccession: PERFORMANCE_SUCCESSION,
    documents.Milestone: MILESTONE,
}
