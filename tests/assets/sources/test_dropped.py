"""Documents that somebody drops: each once, none lost, and no news where there is none."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from assets.catalogue import load_catalogue
from assets.catalogue.models import Missing, Source
from assets.documents.blocks import raw_schema
from assets.sources.dropped import EDITION
from assets.sources.errors import Absent, Refused
from assets.sources.inbox import BASE
from assets.sources.intake import Taken
from assets.sources.reading import Listing
from assets.sources.survey import READERS, news
from tests.assets.material import REGISTER, World, source

DOCUMENTS: Source = source(
    name="documents",
    publisher="inbox",
    protocol="dropped_documents",
    subject="documents",
    editions={},
    missing=Missing(signs={}, null="unknown"),
)
LONG_AGO = 1_775_000_000.25


def drop(world: World, name: str, text: str | bytes = "Tekst.", moment: float = LONG_AGO) -> Path:
    """Put a file in the inbox that was last written at `moment`."""
    path = world.inbox / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    os.utime(path, (moment, moment))
    return path


def listing(world: World) -> Listing:
    """The one listing there is."""
    answer = world.survey(DOCUMENTS)
    assert answer.failure is None
    assert answer.absent == {}
    [found] = answer.listings
    return found


def take(world: World, **how: object) -> Taken:
    """Everything dropped, taken in."""
    return world.take(DOCUMENTS, EDITION, **how)


def names(taken: Taken) -> list[str]:
    """Names of the pages, in order."""
    pages = taken.table.rows.unique("page", keep="first", maintain_order=True)
    return pages.get_column("name").to_list()


def is_news(world: World) -> bool:
    """Whether there is something to take in."""
    return bool(news({"inbox": world.survey(DOCUMENTS)}, world.archive))


def test_documents_of_every_kind_are_pages_of_one_edition(world: World) -> None:
    drop(world, "b.txt", "Titel\n\nTitel\n\nEerste alinea.")
    drop(world, "A b&c.HTML", "<title>T</title><h1>Kop</h1><p>Één alinea.")
    drop(world, "register_2026-04-01.csv", "LISANR;x\n")
    drop(world, "notes.docx", "x")
    taken = take(world)
    assert names(taken) == ["A b&c.HTML", "b.txt"]
    assert taken.table.rows.schema == raw_schema()
    said = taken.table.rows.select("page", "position", "kind", "text").rows()
    assert said == [
        (1, 1, "heading", "Kop"),
        (1, 2, "paragraph", "Één alinea."),
        (2, 1, "line", "Titel"),
        (2, 2, "line", "Eerste alinea."),
    ]
    assert taken.table.rows.get_column("url").null_count() == 4  # the inbox is no address of theirs
    release = taken.release
    assert (release.edition, release.identifier, release.url) == ("all", "inbox", BASE)
    assert (release.rows, release.synthetic) == (4, False)
    assert f"{release.modified_at:%Y-%m-%d %H:%M:%S}" == "2026-03-31 23:33:20"
    assert [part.name.partition("/")[2] for part in release.parts] == ["A b&c.HTML", "b.txt"]
    assert all(part.name.startswith(part.sha256[:16] + "/") for part in release.parts)
    assert not is_news(world)
    assert not take(world).fresh


def test_the_same_bytes_under_two_names_are_one_document(world: World) -> None:
    drop(world, "een.txt", "Zelfde.")
    drop(world, "twee.txt", "Zelfde.", LONG_AGO + 60)
    taken = take(world)
    assert names(taken) == ["een.txt"]
    drop(world, "drie.txt", "Zelfde.", LONG_AGO + 120)
    assert not is_news(world)


def test_what_was_taken_in_stays_when_the_file_goes(world: World) -> None:
    first = drop(world, "een.txt", "Een.")
    take(world)
    first.unlink()
    assert not is_news(world)
    assert listing(world).fingerprint == take(world).release.fingerprint
    drop(world, "twee.txt", "Twee.", LONG_AGO - 500)
    assert is_news(world)
    taken = take(world)
    assert taken.fresh
    assert names(taken) == ["een.txt", "twee.txt"]
    assert taken.table.remarks == ()
    assert world.archive.latest("documents", EDITION) == taken.release
    assert not is_news(world)


def test_an_edited_file_is_a_further_document(world: World) -> None:
    drop(world, "een.txt", "Eerst.")
    take(world)
    drop(world, "een.txt", "Daarna.", LONG_AGO + 60)
    taken = take(world)
    assert names(taken) == ["een.txt", "een.txt"]
    assert taken.table.rows.get_column("text").to_list() == ["Eerst.", "Daarna."]
    assert len({part.name for part in taken.release.parts}) == 2


def test_the_fingerprint_does_not_depend_on_names_times_or_order(world: World) -> None:
    drop(world, "een.txt", "Een.")
    drop(world, "twee.txt", "Twee.")
    before = listing(world).fingerprint
    (world.inbox / "een.txt").rename(world.inbox / "zeven.txt")
    drop(world, "twee.txt", "Twee.", LONG_AGO + 9)
    assert listing(world).fingerprint == before
    hashes = sorted(hashlib.sha256(text).hexdigest() for text in (b"Een.", b"Twee."))
    assert before == hashlib.sha256("\n".join(hashes).encode()).hexdigest()[:32]


def test_an_empty_inbox_has_no_listing_and_misses_nothing(world: World) -> None:
    drop(world, "register_2026-04-01.csv", "x")
    answer = world.survey(DOCUMENTS)
    assert (answer.listings, answer.absent, answer.failure) == ((), {}, None)
    with pytest.raises(Absent):
        take(world)


def test_a_document_that_cannot_be_read_is_kept_and_told_of(world: World) -> None:
    drop(world, "junk.txt", bytes(range(256)) * 10)
    drop(world, "wirr.txt", "Financiƫn.")
    taken = take(world)
    assert taken.table.rows.select("name", "kind", "text").row(0)[:2] == ("junk.txt", "refused")
    assert [remark.partition(":")[0] for remark in taken.table.remarks] == [
        "junk.txt cannot be read",
        "wirr.txt",
    ]
    assert "1 places look as if read in a wrong charset" in taken.table.remarks[1]


def test_a_file_replaced_or_gone_between_listing_and_fetching(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(world, "een.txt", "Een.")
    gone = drop(world, "twee.txt", "Twee.")
    seen = listing(world)
    reader = READERS["dropped_documents"]
    usual = reader._documents  # type: ignore[attr-defined]

    def meanwhile(answer: object) -> object:
        files = usual(answer)
        drop(world, "een.txt", "Anders.", LONG_AGO + 60)
        gone.unlink(missing_ok=True)
        return files

    monkeypatch.setattr(reader, "_documents", meanwhile)
    taken = take(world, listing=seen)
    monkeypatch.undo()
    assert taken.table.rows.get_column("text").to_list() == ["Anders."]
    assert taken.release.fingerprint == listing(world).fingerprint != seen.fingerprint
    assert not is_news(world)


def test_all_gone_between_listing_and_fetching(world: World) -> None:
    path = drop(world, "een.txt")
    seen = listing(world)
    path.unlink()
    with pytest.raises(Absent, match="no document in the inbox any more"):
        take(world, listing=seen)
    assert world.archive.releases("documents") == []


def test_a_damaged_document_is_fetched_again_or_asked_for(world: World) -> None:
    path = drop(world, "een.txt", "Een.")
    [part] = take(world).release.parts
    blob = world.archive.folder / "blobs" / part.sha256[:2] / f"{part.sha256}.zst"
    blob.write_bytes(b"junk")
    drop(world, "twee.txt", "Twee.", LONG_AGO + 60)
    assert names(take(world)) == ["een.txt", "twee.txt"]
    blob.write_bytes(b"junk")
    path.unlink()
    drop(world, "drie.txt", "Drie.", LONG_AGO + 120)
    with pytest.raises(Refused, match="or drop the document once more"):
        take(world)


def test_extracts_and_documents_are_asked_for_together(world: World) -> None:
    drop(world, "een.txt")
    drop(world, "register_2026-04-01.csv", "LISANR;sbi_code;werkzame_personen\n1;26110;5\n")
    found = world.survey(REGISTER, DOCUMENTS)
    assert [(x.source, x.edition) for x in found.listings] == [
        ("register", "2026-04-01"),
        ("documents", "all"),
    ]
    assert world.archive.latest("catalogue", "inbox") is not None


def test_the_catalogue_has_the_source() -> None:
    declared = load_catalogue().sources["dropped_documents"]
    assert (declared.protocol, declared.publisher, declared.subject) == (
        "dropped_documents", "inbox", "documents",
    )  # fmt: skip
    assert declared.protocol in READERS
