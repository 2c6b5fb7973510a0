"""The tidy layer: typed, long, one subject a table; every row knows the release it came from."""

from __future__ import annotations

from warehouse.vocabulary import (
    Code,
    Count,
    Day,
    Euros,
    Flag,
    Hectares,
    Mapped,
    Number,
    Period,
    RegionCode,
    Table,
    Text,
    Year,
    field,
    key,
)

MISSING_REASONS = (
    "confidential",
    "unknown",
    "impossible",
    "not_published",
    "no_boundary",
    "not_allocatable",
    "withdrawn",
)
"""Why a figure is not there. Documented in `docs/missing-values.md`."""

STATUSES = ("provisional", "revised", "definitive", "not_stated")
REGION_KINDS = (
    "country",
    "part_of_country",
    "province",
    "corop",
    "municipality",
    "district",
    "neighbourhood",
    "business_park",
    "other",
)
REPORTS = ("budget", "quarter_1", "quarter_2", "quarter_3", "quarter_4", "accounts")
SIDES = ("costs", "revenues", "balance")
PRECISIONS = ("day", "month", "year")
BLOCK_KINDS = ("heading", "paragraph", "item", "row", "line")


class Figure(Table):
    """One figure about one area, as published or counted: source, edition, area, period, measure and breakdown."""

    __tablename__ = "figure"
    __table_args__ = {"schema": "core"}

    source: Mapped[Code] = key("Which source of the catalogue.")
    edition: Mapped[Code] = key(
        "Which edition of the source; also the year in which its areas are cut."
    )
    region_code: Mapped[RegionCode] = key("The area, by its publisher's code, unpadded.")
    period: Mapped[Period] = key("What the figure is about.")
    measure: Mapped[Code] = key("Our name of the measure, from the source's declaration.")
    breakdown: Mapped[Code] = key(
        "Code of a further split (sector, report/function); `total` where there is none."
    )
    value: Mapped[Number | None] = field("The figure in `unit`, factor applied.")
    unit: Mapped[Code] = field("Unit of `value`.")
    status: Mapped[Code] = field("How final the publisher says it is.", choices=STATUSES)
    missing_reason: Mapped[Code | None] = field(
        "Why there is no value; null where there is one.", choices=MISSING_REASONS
    )
    release_id: Mapped[Code] = field("The release that says so.")


class Region(Table):
    """One area in the cut of one edition: its code, name, kind and municipality."""

    __tablename__ = "region"
    __table_args__ = {"schema": "core"}

    source: Mapped[Code] = key("Which source lists the area.")
    edition: Mapped[Code] = key("Edition of that source.")
    region_code: Mapped[RegionCode] = key("The publisher's code, unpadded.")
    name: Mapped[Text] = field("Name as published, padding stripped. Never joined on.")
    kind: Mapped[Code] = field("What sort of area it is.", choices=REGION_KINDS)
    municipality_code: Mapped[RegionCode | None] = field(
        "Municipality the area lies in; null above that level or where unknown."
    )
    comparable: Mapped[Flag | None] = field(
        "Whether the area is the same as in the edition before; null where the publisher does not say."
    )
    release_id: Mapped[Code] = field("The release that says so.")


class Outline(Table):
    """The outline of one area in one year, in RD metres (EPSG:28992), with the area it encloses."""

    __tablename__ = "outline"
    __table_args__ = {"schema": "core"}

    source: Mapped[Code] = key("Which source published the outline.")
    edition: Mapped[Code] = key("Year in which the area is cut.")
    region_code: Mapped[RegionCode] = key("The area's CBS code.")
    geojson: Mapped[Text] = field("GeoJSON geometry, coordinates in EPSG:28992.")
    area_ha: Mapped[Hectares] = field(
        "Area enclosed by the outline; generalised outlines differ a little from the land register."
    )
    release_id: Mapped[Code] = field("The release that says so.")


class PostcodeArea(Table):
    """How many addresses of one postcode lie in one neighbourhood, in the cut of one year."""

    __tablename__ = "postcode_area"
    __table_args__ = {"schema": "core"}

    source: Mapped[Code] = key("Which source says so.")
    edition: Mapped[Code] = key("Year in which the neighbourhoods are cut.")
    postcode: Mapped[Code] = key("Postcode of six positions, without the space.")
    neighbourhood_code: Mapped[RegionCode] = key("The neighbourhood.")
    addresses: Mapped[Count] = field("House numbers that the publisher lists there.")
    release_id: Mapped[Code] = field("The release that says so.")


