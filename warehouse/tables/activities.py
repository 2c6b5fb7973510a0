"""What activity codes of one edition of SBI became in the next."""

from __future__ import annotations

from warehouse.vocabulary import Code, Count, Flag, Mapped, Number, Table, Text, field, key

EDITIONS = ("2008", "2025")
BASES = ("official", "structure", "assumed")


class ActivityConcordance(Table):
    """What activities of one edition of SBI became in another, with weights and what these rest on."""

    __tablename__ = "activity_concordance"
    __table_args__ = {"schema": "mart"}

    concordance: Mapped[Code] = key("Which concordance of the catalogue.")
    from_edition: Mapped[Code] = key("Edition of SBI of `from_code`.")
    from_code: Mapped[Code] = key(
        "Division, group, class or full code: whatever begins with it, unless a longer one is there."
    )
    to_edition: Mapped[Code] = key("Edition of SBI of `to_code`.")
    to_code: Mapped[Code] = key("Section or code that it became, or a part of it.")
    section: Mapped[Code] = field("Section in which `to_code` lies, by its letter.")
    weight: Mapped[Number] = field(
        "Which part of `from_code` is taken to be `to_code`; together 1. For `assumed` it is ours."
    )
    lower: Mapped[Number] = field(
        "Least part that is possible: nothing where `from_code` fell to several sections, else `weight`."
    )
    upper: Mapped[Number] = field(
        "Greatest part that is possible: all where `from_code` fell to several sections, else `weight`."
    )
    basis: Mapped[Code] = field(
        "What `weight` rests on: a statistical office that published it (`official`), the structures "
        "of both editions (`structure`), or nothing but an assumption of ours (`assumed`).",
        choices=BASES,
    )
    ambiguous: Mapped[Flag] = field(
        "Whether `from_code` fell to several sections, so that no code tells which."
    )
    rank: Mapped[Count] = field(
        "Which concordance goes first where several speak of a code: that of the lowest number."
    )
    source: Mapped[Text] = field("Who says so, and what the weights rest on.")


TABLES: tuple[type[Table], ...] = (ActivityConcordance,)
