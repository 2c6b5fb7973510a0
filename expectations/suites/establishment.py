"""What must hold of `core.establishment`: extracts of firms' establishments, by several suppliers.

The table names firms, so no sensitive column reaches an expectation: views say in booleans and
counts whether they are right. Layout: number of the company 8 digits and of the establishment 12
in the Handelsregister (KVK API), other registers have numbers of their own; postcode `1234AB`.
"""

from __future__ import annotations

from expectations.claims import at_least, at_most, between, holds, matches
from expectations.history import floor_on_rows, nothing_gone, row_counts
from expectations.rules import Rule, Severity
from expectations.suites.establishment_views import (
    digits,
    divisions,
    forms,
    jobs,
    jobs_against_last_good,
    neighbourhoods,
    number_lengths,
    reference_dates,
    repeated,
    starts_and_ends,
)
from expectations.views import distinct, filled_shares, referred

CRITICAL, WARNING, ROW = Severity.CRITICAL, Severity.WARNING, Severity.ROW

RULES: tuple[Rule, ...] = (
    *row_counts(),
    floor_on_rows(),
    Rule(
        name="establishment_number_form",
        severity=ROW,
        reason="Establishments are numbered in digits, 12 in the Handelsregister, fewer in other "
        "registers; anything else is a shifted column.",
        expect=holds("establishment_number"),
        over=forms,
        rows_by=("row_number",),
        at_most=0.05,
    ),
    Rule(
        name="establishment_numbers_of_one_length",
        severity=WARNING,
        reason="Numbers of one register are equally long; where they are not, leading zeros were "
        "lost in a spreadsheet, and such a number finds nothing.",
        expect=at_most("lengths", 1),
        over=number_lengths,
    ),
    Rule(
        name="company_number_form",
        severity=ROW,
        reason="The register numbers companies with 8 digits, leading zeros kept.",
        expect=holds("company_number"),
        over=forms,
        rows_by=("row_number",),
        at_most=0.05,
    ),
    Rule(
        name="postcode_form",
        severity=ROW,
        reason="A Dutch postcode is four digits, not starting with 0, and two letters; others "
        "place an establishment nowhere.",
        expect=holds("postcode_form"),
        over=forms,
        rows_by=("row_number",),
        at_most=0.05,
    ),
    Rule(
        name="postcode4_agrees",
        severity=CRITICAL,
        reason="We take the four digits from the postcode ourselves: they cannot differ.",
        expect=holds("postcode_agrees"),
        over=forms,
    ),
    Rule(
        name="no_exact_copies",
        severity=ROW,
        reason="A row that stands twice counts a firm twice; exact copies are dropped and counted "
        "(hazard D2).",
        expect=at_most("stood_before", 0),
        over=repeated,
        rows_by=("row_number",),
        at_most=0.05,
    ),
    Rule(
        name="no_contradicting_rows",
        severity=ROW,
        reason="Two rows with one establishment number that differ cannot both be true, and "
        "nothing tells which is: neither counts; over one in a hundred it is another sort of "
        "extract (hazard D2).",
        expect=holds("agreed"),
        over=repeated,
        rows_by=("row_number",),
        at_most=0.01,
    ),
    Rule(
        name="dates_readable",
        severity=ROW,
        reason="A start or end that is no date was read from another column; what is not known is "
        "left empty or has 00 for day or month.",
        expect=holds("readable"),
        over=starts_and_ends,
        rows_by=("start_date", "end_date", "end_known_to", "reference_date"),
        at_most=0.05,
    ),
    Rule(
        name="ends_after_it_starts",
        severity=ROW,
        reason="An establishment that ends before it starts would be counted among births and "
        "deaths of the wrong years.",
        expect=holds("in_order"),
        over=starts_and_ends,
        rows_by=("start_date", "end_date", "end_known_to", "reference_date"),
        at_most=0.05,
    ),
    Rule(
        name="starts_not_long_ahead",
        severity=ROW,
        reason="Registers take in firms that are about to start, but not a year before.",
        expect=holds("not_ahead"),
        over=starts_and_ends,
        rows_by=("start_date", "end_date", "end_known_to", "reference_date"),
        at_most=0.05,
    ),
    Rule(
        name="reference_date_is_edition",
        severity=ROW,
        reason="An extract holds on one reference date, by which it is filed; a row of another "
        "date, or of one that cannot be read, belongs to another extract.",
        expect=holds("same_day"),
        over=reference_dates,
        rows_by=("reference_date", "edition"),
        at_most=0.05,
    ),
    Rule(
        name="working_persons_plausible",
        severity=ROW,
        reason="No establishment in the Netherlands has more than 50,000 working persons, and "
        "none a negative number: such a value is a date, a number or a sentinel.",
        expect=between("working_persons", 0, 50_000),
        over=distinct("working_persons"),
        rows_by=("working_persons",),
        at_most=0.02,
    ),
    Rule(
        name="sbi_code_form",
        severity=ROW,
        reason="Activity codes have four or five digits, the leading zero kept (`01241`).",
        expect=matches("sbi_code", r"^\d{4,5}$"),
        over=distinct("sbi_code"),
        rows_by=("sbi_code",),
        at_most=0.05,
    ),
    Rule(
        name="sbi_2008_form",
        severity=ROW,
        reason="The activity in SBI 2008 has four or five digits; another length is cut off.",
        expect=matches("sbi_2008", r"^\d{4,5}$"),
        over=distinct("sbi_2008"),
        rows_by=("sbi_2008",),
        at_most=0.05,
    ),
    Rule(
        name="sbi_digits_fit_edition",
        severity=ROW,
        reason="All codes of SBI 2025 have five digits, those of SBI 2008 four or five (register "
        "converted 5-7 September 2025): a short code is of the edition before.",
        expect=at_most("short", 0),
        over=digits,
        rows_by=("sbi_code", "sbi_edition"),
        at_most=0.05,
    ),
    Rule(
        name="municipality_code_form",
        severity=ROW,
        reason="Municipalities are coded `GM` and four digits; without the prefix they join with "
        "nothing.",
        expect=matches("municipality_code", r"^GM\d{4}$"),
        over=distinct("municipality_code"),
        rows_by=("municipality_code",),
        at_most=0.05,
    ),
    Rule(
        name="neighbourhood_lies_in_municipality",
        severity=ROW,
        reason="The four digits after `BU` are the municipality; where a supplier gives two that "
        "differ, one of them is of another boundary year.",
        expect=holds("lies_in"),
        over=neighbourhoods,
        rows_by=("municipality_code", "neighbourhood_code"),
        at_most=0.05,
    ),
    Rule(
        name="municipalities_exist",
        severity=WARNING,
        reason="An establishment in a municipality that no area list knows counts nowhere.",
        expect=holds("known"),
        over=referred("municipality_code", "region", "region_code"),
    ),
    Rule(
        name="establishments_are_placed",
        severity=WARNING,
        reason="An establishment without a municipality is in no figure; more than 2 % of them "
        "makes every figure too low.",
        expect=at_least("share", 0.98),
        over=filled_shares("municipality_code"),
    ),
    Rule(
        name="activities_are_known",
        severity=WARNING,
        reason="Without an activity an establishment is in no cluster; the register has one for "
        "nearly all.",
        expect=at_least("share", 0.95),
        over=filled_shares("sbi_code"),
    ),
    Rule(
        name="some_working_persons",
        severity=CRITICAL,
        reason="An extract in which nobody works is one whose column we misread (hazard D3).",
        expect=at_least("jobs", 1),
        over=jobs,
    ),
    Rule(
        name="working_persons_known",
        severity=WARNING,
        reason="Jobs are counted over establishments that give them; where over 20 % do not, the "
        "sum is no longer the jobs of a place.",
        expect=at_most("share_unknown", 0.2),
        over=jobs,
    ),
    Rule(
        name="few_without_working_persons",
        severity=WARNING,
        reason="Holdings and dormant firms have none, but half an extract with 0 has had its "
        "unknowns written as 0: absent is not zero.",
        expect=at_most("share_none", 0.5),
        over=jobs,
    ),
    Rule(
        name="jobs_near_last_good",
        severity=WARNING,
        reason="A corrected delivery of the same reference date does not move jobs by a quarter.",
        expect=between("ratio", 0.75, 1.25),
        over=jobs_against_last_good,
    ),
    nothing_gone(
        "municipality_code",
        "municipality",
        CRITICAL,
        "A municipality that was in the extract of this date and is not in its new delivery was "
        "left out by the supplier.",
    ),
    Rule(
        name="activities_are_varied",
        severity=WARNING,
        reason="Over a thousand establishments fall in dozens of the 88 divisions; fewer than ten "
        "is a selection, and its totals are no totals.",
        expect=at_least("divisions", 10),
        over=divisions,
    ),
)
