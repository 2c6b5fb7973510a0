"""What an asset says of itself before it has run: what a row is, from whom, under which licence, how
fresh it should be, where it is documented and how to take it in again."""

from __future__ import annotations

import datetime as dt
from typing import Any

import dagster as dg

from assets.catalogue.models import Source
from warehouse.vocabulary import Table, columns, comment_of, key_of

TEAM = ["team:regional-economy"]
LATE = 1.5
"""Cadences without anything new after which a source is late: publishers are not punctual."""
START_HERE = "start_here"


def start_here() -> dg.AssetSpec:
    """The page that somebody who opens the UI for the first time finds first: no table, a text."""
    return dg.AssetSpec(
        START_HERE,
        group_name=START_HERE,
        kinds={"markdown"},
        owners=TEAM,
        description="""\
**To take in editions again (a backfill)**: Jobs, `intake_<source>` (Kerncijfers wijken en buurten is
`intake_cbs_kwb`), *Materialize all...*, choose the editions, *Launch run*. One run takes in all that you chose.
Then run the job `publication`, or wait for the night.

**To see what came of it**: open an asset, tab *Partitions*, click an edition: rows, what was added, changed
and removed, what was set aside, a preview and a picture.

**When something is red**: tab *Checks* of the asset names the rule, why it must hold, and the rows that failed.
What was published before keeps serving. What to do about each kind: `docs/running.md`.

**The graph**, from left to right: `raw` is what a publisher sent, an edition (mostly a year) at a time; `core` the
same, tidy; `mart` and `mart_documents` what reports read; `publication` the swap by which readers see it.
""",
    )


def source_description(source: Source, sample: bool = False) -> str:
    """The raw asset of a source, in words."""
    lines = [
        f"**{source.title_nl}** ({source.title_en}), as the publisher sent it.",
        "",
        f"* **What a row is**: {source.grain}.",
        f"* **From**: {source.attribution}. **Licence**: {source.licence}.",
        f"* **Editions**: {_editions(source)}",
        f"* **New figures**: about every {_days(source.cadence_days)}. Fresh means here that we took "
        "something in within one and a half times that.",
        f"* **Refused whole**: an edition of fewer than {source.row_floor:,} rows"
        + (
            f" ({source.sample_row_floor:,} on the bundled sample, which is a cut)."
            if source.sample_row_floor
            else "."
        ),
        f"* **Documentation**: `docs/sources.md`, {source.name}.",
    ]
    if sample and source.editions:
        lines.append(
            "* **This is the bundled sample**: it holds the editions that are offered here and no others. "
            "`LM_SOURCES=live` asks the publisher itself."
        )
    return "\n".join(
        [
            *lines,
            "",
            f"To take editions in again: job `intake_{source.name}`, or *Materialize* here, and "
            "choose the editions; one run takes them all.",
        ]
    )


def intake_description(source: Source) -> str:
    """The job that takes in a source: what it does, and how an analyst starts it."""
    return (
        f"Takes in editions of **{source.title_nl}** ({source.title_en}): asks {source.attribution}, archives "
        "what it sent, reads it, judges it. What is refused leaves the last good version in place.\n\n"
        "**To take in a range of editions (a backfill)**: *Materialize all...*, choose *Custom* and the "
        "editions, for years as a range `[2017...2020]`, or *All*; then *Launch backfill*. It is one run, and starts "
        "within half a minute. Editions that are there already are asked again and replaced if they changed.\n\n"
        f"**Then**: Catalog, `raw/{source.name}`, *Partitions*, click an edition to see what came. Run the job "
        "`publication`, or wait for the night, to let readers see it."
    )


PUBLICATION_DESCRIPTION = (
    "Makes the tables that reports read from what was taken in, judges them, and puts them before the "
    "readers in one swap. Where nothing changed nothing is published. **After a backfill**: *Materialize all*."
)


def _editions(source: Source) -> str:
    known = sorted(source.editions)
    later = "later ones are found in the publisher's catalogue" if source.discovery else ""
    if not known:
        return "found when they are there (the date in a file's name, or the document)."
    named = known[0] if len(known) == 1 else f"{known[0]} to {known[-1]}, {len(known)} known"
    return f"{named}{'; ' + later if later else ''}."


def _days(days: int) -> str:
    return {1: "day", 92: "quarter", 366: "year", 31: "month"}.get(days, f"{days:,} days")


def source_metadata(source: Source) -> dict[str, Any]:
    """What is fixed of a source, field by field."""
    found: dict[str, Any] = {
        "publisher": source.attribution,
        "licence": dg.MetadataValue.url(source.licence)
        if source.licence.startswith("http")
        else source.licence,
        "what a row is": source.grain,
        "protocol": source.protocol,
        "cadence_days": source.cadence_days,
        "row_floor": source.row_floor,
        "documentation": f"docs/sources.md, {source.name}",
    }
    if source.protocol in ("cbs_v3", "cbs_v4") and source.editions:
        newest = source.editions[max(source.editions)]
        found["table at the publisher"] = newest.id
    return found


def freshness(source: Source) -> dg.FreshnessPolicy:
    """Warns when nothing was taken in for as long as the publisher's cadence, fails somewhat later.

    Dagster looks at the newest materialisation of any edition, so a backfill of an old one counts;
    how old each edition is stands in `mart.source_freshness`.
    """
    cadence = dt.timedelta(days=source.cadence_days)
    return dg.FreshnessPolicy.time_window(fail_window=cadence * LATE, warn_window=cadence)


def source_tags(source: Source) -> dict[str, str]:
    """Tags by which assets of a source are found."""
    return {"source": source.name, "subject": source.subject, "publisher": source.publisher}


def table_description(table: type[Table], *more: str) -> str:
    """What a row is, by what it is identified, and what else there is to say."""
    key = ", ".join(f"`{name}`" for name in key_of(table))
    return "\n\n".join([comment_of(table), f"**What a row is**: one by {key}.", *more])


def core_description(table: type[Table], source: Source) -> str:
    """A core table of one source."""
    return table_description(
        table,
        f"* **From**: {source.title_nl} ({source.title_en}); {source.attribution}.\n"
        f"* **Licence**: {source.licence}.\n"
        "* **Judged** by the rules under *Checks* before it replaces the last good version; what is "
        "refused leaves that one serving.\n"
        "* **Columns**: `docs/data-dictionary.md`.",
    )


def mart_description(table: type[Table]) -> str:
    """A table that reports read."""
    return table_description(
        table,
        f"* **Read as**: `mart.{table.__tablename__}` in the warehouse, after the next publication.\n"
        "* **From**: several publishers; `release_id`, where a row has one, leads to "
        "`mart.source_release` with publisher and licence.\n"
        "* **Fresh**: made again whenever something it reads changed, and then only.\n"
        "* **Columns**: `docs/data-dictionary.md`; how to use it: `docs/bi.md`.",
    )


def group_of(table: type[Table]) -> str:
    """The group of a mart: what is read out of documents apart from figures."""
    from warehouse.tables import documents, findings

    return "mart_documents" if table in (*documents.TABLES, *findings.TABLES) else "mart"


def column_schema(table: type[Table]) -> dg.TableSchema:
    """The declared columns, for the UI."""
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                column.name,
                type=column.kind.value,
                description=column.comment,
                constraints=dg.TableColumnConstraints(nullable=column.nullable, unique=False),
                tags={"key": ""} if column.is_key else {},
            )
            for column in columns(table)
        ]
    )