class BudgetLine(Table):
    """One cell of a province's Iv3 report: function or balance item by category, in euros."""

    __tablename__ = "budget_line"
    __many_rows__ = True
    __table_args__ = {"schema": "core"}

    source: Mapped[Code] = key("Which source of the catalogue.")
    edition: Mapped[Code] = key("Budget year of the table.")
    province_code: Mapped[RegionCode] = key("Province, `PV20` to `PV31`.")
    report: Mapped[Code] = key("Which report of the year; quarters are cumulative.")
    function_code: Mapped[Code] = key("Function, cost centre or balance item, unpadded.")
    category_code: Mapped[Code] = key("Economic category, unpadded; `L` costs, `B` revenues.")
    function_name: Mapped[Text] = field("Title of the function as published.")
    function_kind: Mapped[Code] = field(
        "What the code is.", choices=("function", "cost_centre", "balance_item")
    )
    side: Mapped[Code] = field("Which side of the books.", choices=SIDES)
    amount_eur: Mapped[Euros | None] = field(
        "Second placement where there is one, else the first; euros."
    )
    first_amount_eur: Mapped[Euros | None] = field(
        "First placement (10 days after the deadline); euros."
    )
    placement: Mapped[Code | None] = field(
        "Which placement `amount_eur` is.", choices=("first", "second")
    )
    status: Mapped[Code] = field("How final the publisher says it is.", choices=STATUSES)
    missing_reason: Mapped[Code | None] = field("Why there is no amount.", choices=MISSING_REASONS)
    release_id: Mapped[Code] = field("The release that says so.")


class Establishment(Table):
    """One establishment in a registry extract on its reference date. Stays in `core`: it names firms."""

    __tablename__ = "establishment"
    __table_args__ = {"schema": "core"}

    source: Mapped[Code] = key("Which source of the catalogue.", repeats=True)
    edition: Mapped[Code] = key("Reference date of the extract.", repeats=True)
    establishment_id: Mapped[Code] = field(
        "Number of the establishment in the register.", sensitive=True
    )
    row_number: Mapped[Count] = key("Row in the extract, counted from 1; the extract's own order.")
    company_id: Mapped[Code | None] = field("Number of the company.", sensitive=True)
    trade_name: Mapped[Text | None] = field("Trade name.", sensitive=True)
    postcode: Mapped[Code | None] = field("Postcode without the space.", sensitive=True)
    postcode4: Mapped[Code | None] = field("The four digits of the postcode.", repeats=True)
    place: Mapped[Text | None] = field("Place name as given. Never joined on.", repeats=True)
    municipality_code: Mapped[RegionCode | None] = field(
        "Municipality, where the supplier gives its code.", repeats=True
    )
    neighbourhood_code: Mapped[RegionCode | None] = field(
        "Neighbourhood, where the supplier gives its code.", repeats=True
    )
    sbi_code: Mapped[Code | None] = field("Main activity, leading zeros kept.", repeats=True)
    sbi_edition: Mapped[Code] = field(
        "Edition of the activity code.", choices=("2008", "2025"), repeats=True
    )
    sbi_2008: Mapped[Code | None] = field(
        "The same activity in SBI 2008, where the supplier gives it beside that of 2025.",
        repeats=True,
    )
    working_persons: Mapped[Count | None] = field("Working persons, owners included.")
    start_date: Mapped[Day | None] = field(
        "When the establishment started; the first day of the month or year where no more is known."
    )
    start_known_to: Mapped[Code | None] = field(
        "How exactly the start is known; null where it is not.", choices=PRECISIONS, repeats=True
    )
    end_date: Mapped[Day | None] = field(
        "When it ended; the first day of the month or year where no more is known."
    )
    end_known_to: Mapped[Code | None] = field(
        "How exactly the end is known; null where there is none.", choices=PRECISIONS, repeats=True
    )
    reference_date: Mapped[Day] = field("Date on which the row holds.")
    release_id: Mapped[Code] = field("The release that says so.", repeats=True)


