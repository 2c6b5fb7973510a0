"""What must hold of `core.budget_line`: provinces' own Iv3 reports, unedited by CBS.

CBS publishes these as received ("onbewerkt") and checks nothing, so oddities are expected and
shown, and only what no report can mean blocks. Checked on the complete table of 2013.
"""

from __future__ import annotations

from expectations.claims import at_least, at_most, between, holds, matches
from expectations.history import floor_on_rows, row_counts
from expectations.rules import Rule, Severity
from expectations.suites.budget_views import (
    codes,
    costs_and_revenues,
    money_in_reports,
    provinces,
    provinces_before,
    quarters,
    reports,
    reports_before,
    share_emptied,
    sides,
    whole_table,
)
from warehouse.tables.core import REPORTS

CRITICAL, WARNING, ROW = Severity.CRITICAL, Severity.WARNING, Severity.ROW

RULES: tuple[Rule, ...] = (
    *row_counts(),
    floor_on_rows(),
    Rule(
        name="no_province_disappears",
        severity=CRITICAL,
        reason="A province that did not deliver is in the table with empty cells; one that is gone "
        "altogether was lost on the way.",
        expect=holds("still_there"),
        over=provinces_before,
    ),
    Rule(
        name="twelve_provinces",
        severity=WARNING,
        reason="The national table has all twelve provinces, also those that did not deliver.",
        expect=between("provinces", 12, 12),
        over=whole_table,
    ),
    Rule(
        name="province_codes",
        severity=ROW,
        reason="Provinces are coded PV20 to PV31; another code is padded or no province.",
        expect=matches("province_code", r"^PV(?:2\d|3[01])$"),
        over=provinces,
        rows_by=("province_code",),
        at_most=0.1,
    ),
    Rule(
        name="six_reports",
        severity=WARNING,
        reason="A complete year has a budget, four quarters and accounts; during the year the "
        "later ones are not there yet.",
        expect=between("reports", len(REPORTS), len(REPORTS)),
        over=provinces,
    ),
    Rule(
        name="every_function_in_every_report",
        severity=CRITICAL,
        reason="The table is a full cross product: a report that lacks functions was cut off "
        "between two pages.",
        expect=at_most("codes_lacking", 0),
        over=reports,
    ),
    Rule(
        name="same_cells_in_every_report",
        severity=WARNING,
        reason="The table is a full cross product of 108 codes by 56 categories (6,048 cells in "
        "each of the 72 reports of 2013); fewer cells in one report are cells lost.",
        expect=at_most("cells_lacking", 0),
        over=reports,
    ),
    Rule(
        name="delivered_reports",
        severity=WARNING,
        reason="A province that did not deliver a report has `.` in every cell of it, which is not "
        "zero; one whose cells are all zero reported nothing either.",
        expect=at_least("not_zero", 1),
        over=reports,
    ),
    Rule(
        name="no_report_emptied",
        severity=WARNING,
        reason="A report that was delivered and had amounts stays delivered; a province that "
        "withdraws one is worth a call.",
        expect=at_least("not_zero", 1),
        over=reports_before,
    ),
    Rule(
        name="reports_not_emptied_together",
        severity=CRITICAL,
        reason="Provinces do not withdraw their reports together: a tenth of them all empty or "
        "all zero now is a misread column (hazard D3).",
        expect=at_most("share_emptied", 0.1),
        over=share_emptied,
    ),
    Rule(
        name="costs_equal_revenues",
        severity=WARNING,
        reason="Over functions 0 to 9, where the result is booked too, costs equal revenues in "
        "budget and accounts; 19 of the 24 reports of 2013 do so within 0.1 %.",
        expect=at_most("share_off", 0.001),
        over=costs_and_revenues,
    ),
    Rule(
        name="reports_balance_together",
        severity=CRITICAL,
        reason="Of the 24 reports of 2013 five are unbalanced, by 3.4 % at most; a quarter of all "
        "off by a tenth means that functions or one side were lost, not that provinces err.",
        expect=at_most("share_unbalanced", 0.25),
        over=money_in_reports,
    ),
    Rule(
        name="quarters_cumulative_over_functions",
        severity=WARNING,
        reason="Quarters are reported from 1 January on, so costs over the functions do not fall "
        "from one quarter to the next (true of all provinces in 2013).",
        expect=at_least("rise", 0),
        over=quarters("function"),
    ),
    Rule(
        name="quarters_cumulative_over_all_codes",
        severity=WARNING,
        reason="Costs over functions, cost centres and balance items together are cumulative too; "
        "in 2013 Groningen's fell from 587,583 to 519,811 thousand in the fourth quarter, which a "
        "check must find (hazard D9).",
        expect=at_least("rise", 0),
        over=quarters("all"),
    ),
    Rule(
        name="quarter_costs_not_negative",
        severity=WARNING,
        reason="Costs since 1 January are not negative over all codes; in 2013 Flevoland's first "
        "quarter was -5,256 thousand, which a check must find (hazard D9).",
        expect=at_least("costs", 0),
        over=quarters("all"),
    ),
    Rule(
        name="placements_differ_little",
        severity=WARNING,
        reason="The second placement corrects the first: in 2013 no cell differs; over a twentieth "
        "means that the two columns are not the same report.",
        expect=at_most("share_differing", 0.05),
        over=whole_table,
    ),
    Rule(
        name="amounts_in_euros",
        severity=CRITICAL,
        reason="Amounts are published in thousands and kept in euros; budgets and accounts of 2013 "
        "cost 0.2 to 2.2 billion over the functions, so with a median under 20 million the factor "
        "is lost, and above 50 billion applied twice (hazard D12).",
        expect=between("median_costs", 20e6, 50e9),
        over=money_in_reports,
    ),
    Rule(
        name="amounts_within_bounds",
        severity=WARNING,
        reason="The largest cell of 2013 is 14.4 billion euro, Gelderland's short loans turned "
        "over; ten times that is a slip of the keyboard.",
        expect=at_most("largest", 150e9),
        over=whole_table,
    ),
    Rule(
        name="kind_follows_code",
        severity=CRITICAL,
        reason="Functions are numbered (`7.1`), cost centres start with `kp`, balance items with "
        "`A` or `P` (BBV code list): a code we cannot place would be summed as something else.",
        expect=holds("agree"),
        over=codes,
    ),
    Rule(
        name="side_follows_category",
        severity=CRITICAL,
        reason="Categories with `L` are costs (lasten), with `B` revenues (baten), and Primo and "
        "Ultimo are balances.",
        expect=holds("agree"),
        over=sides,
    ),
    Rule(
        name="one_name_a_function",
        severity=CRITICAL,
        reason="A code has one title in an edition; two titles mean that two code lists were "
        "joined.",
        expect=at_most("names", 1),
        over=codes,
    ),
    Rule(
        name="balance_sheet_balances",
        severity=WARNING,
        reason="At the end of the year assets (A) equal liabilities (P) in the accounts; in 2013 "
        "Drenthe and Zeeland are off by 0.9 and 1.6 %, the others by rounding.",
        expect=at_most("balance_off", 0.001),
        over=provinces,
    ),
    Rule(
        name="accounts_near_budget",
        severity=WARNING,
        reason="Accounts were 0.55 to 1.7 times the budget in 2013, reserves included; outside "
        "0.4 to 2.5 one of the two is of another year or unit.",
        expect=between("accounts_to_budget", 0.4, 2.5),
        over=provinces,
    ),
    Rule(
        name="costs_near_last_good",
        severity=WARNING,
        reason="A second placement corrects cells; a report whose costs move by a quarter "
        "against the last good one deserves a look.",
        expect=between("ratio", 0.75, 1.25),
        over=reports_before,
    ),
)
