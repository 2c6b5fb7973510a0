"""What is found in documents: decisions, amounts, organisations, people and what they say, and the
links of all these to locations, each with the words it rests on.

Positions of quotations are as in `warehouse.tables.documents`.
"""

from __future__ import annotations

from warehouse.vocabulary import (
    Code,
    Count,
    Day,
    Euros,
    Flag,
    LocationCode,
    Mapped,
    Number,
    Table,
    Text,
    Year,
    field,
    key,
)

DECISION_KINDS = (
    "investment_decision",
    "proposal",
    "motion",
    "amendment",
    "designation",
    "budget_change",
    "letter",
    "unknown",
)
BODIES = ("PS", "GS", "AB", "council")
CONCEPTS = (
    "budgeted",
    "primitive_budget",
    "revised_budget",
    "realised",
    "spent_and_committed",
    "room",
    "difference",
    "reserve",
    "investment",
    "contribution",
    "result",
    "not_stated",
)
QUANTITY_KINDS = ("share", "area")
SUBJECT_KINDS = ("decision", "performance", "milestone", "organisation", "amount", "statement")
RELATIONS = ("subject_of", "partner_in", "member_of", "located_in", "see_also", "mentioned")
PREDICATES = (
    "founder_of",
    "partner_of",
    "refers_to",
    "located_in",
    "role_in",
    "works_for",
    "shareholder_of",
)
ORGANISATION_KINDS = (
    "government",
    "firm",
    "development_company",
    "university",
    "network",
    "facility",
    "committee",
    "other",
)
MART = {"schema": "mart"}


class Decision(Table):
    """One decision that documents refer to."""

    __tablename__ = "decision"
    __table_args__ = MART

    reference: Mapped[Code] = key("Reference as its body writes it: `PS/2016/486`.")
    kind: Mapped[Code] = field(
        "What sort of decision, from the words beside it.", choices=DECISION_KINDS
    )
    body: Mapped[Code] = field("Who decided.", choices=BODIES)
    year: Mapped[Year] = field("Year in its reference.")
    title: Mapped[Text | None] = field("How the documents call it.")
    documents: Mapped[Count] = field("Documents that refer to it.")


class Amount(Table):
    """One amount of money that a document states. Absent is not zero: no row where none is stated."""

    __tablename__ = "amount"
    __table_args__ = MART

    amount_id: Mapped[Code] = key("Made from document, section and position.")
    document_id: Mapped[Code] = field("The document.")
    performance_code: Mapped[Code | None] = field("Performance that it belongs to.")
    concept: Mapped[Code] = field(
        "What the amount is; concepts with other scopes are never one series.", choices=CONCEPTS
    )
    label: Mapped[Text | None] = field("Label or heading of the column, as written.")
    row_label: Mapped[Text | None] = field("Heading of the row, of a table.")
    value: Mapped[Number] = field("Number as written, before the factor.")
    factor: Mapped[Number] = field("By which it is multiplied to get euros.")
    factor_source: Mapped[Code] = field(
        "Whence the factor.", choices=("caption", "word", "symbol", "template")
    )
    amount_eur: Mapped[Euros] = field("Euros.")
    period: Mapped[Code | None] = field("Year it is about, where the document says so.")
    scope: Mapped[Code] = field(
        "What it covers.", choices=("performance", "programme", "document", "sentence")
    )
    statement_group: Mapped[Code | None] = field(
        "Amounts that stand together and must add up: a row of a table, a line of figures."
    )
    confidence: Mapped[Number] = field("How sure we are, 0 to 1.")
    section: Mapped[Text] = field("Section in which it stands.")
    quote_start: Mapped[Count] = field("Where it begins.")
    quote_end: Mapped[Count] = field("Where it ends.")


