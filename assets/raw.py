"""One factory: source declaration -> raw asset. A raw asset is a release as the publisher sent it."""

# No postponed annotations here: Dagster reads the types of assets' and ops' parameters.

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import dagster as dg

from assets import described, stamps, taken_in
from assets.catalogue.models import Source
from assets.edges import Edges
from assets.run_tags import tag_run
from assets.sources.errors import PASSING, ContractBroken, SourceError
from assets.sources.reading import Listing, RawTable
from warehouse.frames import FrameStore, Key

if TYPE_CHECKING:
    from warehouse.archive import Release

ROWS, COLUMNS, CODES = "rows", "columns", "codes"
SET_ASIDE = "set_aside"
"""Lines of a file that are no rows; only where there are any."""


class Intake(dg.Config):
    """How an edition is taken in; what the analyst sees in the launchpad."""

    ask: bool = True
    """Ask the publisher for something newer. False reads the newest archived release again."""
    again: bool = False
    """Fetch even what the publisher says has not changed."""
    identifier: str = ""
    """The publisher's id of the edition, where it has just been asked; empty asks it."""
    fingerprint: str = ""
    """What the publisher said of its state, where it has just been asked."""
    release: str = ""
    """Id of an archived release to read again, older ones too; empty is the newest."""
    tries: int = 3
    """Times an edition is tried where its failure may pass by itself."""
    wait: float = 60.0
    """Seconds before the second try; doubled each time."""


def key_of(source: str) -> Key:
    """Key of a raw asset."""
    return "raw", source


def partitions_of(source: Source) -> dg.DynamicPartitionsDefinition:
    """The editions of a source; discovered ones are added as they appear."""
    return dg.DynamicPartitionsDefinition(name=source.name)


def raw_asset(source: Source, sample: bool = False) -> dg.AssetsDefinition:
    """The raw asset of `source`: all rows and columns of an edition, padding stripped.

    `sample`: whether the publishers are the bundled sample, which the description then says.
    """

    @dg.asset(
        key=list(key_of(source.name)),
        partitions_def=partitions_of(source),
        backfill_policy=dg.BackfillPolicy.single_run(),
        pool=source.name,
        group_name="raw",
        kinds={"parquet", source.protocol},
        owners=described.TEAM,
        description=described.source_description(source, sample),
        metadata=described.source_metadata(source),
        tags=described.source_tags(source),
        freshness_policy=described.freshness(source),
        code_version="1",
    )
    def raw(
        context: dg.AssetExecutionContext, config: Intake, edges: dg.ResourceParam[Edges]
    ) -> Iterator[Any]:
        taken: dict[str, Release] = {}
        failed: dict[str, SourceError] = {}
        told: dict[str, dict[str, Any]] = {}
        key = (*key_of(source.name), ROWS)
        for edition in context.partition_keys:
            was = taken_in.before(edges, key, edition)
            try:
                release, table = _take(source, edition, edges, config)
            except SourceError as error:
                failed[edition] = error
                if isinstance(error, ContractBroken):
                    _remember(source, edition, config.release, edges, _said(source, edition, error))
                continue
            taken[edition] = release
            for remark in table.remarks:
                context.log.warning(f"{source.name} {edition}: {remark}")
            told[edition] = taken_in.metadata(source, release, table, was)
            context.add_asset_metadata(told[edition], partition_key=edition)
        tag_run(context, source.name, list(taken), [r.release_id for r in taken.values()])
        if failed:
            yield from _kept(context, source, config, told, failed)
        yield dg.MaterializeResult(
            data_version=dg.DataVersion(_version(taken.values())),
            metadata=taken_in.picture(edges, key, list(taken)),
        )

    return raw


def _said(source: Source, edition: str, error: SourceError) -> str:
    named = f"{source.name} {edition}"
    return str(error) if str(error).startswith(named) else f"{named}: {error}"


