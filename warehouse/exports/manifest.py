"""What an export says of itself: of which publication, which files, on what terms, what was changed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

NAME = "manifest.json"
README = "README.md"
KIND = "locatiemonitor export"
DEFUSING = (
    "In CSV and XLSX a text that a spreadsheet would calculate (it begins with = + - @, a form of these, "
    "a tab or an end of line, whatever blanks are in front) has one apostrophe (') in front, and one "
    "more where it had some already: take one away from such a text and every text is as it was. "
    "Numbers and Parquet files are untouched."
)


def terms(releases: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Licence and attribution by source, of rows of `mart.source_release`."""
    found: dict[tuple[Any, ...], set[str]] = {}
    for row in releases:
        said = (row["source"], row["licence"], row["attribution"], bool(row["synthetic"]))
        found.setdefault(said, set()).add(row["edition"])
    return [
        {
            "source": source,
            "licence": licence,
            "attribution": attribution,
            "synthetic": synthetic,
            "editions": sorted(editions),
        }
        for (source, licence, attribution, synthetic), editions in sorted(found.items())
    ]


def manifest(
    publication: Mapping[str, Any],
    as_of: str | None,
    files: Sequence[Mapping[str, Any]],
    left_out: Sequence[str],
    sources: Sequence[Mapping[str, Any]],
    *,
    complete: bool,
) -> dict[str, Any]:
    """The manifest as it is written; `complete` is false until every file is there."""
    return {
        "kind": KIND,
        "complete": complete,
        "publication": {
            name: str(publication[name])
            for name in ("publication_id", "published_at", "code_version", "content_hash")
        },
        "as_of": as_of,
        "files": list(files),
        "left_out": list(left_out),
        "defusing": DEFUSING,
        "sources": list(sources),
    }


def written(found: Mapping[str, Any]) -> str:
    """The manifest as JSON, the same for the same export."""
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def readme(found: Mapping[str, Any]) -> str:
    """The manifest in words, for whoever opens the folder."""
    publication = found["publication"]
    lines = [
        "# Export of locatiemonitor",
        "",
        f"Publication {publication['publication_id']} of {publication['published_at']} UTC, made by "
        f"version {publication['code_version']}, content hash `{publication['content_hash']}`.",
    ]
    if found["as_of"]:
        lines.append(f"Figures with vintages are those known on {found['as_of']}.")
    if any(source["synthetic"] for source in found["sources"]):
        lines.append(
            "**Some sources are invented data** (below); what rests on them has `synthetic` = true."
        )
    lines += [
        "",
        "An empty cell is not zero: `missing_reason` says why there is no value. Figures whose "
        "`known_to` is empty are what is known now; add no figures of several vintages to each other. "
        "Moments are UTC. What tables and columns are: `dictionary`.",
        "",
        DEFUSING,
        "",
        "## Terms",
        "",
        "Name the source when you show a figure.",
        "",
        "| source | licence | name as | |",
        "|---|---|---|---|",
        *(
            f"| {s['source']} | {s['licence']} | {s['attribution']} | "
            f"{'invented data' if s['synthetic'] else ''} |"
            for s in found["sources"]
        ),
        "",
        "## Files",
        "",
        f"With their hashes in `{NAME}`. A folder holds one export.",
        "",
        "| file | rows | texts with an apostrophe | cells that did not fit |",
        "|---|---:|---:|---:|",
        *(
            f"| `{f['file']}` | {f['rows']:,} | {f['defused_cells']:,} | {f['altered_cells']:,} |"
            for f in found["files"]
        ),
    ]
    if found["left_out"]:
        lines += [
            "",
            f"Left out, because they say what is known now: {', '.join(found['left_out'])}.",
        ]
    return "\n".join(lines) + "\n"