class Quantity(Table):
    """A share of a party, or an area of land, that a document states."""

    __tablename__ = "quantity"
    __table_args__ = MART

    quantity_id: Mapped[Code] = key("Made from document, section, position and name.")
    document_id: Mapped[Code] = field("The document.")
    performance_code: Mapped[Code | None] = field("Performance that it belongs to.")
    kind: Mapped[Code] = field("A party's share in something, or land.", choices=QUANTITY_KINDS)
    concept: Mapped[Code] = field(
        "What is said of it: of land whether it was issued, reserved or is available.",
        choices=("share", "issued", "reserved", "available", "not_stated"),
    )
    name: Mapped[Text | None] = field("Whose share, or what land, as written.")
    organisation_id: Mapped[Code | None] = field("The party, where it is declared; of a share.")
    of_organisation_id: Mapped[Code | None] = field(
        "In which organisation it is a share, where the words beside it name just one."
    )
    unit: Mapped[Code] = field("Percent or hectares.", choices=("pct", "ha"))
    value: Mapped[Number] = field("Number as written.")
    decimals: Mapped[Count] = field("Decimals as written: how far it was rounded.")
    exactness: Mapped[Code] = field(
        "`ruim` is at least, `bijna` at most, `circa` about.",
        choices=("exact", "at_least", "at_most", "about"),
    )
    part: Mapped[Code] = field(
        "A part of a whole, that whole, or neither.", choices=("part", "total", "single")
    )
    statement_group: Mapped[Code | None] = field("Parts and their whole; unique in its document.")
    section: Mapped[Text] = field("Section in which it stands.")
    quote_start: Mapped[Count] = field("Where the number and its unit begin.")
    quote_end: Mapped[Count] = field("Where they end.")
    confidence: Mapped[Number] = field("How sure we are, 0 to 1.")


class Organisation(Table):
    """An organisation, committee or facility that documents name."""

    __tablename__ = "organisation"
    __table_args__ = MART

    organisation_id: Mapped[Code] = key("Readable id.")
    name: Mapped[Text] = field("Name to show.")
    kind: Mapped[Code] = field("What it is.", choices=ORGANISATION_KINDS)
    aliases: Mapped[Text | None] = field("Other names, parted by `; `.")
    location_id: Mapped[LocationCode | None] = field("Site in which it lies, of a facility.")
    source: Mapped[Text] = field("Who says so: the catalogue's source, or the document.")


class PersonRole(Table):
    """A person in a role, as a published document says it."""

    __tablename__ = "person_role"
    __table_args__ = MART

    person_role_id: Mapped[Code] = key("Made from document, person and role.")
    person: Mapped[Text] = field("Name as written.")
    role: Mapped[Text] = field("Role as written, or `portfolio holder`.")
    organisation_id: Mapped[Code | None] = field("Organisation in which the role is held.")
    location_id: Mapped[LocationCode | None] = field("Location that the role is about.")
    performance_code: Mapped[Code | None] = field("Performance that the role is about.")
    since: Mapped[Text | None] = field("Since when, as written.")
    since_precision: Mapped[Code | None] = field(
        "How precisely that is dated.",
        choices=("day", "month", "part_of_month", "year", "undated"),
    )
    valid_from: Mapped[Day | None] = field("First day that the words allow.")
    document_id: Mapped[Code] = field("The document.")
    section: Mapped[Text] = field("Section in which it stands.")
    quote_start: Mapped[Count] = field("Where it begins.")
    quote_end: Mapped[Count] = field("Where it ends.")
    confidence: Mapped[Number] = field("How sure we are, 0 to 1.")


