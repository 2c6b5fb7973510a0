"""What the house says of itself: releases, how sources stand, what rules said, what was set aside, what
was published, and what every column means. Written at publication."""

from __future__ import annotations

from warehouse.vocabulary import Code, Count, Flag, Instant, Mapped, Table, Text, field, key


class SourceRelease(Table):
    """One version of one edition of one source, as archived."""

    __tablename__ = "source_release"
    __table_args__ = {"schema": "mart"}

    release_id: Mapped[Code] = key("The release.")
    source: Mapped[Code] = field("Source in the catalogue.")
    edition: Mapped[Code] = field("Edition of the source.")
    identifier: Mapped[Code] = field("The publisher's own id of the table or file.")
    url: Mapped[Text] = field("Where it was asked.")
    sha256: Mapped[Code] = field("Hash over the names and hashes of all parts.")
    bytes: Mapped[Count] = field("Size of all parts as received, bytes.")
    rows: Mapped[Count | None] = field("Rows in the data set.")
    fetched_at: Mapped[Instant] = field("When we fetched it, UTC.")
    modified_at: Mapped[Instant | None] = field("When the publisher says it was changed, UTC.")
    licence: Mapped[Text] = field("Licence.")
    attribution: Mapped[Text] = field("Whom to name.")
    synthetic: Mapped[Flag] = field("True where the data is invented.")


class SourceStatus(Table):
    """How each edition of each source stands: in use, absent at the publisher, blocked or unreachable."""

    __tablename__ = "source_status"
    __table_args__ = {"schema": "mart"}

    source: Mapped[Code] = key("Source in the catalogue.")
    edition: Mapped[Code] = key("Edition; `*` for the source as a whole.")
    state: Mapped[Code] = field(
        "How it stands.", choices=("current", "absent", "blocked", "unreachable")
    )
    stale: Mapped[Flag] = field(
        "True where the figures shown are older than what the publisher has or may have."
    )
    reason: Mapped[Text | None] = field("Why it is not current, and what to do.")
    release_id: Mapped[Code | None] = field("The release whose figures are served.")
    cadence_days: Mapped[Count] = field("How often a new release is expected, days.")


class ExpectationResult(Table):
    """What one expectation said of one asset in one run."""

    __tablename__ = "expectation_result"
    __table_args__ = {"schema": "mart"}

    run_id: Mapped[Code] = key("The Dagster run.")
    asset: Mapped[Code] = key("The asset, with its edition: `core/figure/cbs_kwb:2020`.")
    expectation: Mapped[Code] = key("Name of the rule.")
    severity: Mapped[Code] = field("What a failure does.", choices=("critical", "warning", "row"))
    success: Mapped[Flag] = field("Whether it held.")
    observed: Mapped[Text | None] = field(
        "What was seen, in words; never a company's name or number."
    )
    unexpected_count: Mapped[Count] = field("How many rows of the evidence did not meet it.")
    reason: Mapped[Text] = field("Why it must hold.")


class Quarantine(Table):
    """A row set aside because it failed a row-level expectation, with the reason; sensitive fields masked."""

    __tablename__ = "quarantine"
    __table_args__ = {"schema": "mart"}

    quarantine_id: Mapped[Code] = key("Hash of asset, release, reason and record.")
    asset: Mapped[Code] = field("The asset it was meant for.")
    release_id: Mapped[Code] = field(
        "The release it came from; of a row made from several documents the newest of theirs."
    )
    reason: Mapped[Text] = field("Name of the rule and why it must hold.")
    record: Mapped[Text] = field("The row as JSON, sensitive fields masked.")


class Publication(Table):
    """One publication of the warehouse."""

    __tablename__ = "publication"
    __table_args__ = {"schema": "mart"}

    publication_id: Mapped[Code] = key("Number of the publication, counted from 1.")
    published_at: Mapped[Instant] = field("When, UTC.")
    code_version: Mapped[Code] = field("Version of locatiemonitor that made it.")
    content_hash: Mapped[Code] = field(
        "Hash over all mart and core tables, operational ones left out."
    )


class Dictionary(Table):
    """What every published table, view and column is, made from their declarations."""

    __tablename__ = "dictionary"
    __table_args__ = {"schema": "mart"}

    schema_name: Mapped[Code] = key("Schema of the table or view.")
    table_name: Mapped[Code] = key("The table or view.")
    column_name: Mapped[Code] = key("The column; `*` for the table or view itself.")
    kind: Mapped[Code] = field("What it is a column of.", choices=("table", "view"))
    position: Mapped[Count] = field("Place of the column in its table, from 1; 0 for the table.")
    type: Mapped[Code | None] = field(
        "Type of the column, as DuckDB names it; PostgreSQL says `double precision` for `DOUBLE`."
    )
    is_key: Mapped[Flag] = field("True where the column is part of its table's key.")
    nullable: Mapped[Flag] = field(
        "True where null is allowed; always true for a column of a view."
    )
    comment_en: Mapped[Text] = field("What it is.")
    label_nl: Mapped[Text | None] = field("Dutch label, for a heading.")
    choices: Mapped[Text | None] = field(
        "The only values allowed, separated by `; `; null where any is."
    )
    unit: Mapped[Text | None] = field(
        "Unit, where the column has one; that of a figure is in `mart.indicator`."
    )


OPERATIONAL: tuple[type[Table], ...] = (
    SourceRelease,
    SourceStatus,
    ExpectationResult,
    Quarantine,
    Publication,
    Dictionary,
)
"""Tables that say how the house itself fares, written at publication."""
