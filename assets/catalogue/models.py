"""The typed models of a catalogue entry: what must be declared, and what is refused.

Nothing that matters has a default: the floor on rows, the licence, the grain and the cadence
of a source are written down by whoever adds it. Reading files is `loading`'s work.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from assets.catalogue.calculations import Index, Quotient, Ratio
from assets.catalogue.concordance_models import SECTIONS, Concordance
from assets.catalogue.document_models import DocumentType
from assets.catalogue.entry import Entry, Identifier, SiteId
from warehouse.tables.core import MISSING_REASONS

MissingReason = Literal[
    "confidential",
    "unknown",
    "impossible",
    "not_published",
    "no_boundary",
    "not_allocatable",
    "withdrawn",
]
assert set(MissingReason.__args__) == set(MISSING_REASONS)  # type: ignore[attr-defined]

Protocol = Literal[
    "cbs_v3",
    "cbs_v4",
    "ogc_features",
    "wfs",
    "bulk_file",
    "inbox",
    "budget_site",
    "dropped_documents",
]
Publisher = Literal[
    "cbs_v3", "cbs_third_party", "cbs_v4", "kvk", "geo", "ibis", "inbox", "budget_documents"
]
Subject = Literal[
    "figures",
    "budgets",
    "establishments",
    "companies",
    "business_parks",
    "outlines",
    "addresses",
    "documents",
]
COUNTED_MEASURES: dict[str, tuple[str, ...]] = {
    "budgets": ("costs", "revenues"),
    "establishments": (
        "establishments",
        "jobs",
        "previous_establishments",
        "births",
        "deaths",
        "moves_in",
        "moves_out",
        "net_relocation",
        "other_in",
        "other_out",
    ),
    "companies": ("companies_active", "company_starts"),
}
"""Measures that we add up or count ourselves, by subject; other subjects declare theirs."""

SIZE_CLASSES = ("size_0_1", "size_2_9", "size_10_49", "size_50_99", "size_100_plus")
"""Breakdowns by working persons in which establishments are counted; together they are all."""
Level = Literal["site", "neighbourhood", "district", "municipality", "corop", "province", "country"]


# -- sources ---------------------------------------------------------------------------------
class Titled(Entry):
    """A topic by its title, because the numbered column name of v3 differs between years."""

    title: str
    group: str | None = None
    """Title of the topic group it stands under; needed where the title occurs twice."""


class Measure(Entry):
    """One measure of a source: how each protocol names it, its unit and factor."""

    v4: str | None = None
    """Measure code in v4, which is stable through the years."""
    titles: tuple[Titled, ...] = ()
    """Titles under which it has been published (v3, and v4 where no code is known); the first
    that the edition has is taken."""
    field: str | None = None
    """Name of the property, for features."""
    published_unit: tuple[str, ...]
    """Units as the publisher writes them; any other unit blocks the source."""
    unit: str
    """Unit of the figure after `factor` is applied."""
    factor: float = 1.0
    required: bool
    """Whether an edition without it is refused."""

    @model_validator(mode="after")
    def some_code(self) -> Self:
        if not (self.v4 or self.titles or self.field):
            raise ValueError(
                "say how the publisher names it: `v4: <code>`, `titles: [{title: ...}]` "
                "or `field: <property>`"
            )
        return self


class Missing(Entry):
    """What the publisher's signs for a missing value mean, in our words."""

    signs: dict[str, MissingReason]
    """Sign as published -> reason: `.`, blank (`""`), `x`, `-99997`, or a v4 ValueAttribute."""
    null: MissingReason
    """What a JSON null or an absent value means where no sign is given."""
    empty_column: MissingReason = "not_published"
    """What it means where a whole measure is empty in an edition."""


class SiteOfDocument(Entry):
    """The site on which one planning & control document is published."""

    organisation: SiteId
    document_type: DocumentType
    year: int
    edition: Annotated[str, StringConstraints(pattern=r"^[1-9]$")] | None = None
    """Which of the year's documents of its type."""
    generation: Literal[1, 2]
    """1: a site a document, pages at `/p<number>/<slug>`; 2: a document a folder of one site, pages
    at `/<document>/programma/<slug>` and the like."""
    max_pages: int = Field(ge=1)
    """Pages that are fetched at most; a site with more is refused."""


class EditionOf(Entry):
    """A known edition of a series: the publisher's id, and what is particular about it."""

    id: str
    note: str | None = None
    region: str | None = None
    """The dimension that holds the area, where this edition calls it otherwise."""
    document: SiteOfDocument | None = None
    """What the document is, of a budget site; then `id` is the address of its first page."""


