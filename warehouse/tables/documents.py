"""Documents and what they report: sections, performances with their fields and names, milestones.

Positions of quotations count the characters of `document_section.text` from 0, the end not
included: `substr(text, quote_start + 1, quote_end - quote_start)` is the quotation.
"""

from __future__ import annotations

from warehouse.vocabulary import (
    Code,
    Count,
    Day,
    Flag,
    Instant,
    Mapped,
    Table,
    Text,
    Year,
    field,
    key,
)

DOCUMENT_TYPES = ("budget", "monitor", "annual_report", "perspective", "programme", "article")
STATUSES = ("on_track", "deviation", "unknown")
ROLES = (
    "intro",
    "context",
    "actions",
    "progress",
    "finance",
    "basics",
    "milestones",
    "indicators",
    "goal_tree",
    "other",
)
FIELDS = (
    "portfolio_holder",
    "role",
    "term",
    "reserve_relation",
    "websites",
    "milestones",
    "progress_colour",
    "finance_colour",
    "budget_change",
    "progress_text",
    "finance_text",
    "location_text",
    "partners_text",
    "ignored",
)
MART = {"schema": "mart"}


class Document(Table):
    """One planning & control document or article, as taken in: whose, which of its series, from which bytes."""

    __tablename__ = "document"
    __table_args__ = MART

    document_id: Mapped[Code] = key(
        "Edition of a site's document; of a dropped file `text-` and a hash of its words."
    )
    organisation: Mapped[Code | None] = field(
        "Whose document it is: an organisation's id; null where neither the document nor the catalogue says so."
    )
    document_type: Mapped[Code | None] = field("What sort of document.", choices=DOCUMENT_TYPES)
    year: Mapped[Year | None] = field("Year it is about; null where nothing says so.")
    edition: Mapped[Code | None] = field(
        "Which of the year's documents of its type (`1`, `2`); null where there is one."
    )
    not_before_year: Mapped[Year | None] = field(
        "It cannot be older: the newest year among the decisions that it refers to."
    )
    title: Mapped[Text] = field("Title as it stands above it.")
    name: Mapped[Text] = field("Name of the file, or the last part of the address.")
    url: Mapped[Text | None] = field("Where it was fetched or saved from.")
    published_on: Mapped[Day | None] = field("Date of publication that it states.")
    built_at: Mapped[Instant | None] = field("Moment at which its page was built, as it states.")
    exported_at: Mapped[Instant | None] = field("Moment of the export behind it, as it states.")
    media_type: Mapped[Code] = field("Format.")
    charset: Mapped[Code] = field("Charset in which it was read; several parted by `; `.")
    charset_from: Mapped[Code] = field(
        "Whence the charset: `bom`, `http`, `meta`, valid `utf-8`, or a `guess`."
    )
    mojibake: Mapped[Count] = field(
        "Places that look like text once read in a wrong charset; flagged, not repaired."
    )
    pages: Mapped[Count] = field("Pages read.")
    characters: Mapped[Count] = field("Characters of text.")
    performances_stated: Mapped[Count | None] = field(
        "How many performances it says it has; null where it does not say."
    )
    performances_found: Mapped[Count] = field("How many performances were found in it.")
    performances_missing: Mapped[Text | None] = field(
        "Performances that its goal tree names and that were not found, parted by `; `."
    )
    sha256: Mapped[Code] = field("Hash of the bytes as received.")
    text_sha256: Mapped[Code] = field("Hash of its words, blanks and doubled title lines aside.")
    release_id: Mapped[Code] = field("The release it came with.")
    synthetic: Mapped[Flag] = field("True where the document is invented.")


class DocumentSection(Table):
    """One section of a document: where it stands, what it is for, its text."""

    __tablename__ = "document_section"
    __table_args__ = MART

    document_id: Mapped[Code] = key("The document.")
    section: Mapped[Text] = key("Path of headings from the top, parted by ` > `.")
    position: Mapped[Count] = field("Order in the document, from 1.")
    heading: Mapped[Text] = field("Heading as written; empty before the first.")
    role: Mapped[Code] = field("What the section is for.", choices=ROLES)
    performance_code: Mapped[Code | None] = field("Performance it belongs to.")
    text: Mapped[Text] = field(
        "Text as written: paragraphs parted by an empty line, cells of a table by tabs."
    )
    truncated: Mapped[Flag] = field("True where the text breaks off with an ellipsis.")
    url: Mapped[Text | None] = field("Page on which it stands.")


