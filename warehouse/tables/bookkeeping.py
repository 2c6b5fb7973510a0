"""What the house remembers, inside the warehouse, of what it put there. Nothing here is for readers.

It changes in the same step as the tables that it speaks of, so it is never newer or older than they.
"""

from __future__ import annotations

from warehouse.vocabulary import Code, Count, Instant, Mapped, Table, Text, field, key


class PublishedPart(Table):
    """A file of rows that stands in a published table: what has not changed is not loaded again."""

    __tablename__ = "published_part"
    __table_args__ = {"schema": "bookkeeping"}

    table_name: Mapped[Code] = key("The table, with its schema.")
    sha256: Mapped[Code] = key("Hash of the Parquet file whose rows stand in it.")
    rows: Mapped[Count] = field("Rows of that file.")


class PublishedState(Table):
    """What readers see, in two hashes: by these a publication that would change nothing is known."""

    __tablename__ = "published_state"
    __table_args__ = {"schema": "bookkeeping"}

    publication_id: Mapped[Code] = key("The publication that stands.")
    content: Mapped[Code] = field("Hash over all mart and core tables, operational ones left out.")
    state: Mapped[Code] = field("Hash over what the house says of its sources and releases.")
    views: Mapped[Code] = field(
        "Hash over the statements that made the views; in a file, also the tables."
    )
    drift: Mapped[Count] = field(
        "Rows changed in place since the tables were last written whole; 0 on a server."
    )


class PublicationEvent(Table):
    """The outbox: one publication as machines are told of it. Whether that arrived is not kept here."""

    __tablename__ = "publication_event"
    __table_args__ = {"schema": "bookkeeping"}

    event_id: Mapped[Code] = key("The event; the same whenever it is delivered again.")
    publication_id: Mapped[Code] = field("The publication.")
    published_at: Mapped[Instant] = field("When, UTC.")
    code_version: Mapped[Code] = field("Version of locatiemonitor that made it.")
    content_hash: Mapped[Code] = field("Hash over all mart and core tables.")
    tables: Mapped[Text] = field("Rows written or taken away, by table, as a JSON object.")


TABLES: tuple[type[Table], ...] = (PublishedPart, PublishedState, PublicationEvent)