class Discovery(Entry):
    """How editions that nobody declared are found in the publisher's catalogue."""

    title_pattern: str
    """Regular expression on the stripped title, with a group `edition`."""
    catalog: str | None = None
    """Catalogue of the publisher to look in (`CBS`, `IV3`)."""


class Column(Entry):
    """A column of a file: the header (or headers) under which a supplier writes it."""

    header: tuple[str, ...]
    required: bool = True


class Supplier(Entry):
    """How one supplier of extracts writes its files."""

    file_pattern: str
    """Regular expression on the file name, with a group `edition` (the reference date)."""
    columns: dict[str, Column]
    sbi_edition: Literal["2008", "2025"] | None = None
    """Edition of the activity codes, where it writes any."""
    synthetic: bool


class Disclosure(Entry):
    """What may be shown of figures that are counted from single establishments."""

    minimum_contributors: int = Field(ge=3)
    """Fewest establishments behind a figure. With two, each knows the other's."""
    p_percent: float = Field(gt=0, lt=100)
    """The p% rule: nobody who contributes may come to know another's contribution closer than this."""


class Within(Entry):
    """The sum of some breakdowns is at most that of others, because it counts a part of them."""

    whole: tuple[str, ...] = Field(min_length=1)
    """Breakdowns that do not overlap each other."""
    parts: tuple[str, ...] = Field(min_length=1)
    """Breakdowns that do not overlap each other, each inside `whole`."""


class Source(Entry):
    """A source as a series of editions: where it comes from, what it holds, what is expected."""

    name: Identifier
    title_nl: str
    title_en: str
    publisher: Publisher
    protocol: Protocol
    subject: Subject
    grain: str
    """What one row is."""
    cadence_days: int = Field(gt=0)
    row_floor: int = Field(ge=1)
    """Fewest rows in an edition; fewer blocks the source."""
    row_ceiling: int = Field(ge=1)
    """Most rows in an edition; more is shown as a warning."""
    licence: str
    attribution: str
    editions: dict[str, EditionOf]
    discovery: Discovery | None = None
    missing: Missing
    measures: dict[Identifier, Measure] = {}
    region: str | None = None
    """The dimension that holds the area."""
    period: str | None = None
    """The dimension that holds the period; none where the edition is the period."""
    breakdown: str | None = None
    """The dimension by which figures are split further, such as the sector."""
    not_taken: tuple[str, ...] = ()
    """What is known and left out of core: topics by title, all topics directly under a group as
    `<group>: *`, columns by header, `*` for all that is not taken."""
    sample_row_floor: int | None = None
    """Floor that holds for the bundled sample, which is a cut of the table."""
    path: str | None = None
    """Path below the publisher's base address, for files and features; `{edition}` in it stands for
    the edition."""
    query: dict[str, str] = {}
    only_for: Literal["polygon", "postcodes"] | None = None
    """Asked every night only where a boundary of a site is said so; nobody else needs it."""
    suppliers: dict[Identifier, Supplier] = {}
    groups_of_codes: dict[Identifier, tuple[str, ...]] = {}
    """Sets of activity codes by prefix, counted as breakdowns `sbi_<name>`."""
    sectors: dict[Identifier, tuple[str, ...]] = {}
    """Sections of SBI 2025 taken together, counted as breakdowns `sector_<name>`."""
    concordances: tuple[Concordance, ...] = ()
    """How codes of another edition are counted; filled in from the catalogue's concordances."""
    disclosure: Disclosure | None = None
    """Rules for what is counted from single establishments; must be there for such a source."""
    within: tuple[Within, ...] = ()
    """Which breakdowns are parts of which, so that none can be computed back from others. One that is
    no part here is taken for a part of `total`."""

    def region_of(self, edition: str) -> str:
        """The dimension that holds the area in one edition; empty where the source has none."""
        declared = self.editions.get(edition)
        return (declared.region if declared else None) or self.region or ""

    @model_validator(mode="after")
    def fits_its_subject(self) -> Self:
        if self.row_floor > self.row_ceiling:
            raise ValueError(f"row_floor {self.row_floor} is above row_ceiling {self.row_ceiling}")
        if self.subject == "figures" and not (self.measures and self.region):
            raise ValueError(
                "a source of figures declares `measures` and `region` "
                "(the dimension that holds the area)"
            )
        if self.protocol in ("cbs_v3", "cbs_v4") and not (self.editions or self.discovery):
            raise ValueError(
                "declare at least one edition (`editions: {'2020': {id: 84799NED}}`) or `discovery`"
            )
        if self.protocol == "inbox" and not self.suppliers:
            raise ValueError("a source from the inbox declares its `suppliers`")
        if self.subject == "establishments" and self.disclosure is None:
            raise ValueError(
                "a source of single establishments declares what may be shown of them: "
                "`disclosure: {minimum_contributors: 3, p_percent: 10}`"
            )
        letters = [letter for sections in self.sectors.values() for letter in sections]
        if self.sectors and sorted(letters) != sorted(SECTIONS):
            raise ValueError(
                "sectors: every section of SBI 2025 (A to V) is in one sector, and in one only; came: "
                f"{' '.join(sorted(letters))}"
            )
        for name, supplier in self.suppliers.items():
            if self.subject in ("establishments", "companies") and not supplier.sbi_edition:
                raise ValueError(f"supplier `{name}` writes activities: declare its `sbi_edition`")
        if self.protocol in ("ogc_features", "bulk_file") and not self.path:
            raise ValueError("declare the `path` below the publisher's base address")
        return self