class Contribution(Table):
    """What stands behind one figure counted from single establishments. Stays in `core`: it is what is protected."""

    __tablename__ = "contribution"
    __table_args__ = {"schema": "core"}

    source: Mapped[Code] = key("Which source of the catalogue.")
    edition: Mapped[Code] = key("Reference date of the extract.")
    region_code: Mapped[RegionCode] = key("The area of the figure.")
    period: Mapped[Period] = key("What the figure is about.")
    measure: Mapped[Code] = key("The measure of the figure.")
    breakdown: Mapped[Code] = key("The breakdown of the figure.")
    contributors: Mapped[Count] = field("Establishments that contribute to the figure.")
    largest: Mapped[Number] = field(
        "Largest contribution of one establishment, in the figure's unit; 0 where there is none."
    )
    second_largest: Mapped[Number] = field(
        "Largest contribution but one; 0 where fewer than two contribute."
    )
    release_id: Mapped[Code] = field("The release that it is counted from.")


class Company(Table):
    """One anonymous company of the registry's open bulk file (BV and NV only): no number, name or address."""

    __tablename__ = "company"
    __table_args__ = {"schema": "core"}

    source: Mapped[Code] = key("Which source of the catalogue.")
    edition: Mapped[Code] = key("Day on which the file was published.")
    row_number: Mapped[Count] = key("Row in the file, counted from 1: the file has no other key.")
    start_year: Mapped[Year | None] = field(
        "Year of the start date; null where the register has none."
    )
    start_date: Mapped[Day | None] = field("Start date where day and month are known.")
    active: Mapped[Flag] = field("Whether the company is active.")
    insolvency: Mapped[Code | None] = field(
        "Insolvency code; null where there is none.", choices=("FAIL", "SSAN", "SURS")
    )
    legal_form: Mapped[Code] = field("Legal form as published.")
    postcode_region: Mapped[Code | None] = field("First two digits of the postcode.")
    main_sbi: Mapped[Code | None] = field(
        "Main activity, leading zeros kept; four digits is SBI 2008, five SBI 2025."
    )
    release_id: Mapped[Code] = field("The release that says so.")


class DocumentPage(Table):
    """One page or file of a document, as received: its bytes by hash, how they were read, or why not."""

    __tablename__ = "document_page"
    __table_args__ = {"schema": "core"}

    source: Mapped[Code] = key("Which source of the catalogue.")
    edition: Mapped[Code] = key(
        "Edition of the source: a site's document, or `all` that was dropped."
    )
    page: Mapped[Count] = key("Number of the page in the release, from 1.")
    document_id: Mapped[Code] = field(
        "The document: the edition of a site, or `text-` and a hash of the words of a file."
    )
    name: Mapped[Text] = field("Name of the file, or of the last part of the address.")
    url: Mapped[Text | None] = field("Where it was fetched or saved from.")
    title: Mapped[Text | None] = field("Title that the format gives.")
    media_type: Mapped[Code] = field("Format.")
    sha256: Mapped[Code] = field("Hash of the bytes as received.")
    text_sha256: Mapped[Code | None] = field("Hash of its words; null where it was refused.")
    bytes: Mapped[Count] = field("Size as received.")
    charset: Mapped[Code | None] = field("Charset in which it was read.")
    charset_from: Mapped[Code | None] = field(
        "Whence the charset.", choices=("bom", "http", "meta", "utf-8", "guess")
    )
    mojibake: Mapped[Count] = field("Places that look like text once read in a wrong charset.")
    refused: Mapped[Text | None] = field("Why it could not be read; null where it was.")
    release_id: Mapped[Code] = field("The release that holds it.")


class DocumentBlock(Table):
    """One block of a page in reading order: a heading, paragraph, list item, table row or line of text."""

    __tablename__ = "document_block"
    __table_args__ = {"schema": "core"}

    source: Mapped[Code] = key("Which source of the catalogue.")
    edition: Mapped[Code] = key("Edition of the source.")
    page: Mapped[Count] = key("Page in the release.")
    position: Mapped[Count] = key("Place on the page, from 1.")
    document_id: Mapped[Code] = field("The document.")
    kind: Mapped[Code] = field("What the markup says it is.", choices=BLOCK_KINDS)
    level: Mapped[Count] = field("Level of a heading or list; number of a table.")
    gap: Mapped[Flag] = field("Whether it stands apart from the block before.")
    links: Mapped[Text | None] = field("Addresses that it links to, parted by blanks.")
    text: Mapped[Text] = field("Its words; cells of a table row parted by tabs.")
    release_id: Mapped[Code] = field("The release that holds it.")


TABLES: tuple[type[Table], ...] = (
    Figure,
    Region,
    Outline,
    PostcodeArea,
    BudgetLine,
    Establishment,
    Contribution,
    Company,
    DocumentPage,
    DocumentBlock,
)