def _version(releases: "Iterable[Release]") -> str:
    """Data version of what was taken in: what the publisher sent, whenever it was fetched."""
    said = "\n".join(release.sha256 for release in releases)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _kept(
    context: dg.AssetExecutionContext,
    source: Source,
    config: Intake,
    taken: Mapping[str, dict[str, Any]],
    failed: Mapping[str, SourceError],
) -> Iterator[dg.AssetMaterialization]:
    """Fail because of some editions, after all were tried. The others (`taken`: with what is to be
    said of each) are kept, and yielded first.

    Raises dg.RetryRequested as long as a failure may pass by itself, then dg.Failure.
    """
    passing = any(isinstance(error, PASSING) for error in failed.values())
    why = " | ".join(_said(source, edition, error) for edition, error in failed.items())
    if passing and context.retry_number + 1 < config.tries:
        context.log.warning(f"{why}; tried again")
        raise dg.RetryRequested(
            max_retries=config.tries - 1, seconds_to_wait=config.wait * 2**context.retry_number
        )
    for edition in taken:
        yield dg.AssetMaterialization(
            list(key_of(source.name)), partition=edition, metadata=taken[edition]
        )
    if taken:
        why += f" | taken in all the same: {', '.join(taken)}"
    metadata = {"edition": ", ".join(failed)}
    raise dg.Failure(why, metadata=metadata, allow_retries=False) from next(iter(failed.values()))


def _remember(source: Source, edition: str, release: str, edges: Edges, reason: str) -> None:
    """A release that broke the contract will break it again: not tried until something changes."""
    newest = edges.archive.latest(source.name, edition)
    if newest is None:
        return
    key: Key = (*key_of(source.name), ROWS)
    release_id = release or newest.release_id
    stamp = stamps.of_release(edges.catalogue, source.name, release_id, edges.code_version)
    older = release_id != newest.release_id
    edges.frames.refuse_release(key, release_id, stamp, reason, older=older)


def _take(source: Source, edition: str, edges: Edges, config: Intake) -> "tuple[Release, RawTable]":
    """Take in one edition and replace its raw frames."""
    key = key_of(source.name)
    listing = None
    if config.identifier:
        listing = Listing(source.name, edition, config.identifier, config.fingerprint, url="")
    from assets.sources.intake import take_in

    taken = take_in(
        source,
        edition,
        edges.archive,
        edges.fetcher_of,
        ask=config.ask,
        again=config.again,
        listing=listing,
        before=edges.frames.read((*key, COLUMNS), edition),
        row_floor=edges.row_floor(source.name),
        release=edges.archive.release(config.release) if config.release else None,
    )
    write(edges, source.name, edition, taken.release.release_id, taken.table)
    return taken.release, taken.table


def write(edges: Edges, source: str, edition: str, release_id: str, table: RawTable) -> None:
    """Replace the raw frames of an edition; its rows last, because their stamp is the one that counts."""
    stamp = stamps.of_release(edges.catalogue, source, release_id, edges.code_version)
    key = key_of(source)
    if table.set_aside is not None:
        edges.frames.write((*key, SET_ASIDE), edition, table.set_aside, stamp)
    edges.frames.write((*key, CODES), edition, table.codes, stamp)
    edges.frames.write((*key, COLUMNS), edition, table.columns, stamp)
    edges.frames.write((*key, ROWS), edition, table.rows, stamp | {"long": json.dumps(table.long)})


def release_of(frames: FrameStore, source: str, edition: str) -> str | None:
    """Id of the release that was last taken in, or None."""
    return (frames.stamp((*key_of(source), ROWS), edition) or {}).get("release_id")


def read(frames: FrameStore, source: str, edition: str) -> tuple[str, RawTable] | None:
    """Release id and raw table of an edition as last taken in, or None."""
    key = key_of(source)
    stamp = frames.stamp((*key, ROWS), edition)
    rows, columns, codes = (frames.read((*key, part), edition) for part in (ROWS, COLUMNS, CODES))
    if stamp is None or rows is None or columns is None or codes is None:
        return None
    aside = None
    if (frames.stamp((*key, SET_ASIDE), edition) or {}).get("release_id") == stamp["release_id"]:
        aside = frames.read((*key, SET_ASIDE), edition)
    return stamp["release_id"], replace(
        RawTable(rows, columns, codes, aside), long=json.loads(stamp["long"])
    )