# -- indicators ------------------------------------------------------------------------------
class Feed(Entry):
    """Figures that an indicator is made from."""

    source: Identifier
    measure: Identifier
    breakdown: str = "total"
    levels: tuple[Level, ...]
    """Levels at which the figure is published or counted."""


class Indicator(Entry):
    """One indicator with all that a reader needs to defend its figure."""

    id: Identifier
    catalogue_code: str | None
    version: str
    name_nl: str
    name_en: str
    definition_nl: str
    definition_en: str
    unit: str
    unit_factor: float
    direction: Literal["more_is_better", "less_is_better", "neutral"]
    theme: Identifier
    feeds: tuple[Feed, ...] = ()
    ratio: Ratio | None = None
    quotient: Quotient | None = None
    index: Index | None = None
    counted: Literal["decisions", "deviations", "milestones_met"] | None = None
    """What is counted in documents, by site and year."""
    aggregate_to: tuple[Literal["province"], ...] = ()
    """Levels made by us by adding up all municipalities, where allocation is `sum`."""
    levels: tuple[Level, ...]
    allocation: Literal["sum", "weighted_mean", "ratio_of_sums", "not_allocatable"]
    weight: Identifier | None = None
    """Indicator by which a weighted mean is weighted."""
    numerator: str | None
    denominator: str | None
    minimum_cell: int = Field(ge=0)
    rounding: str
    sbi_edition: Literal["2008", "2025"] | None
    valid_from: str | None
    valid_to: str | None
    owner: str
    licence: str

    @property
    def made_of(self) -> tuple[str, ...]:
        """Indicators of the same period that it is calculated from; of a ratio without those below."""
        if self.ratio:
            apportioned = self.ratio.apportioned
            return (*self.ratio.numerator, *([apportioned.of] if apportioned else []))
        if self.quotient:
            return (self.quotient.share,)
        return self.index.shares if self.index else ()

    @model_validator(mode="after")
    def made_one_way(self) -> Self:
        ways = (self.feeds, self.ratio, self.quotient, self.index, self.counted)
        if [bool(way) for way in ways].count(True) != 1:
            raise ValueError(
                "an indicator has either `feeds`, a `ratio`, a `quotient`, an `index` or what is "
                "`counted` in documents: one of them, not several and not none"
            )
        if self.counted and self.levels != ("site",):
            raise ValueError("what is counted in documents exists for sites: `levels: [site]`")
        taken: set[str] = set()
        for feed in self.feeds:
            twice = taken & set(feed.levels)
            if twice:
                raise ValueError(
                    f"two feeds claim the level(s) {sorted(twice)}; a level is fed by one source, "
                    "or the series would mix"
                )
            taken |= set(feed.levels)
        if twice := taken & set(self.aggregate_to):
            raise ValueError(f"{sorted(twice)} is both fed and aggregated; keep one of the two")
        if self.allocation == "weighted_mean" and not self.weight:
            raise ValueError("a weighted mean names the indicator it is weighted by in `weight`")
        if self.allocation == "ratio_of_sums" and not (self.ratio or self.quotient or self.index):
            raise ValueError("`ratio_of_sums` needs a `ratio`, or what is made of ratios")
        if self.aggregate_to and self.allocation != "sum":
            raise ValueError("only an indicator whose allocation is `sum` can be aggregated")
        return self


# -- locations -------------------------------------------------------------------------------
class Province(Entry):
    """A province, and its municipalities as far as a source says so."""

    code: Annotated[str, StringConstraints(pattern=r"^PV\d{2}$")]
    name: str
    municipalities: tuple[Annotated[str, StringConstraints(pattern=r"^GM\d{4}$")], ...] = ()
    source: str