class Relation(Table):
    """One thing that stands in a relation to another, as a document says it."""

    __tablename__ = "relation"
    __table_args__ = MART

    relation_id: Mapped[Code] = key("Made from its parts and its place.")
    subject_kind: Mapped[Code] = field(
        "Kind of the subject.", choices=("organisation", "performance", "person", "location")
    )
    subject_id: Mapped[Code] = field("The subject.")
    predicate: Mapped[Code] = field("The relation.", choices=PREDICATES)
    object_kind: Mapped[Code] = field(
        "Kind of the object.", choices=("organisation", "performance", "person", "location")
    )
    object_id: Mapped[Code] = field("The object.")
    document_id: Mapped[Code] = field("The document.")
    section: Mapped[Text] = field("Section in which it stands.")
    quote_start: Mapped[Count] = field("Where it begins.")
    quote_end: Mapped[Count] = field("Where it ends.")
    quote: Mapped[Text] = field("The words.")
    confidence: Mapped[Number] = field("How sure we are, 0 to 1.")


class Statement(Table):
    """What somebody says in a document: words, speaker, and how precisely it is dated."""

    __tablename__ = "statement"
    __table_args__ = MART

    statement_id: Mapped[Code] = key("Made from document and position.")
    document_id: Mapped[Code] = field("The document.")
    kind: Mapped[Code] = field(
        "Words between quotation marks, or put in the writer's words.",
        choices=("quotation", "paraphrase"),
    )
    speaker: Mapped[Text | None] = field("Full name; null where the document leaves it open.")
    speaker_role: Mapped[Text | None] = field("Role of the speaker, as written.")
    text: Mapped[Text] = field("The words, without their quotation marks.")
    time: Mapped[Text | None] = field("Time that the words name, as written.")
    time_precision: Mapped[Code] = field(
        "How precisely that is dated.",
        choices=("day", "month", "part_of_month", "year", "period", "undated"),
    )
    section: Mapped[Text] = field("Section in which it stands.")
    quote_start: Mapped[Count] = field("Where it begins.")
    quote_end: Mapped[Count] = field("Where it ends.")
    confidence: Mapped[Number] = field("How sure we are of the speaker, 0 to 1.")


class Evidence(Table):
    """One link between a subject and a location, with the words it rests on."""

    __tablename__ = "evidence"
    __table_args__ = MART

    evidence_id: Mapped[Code] = key("Made from its parts and its place.")
    subject_kind: Mapped[Code] = field("Kind of the subject.", choices=SUBJECT_KINDS)
    subject_id: Mapped[Code] = field(
        "The subject: a reference, `performance_id`, `milestone_id`, `organisation_id`, `amount_id` or `statement_id`."
    )
    location_id: Mapped[LocationCode] = field("The location.")
    relation: Mapped[Code] = field("How they stand to each other.", choices=RELATIONS)
    document_id: Mapped[Code] = field("The document that says so.")
    section: Mapped[Text] = field("Section in which it stands.")
    quote_start: Mapped[Count] = field("Where the words that name the location begin.")
    quote_end: Mapped[Count] = field("Where they end.")
    quote: Mapped[Text] = field("Those words.")
    in_heading: Mapped[Flag] = field(
        "Whether they stand in the heading of the section, and not in its text."
    )
    confidence: Mapped[Number] = field("How sure we are, 0 to 1.")
    reason: Mapped[Text] = field("Why the link was made, in a few words.")


class LocationSet(Table):
    """A set of locations that a text counts and lists: what it says, and what was found."""

    __tablename__ = "location_set"
    __table_args__ = MART

    location_set_id: Mapped[Code] = key("Made from document and position.")
    document_id: Mapped[Code] = field("The document.")
    section: Mapped[Text] = field("Section in which it stands.")
    name: Mapped[Text] = field("How the text calls them, with the area it names.")
    declared_count: Mapped[Count | None] = field("How many it says there are; null for `a few`.")
    found_count: Mapped[Count] = field("How many different locations are listed with it.")
    members: Mapped[Text] = field("Those locations, parted by `; `.")
    quote_start: Mapped[Count] = field("Where the sentence begins.")
    quote_end: Mapped[Count] = field("Where it ends.")


TABLES: tuple[type[Table], ...] = (
    Decision,
    Amount,
    Quantity,
    Organisation,
    PersonRole,
    Relation,
    Statement,
    Evidence,
    LocationSet,
)
