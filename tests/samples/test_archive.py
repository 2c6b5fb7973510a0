"""The sample is a whole archive: small, complete, under real addresses, honestly marked."""

from __future__ import annotations

import hashlib
import json

import pytest
import zstandard

from assets.catalogue import Catalogue
from assets.sources.survey import CATALOGUE
from pipelines.settings import ADDRESSES, Settings
from samples.record import EDITIONS, HERE, KEPT, MOMENT, SYNTHETIC
from warehouse.archive import Archive, Part, Release, utc

MEGABYTE = 1024 * 1024


@pytest.fixture(scope="module")
def releases(sample: Archive) -> list[Release]:
    return sample.releases()


@pytest.fixture(scope="module")
def parts(releases: list[Release]) -> list[Part]:
    return [part for release in releases for part in release.parts]


def test_it_is_small() -> None:
    files = [path for name in KEPT for path in (HERE / name).rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) <= 3 * MEGABYTE


def test_it_holds_one_release_of_each_edition_that_it_should(releases: list[Release]) -> None:
    figures = [(r.source, r.edition) for r in releases if r.source != CATALOGUE]
    assert sorted(figures) == sorted(EDITIONS)


def test_it_answers_the_cheap_questions(releases: list[Release]) -> None:
    asked = {r.edition for r in releases if r.source == CATALOGUE}
    assert asked == {"cbs_v3", "cbs_v4", "cbs_third_party", "inbox"}


def test_every_release_is_complete_and_counted(releases: list[Release]) -> None:
    for release in releases:
        assert release.parts, release.release_id
        assert release.bytes == sum(part.bytes for part in release.parts)
        said = "\n".join(sorted(f"{part.name} {part.sha256}" for part in release.parts))
        assert release.sha256 == hashlib.sha256(said.encode()).hexdigest()
        if release.source != CATALOGUE:
            assert release.rows, release.release_id


def test_every_blob_is_there_with_the_right_hash(sample: Archive, parts: list[Part]) -> None:
    for part in parts:
        assert hashlib.sha256(sample.read(part)).hexdigest() == part.sha256, part.url


def test_every_blob_belongs_to_a_release(parts: list[Part]) -> None:
    on_disk = {path.name.removesuffix(".zst") for path in (HERE / "blobs").rglob("*.zst")}
    assert on_disk == {part.sha256 for part in parts}


def test_every_address_is_a_publishers_own(parts: list[Part], catalogue: Catalogue) -> None:
    addresses = [str(Settings.model_fields[name].default) for name in ADDRESSES]
    # A publisher without an address is many hosts, which the catalogue names.
    documents = catalogue.sources["budget_sites"].editions.values()
    bases = [*filter(None, addresses), "inbox://local", *(declared.id for declared in documents)]
    assert not [part.url for part in parts if not part.url.startswith(tuple(bases))]


def test_no_stand_in_is_named_in_it(sample: Archive, parts: list[Part]) -> None:
    assert not [part.url for part in parts if b"127.0.0.1" in sample.read(part)]


def test_it_has_one_moment_of_recording(releases: list[Release], parts: list[Part]) -> None:
    assert {release.fetched_at for release in releases} == {utc(MOMENT)}
    assert {part.fetched_at for part in parts} == {utc(MOMENT)}


def test_exactly_the_invented_sources_are_marked_synthetic(releases: list[Release]) -> None:
    assert {release.source for release in releases if release.synthetic} == SYNTHETIC


def test_licence_and_attribution_are_those_of_the_catalogue(
    releases: list[Release], catalogue: Catalogue
) -> None:
    for release in releases:
        if release.source != CATALOGUE:
            declared = catalogue.sources[release.source]
            said = release.licence, release.attribution
            assert said == (declared.licence, declared.attribution)
            assert all(said)


def test_manifests_and_blobs_are_all_there_is_in_them() -> None:
    for path in (HERE / "releases").rglob("*"):
        if path.is_file():
            assert json.loads(path.read_bytes())["release_id"], path
    for path in (HERE / "blobs").rglob("*"):
        if path.is_file():
            assert zstandard.get_frame_parameters(path.read_bytes()).content_size, path