class Performance(Table):
    """One performance (prestatie) as one document reports it."""

    __tablename__ = "performance"
    __table_args__ = MART

    document_id: Mapped[Code] = key("The document.")
    code: Mapped[Code] = key("Its number there (`5.1.2`), or a slug where it has none.")
    performance_id: Mapped[Code] = field(
        "Our own key, the same through the years although number and title change."
    )
    title: Mapped[Text] = field("Title as written.")
    goal_code: Mapped[Code | None] = field("Number of the goal it serves.")
    goal_title: Mapped[Text | None] = field("Title of that goal, where the document gives it.")
    task_code: Mapped[Code | None] = field("Number of the core task above the goal.")
    task_title: Mapped[Text | None] = field("Title of that task, where the document gives it.")
    actions: Mapped[Text | None] = field("What is to be done.")
    progress: Mapped[Text | None] = field("What is said of progress.")
    progress_status: Mapped[Code] = field(
        "What that comes to; `unknown` where it is not said in words we know.", choices=STATUSES
    )
    finance: Mapped[Text | None] = field("What is said of money.")
    finance_status: Mapped[Code] = field(
        "What that comes to; an empty field is `unknown`.", choices=STATUSES
    )
    portfolio_holder: Mapped[Text | None] = field("Who answers for it, as written.")
    role: Mapped[Text | None] = field("Role of the province, as written.")
    term: Mapped[Text | None] = field("How long it runs, as written.")
    reserve_relation: Mapped[Text | None] = field("Whether it draws on a reserve, as written.")
    reserve: Mapped[Text | None] = field("The reserve that the question names.")
    websites: Mapped[Text | None] = field(
        "Addresses, parted by blanks; the names as written where there are only names."
    )
    url: Mapped[Text | None] = field("Page on which it stands.")


class PerformanceField(Table):
    """One labelled field of a performance, as found; what it means rests on the catalogue's labels."""

    __tablename__ = "performance_field"
    __table_args__ = MART

    document_id: Mapped[Code] = key("The document.")
    section: Mapped[Text] = key("Section in which it stands.")
    quote_start: Mapped[Count] = key("Where the label begins.")
    performance_code: Mapped[Code | None] = field("The performance.")
    label: Mapped[Text] = field("Label as written, without closing colon or question mark.")
    means: Mapped[Code | None] = field(
        "Which field it is; null where nobody has declared the label."
    )
    wording: Mapped[Code | None] = field("Entry of the catalogue that says so.")
    value: Mapped[Text] = field("Value as written; empty where nothing follows.")
    quote_end: Mapped[Count] = field("Where the value ends.")


class PerformanceName(Table):
    """A number and title under which a performance has been published, and in which years."""

    __tablename__ = "performance_name"
    __table_args__ = MART

    performance_id: Mapped[Code] = key("Our own key.")
    code: Mapped[Code] = key("Number, or slug.")
    title: Mapped[Text] = key("Title as written.")
    organisation: Mapped[Code | None] = field("Whose performance; null where unknown.")
    first_year: Mapped[Year | None] = field("First year in which it is called so.")
    last_year: Mapped[Year | None] = field("Last year in which it is called so.")
    documents: Mapped[Count] = field("Documents that call it so.")
    recognised_by: Mapped[Text] = field("Why it is this performance.")


class PerformanceSuccession(Table):
    """A performance that went on under another number, or merged into another: dated, with its source."""

    __tablename__ = "performance_succession"
    __table_args__ = MART

    performance_id: Mapped[Code] = key("The performance that goes on.")
    former_code: Mapped[Code] = key("Number that it had, or that merged into it.")
    code: Mapped[Code] = field("Number it goes on under.")
    year: Mapped[Year] = key("First year of the new number.")
    kind: Mapped[Code] = field(
        "What happened.", choices=("renumbered", "merged", "split", "renamed")
    )
    source: Mapped[Text] = field("Who says so.")


class Milestone(Table):
    """One milestone of a performance, as one document gives it."""

    __tablename__ = "milestone"
    __table_args__ = MART

    milestone_id: Mapped[Code] = key("Made from document, performance and words.")
    document_id: Mapped[Code] = field("The document.")
    performance_code: Mapped[Code | None] = field("The performance.")
    title: Mapped[Text] = field("Words of the milestone.")
    due: Mapped[Text | None] = field("When it is due, as written.")
    due_year: Mapped[Year | None] = field("Year in which it is due.")
    status: Mapped[Code] = field(
        "Whether it was met; `unknown` where the document does not say.",
        choices=("met", "planned", "late", "dropped", "unknown"),
    )
    decision: Mapped[Code | None] = field("Decision that it refers to.")
    section: Mapped[Text] = field("Section in which it stands.")
    quote_start: Mapped[Count] = field("Where it begins.")
    quote_end: Mapped[Count] = field("Where it ends.")


TABLES: tuple[type[Table], ...] = (
    Document,
    DocumentSection,
    PerformanceField,
    Performance,
    PerformanceName,
    PerformanceSuccession,
    Milestone,
)
