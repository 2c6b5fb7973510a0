"""For every rule of what is found in documents a defect that it must find."""

from __future__ import annotations

import datetime as dt

import polars as pl

from tests.expectations import sound_findings as sound
from tests.expectations.damage import (
    in_other,
    repeating,
    setting,
    setting_first,
    without_in_other,
)
from tests.expectations.defects_documents import LOST, SCRIPT, in_first
from tests.expectations.defects_figures import Defect
from tests.expectations.sound_documents import BUDGET, INTRO, PROGRESS, name_of
from warehouse.tables import findings
from warehouse.vocabulary import Table

REFERENCE = pl.col("reference")
DECISION: dict[str, Defect] = {
    **{rule: (sound.decision, damage) for rule, damage in LOST.items()},
    "reference_form": (sound.decision, setting_first(1, reference="PS/2016/101a")),
    "body_as_in_reference": (sound.decision, setting_first(1, body="GS")),
    "year_as_in_reference": (sound.decision, setting_first(1, year=2061)),
    "plausible_year": (sound.decision, setting_first(1, reference="PS/1016/101", year=1016)),
    "decided_before_documents": (
        sound.decision,
        setting_first(1, reference="PS/2023/101", year=2023),
    ),
    "referred_to_by_a_document": (sound.decision, setting_first(1, documents=0)),
    "title_without_markup": (sound.decision, setting_first(1, title=SCRIPT)),
}
ROOM = pl.col("amount_id") == "2016-room"
SINGLE = pl.col("amount_id") == "2016-rijk"
AMOUNT: dict[str, Defect] = {
    **{rule: (sound.amount, damage) for rule, damage in LOST.items()},
    "amounts_add_up": (sound.amount, setting(ROOM, value=5000.0, amount_eur=5e6)),
    "euros_are_value_times_factor": (sound.amount, setting(ROOM, amount_eur=500.0)),
    "factor_of_publishers": (sound.amount, setting(ROOM, factor=100.0, amount_eur=50_000.0)),
    "confidence_is_a_share": (sound.amount, setting(ROOM, confidence=0.0)),
    "period_is_a_year": (sound.amount, setting(ROOM, period="2016/2017")),
    "performance_is_known": (
        sound.amount,
        without_in_other(
            "performance",
            (pl.col("code") == "8.1.5") & (pl.col("document_id") == name_of(2016)),
        ),
    ),
    "no_amount_in_a_status": (
        sound.amount,
        in_other(
            "performance",
            pl.col("code") == "8.1.5",
            finance="Geen afwijking.",
            finance_status="on_track",
        ),
    ),
    "parts_make_the_total": (
        sound.amounts_of_a_table,
        setting(pl.col("row_label") == "Totaal", value=40_900.0),
    ),
    "section_is_known": (sound.amount, without_in_other("document_section", in_first(BUDGET))),
    "span_within_section": (sound.amount, setting(SINGLE, quote_end=4000)),
    "words_at_their_place": (sound.amount, setting(SINGLE, value=8.5, amount_eur=8.5e6)),
}
TOTAL_AREA, A_SHARE = pl.col("part") == "total", pl.col("value") == 62.5
QUANTITY: dict[str, Defect] = {
    **{rule: (sound.quantity, damage) for rule, damage in LOST.items()},
    "parts_make_the_whole": (sound.quantity, setting(TOTAL_AREA, value=12.0)),
    "quantity_is_possible": (sound.quantity, setting(A_SHARE, value=162.5)),
    "confidence_is_a_share": (sound.quantity, setting(A_SHARE, confidence=0.0)),
    "party_is_known": (
        sound.quantity,
        without_in_other("organisation", pl.col("organisation_id") == "proefbedrijf"),
    ),
    "performance_is_known": (
        sound.quantity,
        without_in_other(
            "performance",
            (pl.col("code") == "5.1.2") & (pl.col("document_id") == name_of(2016)),
        ),
    ),
    "section_is_known": (sound.quantity, without_in_other("document_section", in_first(INTRO))),
    "span_within_section": (sound.quantity, setting_first(1, quote_end=4000)),
    "words_at_their_place": (sound.quantity, setting_first(1, value=52.5)),
}
ORGANISATION: dict[str, Defect] = {
    **{rule: (sound.organisation, damage) for rule, damage in LOST.items()},
    "readable_id": (sound.organisation, setting_first(1, organisation_id="Provincie ")),
    "name_given": (sound.organisation, setting_first(1, name="-")),
    "name_without_padding": (sound.organisation, setting_first(1, name="Provincie Voorbeeld ")),
    "name_without_markup": (sound.organisation, setting_first(1, name=SCRIPT)),
    "site_is_a_location": (sound.organisation, setting_first(1, location_id="nergens")),
    "one_organisation_a_name": (
        sound.organisation,
        setting_first(1, name="MODELFABRIEK"),
    ),
    "source_given": (sound.organisation, setting_first(1, source=" ")),
}
PERSON_ROLE: dict[str, Defect] = {
    **{rule: (sound.person_role, damage) for rule, damage in LOST.items()},
    "person_has_a_name": (sound.person_role, setting_first(1, person="Daarnaast")),
    "role_has_words": (sound.person_role, setting_first(1, role="")),
    "person_without_markup": (sound.person_role, setting_first(1, person=f"Truus {SCRIPT}")),
    "organisation_is_known": (
        sound.person_role,
        without_in_other("organisation", pl.col("organisation_id") == "provincie-voorbeeld"),
    ),
    "dated_as_the_words_are": (sound.person_role, setting_first(1, since=None, valid_from=None)),
    "first_day_in_the_year_written": (
        sound.person_role,
        setting_first(1, since="eind november", valid_from=dt.date(2019, 11, 21)),
    ),
    "confidence_is_a_share": (sound.person_role, setting_first(1, confidence=1.5)),
    "section_is_known": (
        sound.person_role,
        without_in_other("document_section", in_first(PROGRESS)),
    ),
    "span_within_section": (sound.person_role, setting_first(1, quote_start=-1)),
}
RELATION: dict[str, Defect] = {
    **{rule: (sound.relation, damage) for rule, damage in LOST.items()},
    "two_different_things": (sound.relation, setting_first(1, object_id="proefbedrijf")),
    "organisations_are_known": (sound.relation, setting_first(1, object_id="luchtkasteel")),
    "confidence_is_a_share": (sound.relation, setting_first(1, confidence=0.0)),
    "section_is_known": (
        sound.relation,
        without_in_other("document_section", in_first(PROGRESS)),
    ),
    "span_within_section": (sound.relation, setting_first(1, quote_end=0)),
    "words_at_their_place": (sound.relation, setting_first(1, quote="oprichter van Modelfabriek")),
}
STATEMENT: dict[str, Defect] = {
    **{rule: (sound.statement, damage) for rule, damage in LOST.items()},
    "quotation_is_a_sentence": (sound.statement, setting_first(1, text="de basis")),
    "words_without_their_marks": (sound.statement, setting_first(1, text="‘Hier groeit de stad’")),
    "role_has_its_speaker": (sound.statement, setting_first(1, speaker=None)),
    "dated_as_the_words_are": (
        sound.statement,
        setting_first(1, time=None, time_precision="year"),
    ),
    "said_once": (
        sound.statement,
        repeating(pl.col("statement_id") == "s2016", statement_id="s2016-2"),
    ),
    "confidence_is_a_share": (sound.statement, setting_first(1, confidence=90.0)),
    "section_is_known": (
        sound.statement,
        without_in_other("document_section", in_first(PROGRESS)),
    ),
    "span_within_section": (sound.statement, setting_first(1, quote_start=5000, quote_end=5010)),
    "words_at_their_place": (
        sound.statement,
        setting(pl.row_index() == 0, quote_start=pl.col("quote_start") + 1),
    ),
}
EVIDENCE: dict[str, Defect] = {
    **{rule: (sound.evidence, damage) for rule, damage in LOST.items()},
    "location_is_known": (sound.evidence, setting_first(1, location_id="luchthaven-twente")),
    "subject_is_known": (
        sound.evidence,
        without_in_other("decision", REFERENCE == "PS/2016/101"),
    ),
    "no_generic_word_is_a_name": (sound.evidence, setting_first(1, quote="Topwerklocaties")),
    "relation_fits_subject": (sound.evidence, setting_first(1, relation="partner_in")),
    "decision_about_few_locations": (
        sound.evidence,
        setting(
            pl.col("subject_kind") == "decision",
            subject_id="PS/2016/101",
            document_id=name_of(2016),
            location_id=pl.concat_str(pl.lit("terrein-"), pl.row_index().cast(pl.String)),
        ),
    ),
    "amount_is_never_split": (
        sound.evidence,
        repeating(
            pl.col("evidence_id") == "2016-amount",
            evidence_id="2016-amount-2",
            location_id="kennispark-twente",
        ),
    ),
    "reason_given": (sound.evidence, setting_first(1, reason="")),
    "confidence_is_a_share": (sound.evidence, setting_first(1, confidence=-0.1)),
    "section_is_known": (sound.evidence, without_in_other("document_section", in_first(INTRO))),
    "span_within_section": (sound.evidence, setting_first(1, quote_end=100_000)),
    "words_at_their_place": (sound.evidence, setting_first(1, quote="Kennispark Twente")),
}
LOCATION_SET: dict[str, Defect] = {
    **{rule: (sound.location_set, damage) for rule, damage in LOST.items()},
    "as_many_as_the_text_says": (sound.location_set, setting_first(1, declared_count=4)),
    "members_are_counted": (
        sound.location_set,
        setting_first(1, members="hessenpoort; hessenpoort"),
    ),
    "members_are_locations": (
        sound.location_set,
        setting_first(1, members="hessenpoort; het A1-terrein"),
    ),
    "section_is_known": (
        sound.location_set,
        without_in_other("document_section", in_first(INTRO)),
    ),
    "span_within_section": (sound.location_set, setting_first(1, quote_end=4000)),
}
DEFECTS: dict[type[Table], dict[str, Defect]] = {
    findings.Decision: DECISION,
    findings.Amount: AMOUNT,
    findings.Quantity: QUANTITY,
    findings.Organisation: ORGANISATION,
    findings.PersonRole: PERSON_ROLE,
    findings.Relation: RELATION,
    findings.Statement: STATEMENT,
    findings.Evidence: EVIDENCE,
    findings.LocationSet: LOCATION_SET,
}
