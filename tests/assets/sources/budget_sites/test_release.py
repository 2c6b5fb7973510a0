"""Sites of planning & control documents: asked cheaply, each by itself, read from the archive."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from assets.catalogue.loading import HERE, _entries
from assets.catalogue.models import EditionOf, Source
from assets.sources import budget_site
from assets.sources.budget_site import UNASKED, fingerprint
from assets.sources.errors import Refused, Unreachable
from assets.sources.site_crawl import site_of
from tests.assets.material import QUICK, World
from tests.assets.sources.budget_sites.material import (
    FIRST_SITE,
    ONE,
    ONLY_FIRST,
    SITES,
    TWO,
    asked,
    documents,
    edition,
    page,
    texts,
)
from tests.publishers import Fault
from tests.publishers.budget_sites import BudgetSites
from warehouse.archive import Archive

# --- what is not fetched again


def test_an_unchanged_document_costs_one_request_without_a_body(
    world: World, sites: BudgetSites
) -> None:
    first = world.take(ONLY_FIRST)
    sites.clear_requests()
    again = world.take(ONLY_FIRST)
    assert asked(sites) == [f"304 /{ONE}/"]
    assert (again.fresh, again.release) == (False, first.release)
    assert again.table.rows.equals(first.table.rows)


def test_of_a_changed_document_only_what_changed_is_sent(world: World, sites: BudgetSites) -> None:
    first = world.take(ONLY_FIRST)
    later = datetime(2021, 2, 1, tzinfo=UTC)
    sites.put_page(ONE, "/", page("/p10/doel", "/p12/5-1-2-werk", text="Herzien"), later)
    sites.put_page(ONE, "/p12/5-1-2-werk", page(text="Ander werk"), later)
    sites.clear_requests()
    second = world.take(ONLY_FIRST)
    assert [line for line in asked(sites) if line.startswith("200")] == [
        f"200 /{ONE}/",
        f"200 /{ONE}/p12/5-1-2-werk",
    ]
    assert second.fresh
    assert [part.name for part in second.release.parts] == [p.name for p in first.release.parts]
    kept = {"p10/doel", "p11/5-1-1-grond", "p13/5-2-3-geld"}
    for name in kept:
        assert second.release.part(name).sha256 == first.release.part(name).sha256
    assert any("Ander werk" in text for _, text in texts(second))


def test_a_page_whose_bytes_are_gone_comes_anew(world: World, sites: BudgetSites) -> None:
    first = world.take(ONLY_FIRST)
    world.archive._blob(first.release.part("p10/doel").sha256).write_bytes(b"damaged")
    sites.clear_requests()
    again = world.take(ONLY_FIRST, again=True)
    assert f"200 /{ONE}/p10/doel" in asked(sites)
    assert f"304 /{ONE}/p11/5-1-1-grond" in asked(sites)
    assert again.table.rows.equals(first.table.rows)


def test_a_page_without_marks_is_recognised_by_its_words(world: World, sites: BudgetSites) -> None:
    """What changes at every request, and where it stands, is no news."""

    def publish(number: int, text: str) -> None:
        noise = (
            f"<!-- {number} --><script>token = '{number}'</script>"
            f"<link href='/huis.css?v={number}'><meta name='csrf' content='{number}'>"
        )
        built = (
            f"<p>Deze pagina is gebouwd op 02/{number:02}/2022 16:35:57 met de export van "
            "12/23/2021 11:58:18</p>"
        )
        body = page("/p10/doel", "/p12/5-1-2-werk", text=text, head=noise + built)
        sites.put_page(ONE, "/", body, modified=None, etag=False)

    publish(1, "Publicatiedatum: 24-04-2018")
    first = world.take(ONLY_FIRST)
    publish(2, "Publicatiedatum: 24-04-2018")
    assert not world.take(ONLY_FIRST).fresh
    publish(3, "Publicatiedatum: 25-04-2018")
    assert world.take(ONLY_FIRST).fresh
    assert len(world.archive.releases("sites")) == 2
    assert first.release in world.archive.releases("sites")


def test_a_goal_tree_that_leads_elsewhere_is_news() -> None:
    home = page("/p10/doel")
    assert fingerprint(FIRST_SITE, home.encode()) != fingerprint(
        FIRST_SITE, page("/p11/doel").encode()
    )
    assert fingerprint(FIRST_SITE, home.encode()) == fingerprint(
        FIRST_SITE, page("/p10/doel#boven").encode()
    )


# --- many hosts


def test_a_document_that_is_not_there_is_absent_and_the_others_go_on(
    world: World, sites: BudgetSites
) -> None:
    declared = documents(
        **SITES.editions, gone=edition(f"https://{TWO}/begroting-2099/", 2, "budget")
    )
    survey = world.survey(declared)
    assert survey.failure is None
    assert {listing.edition for listing in survey.listings} == {"first", "second"}
    assert list(survey.absent) == [("sites", "gone")]
    assert "404" in survey.absent["sites", "gone"]
    assert len(sites.requests) == 3, "one request a document"


def test_a_host_that_is_down_fails_by_itself(world: World, sites: BudgetSites) -> None:
    taken = {name: world.take(SITES, name) for name in SITES.editions}
    sites.clear_requests()
    sites.inject(Fault(ONE, times=None, kind="status", code=503, retry_after=0))
    survey = world.survey(SITES)
    assert survey.failure is None
    said = {listing.edition: listing for listing in survey.listings}
    assert said["second"].fingerprint == taken["second"].release.fingerprint
    assert said["first"].fingerprint == UNASKED
    sites.clear_requests()
    with pytest.raises(Unreachable, match="503"):
        world.take(SITES, "first", listing=said["first"])
    assert len(sites.requests) == 1, "what was down a moment ago is tried once"
    assert world.archive.latest("sites", "first") == taken["first"].release, "goes on being served"
    assert not world.take(SITES, "second", listing=said["second"]).fresh


def test_a_host_that_came_back_is_taken_in(world: World, sites: BudgetSites) -> None:
    sites.inject(Fault(ONE, times=QUICK.tries, kind="status", code=503, retry_after=0))
    said = {listing.edition: listing for listing in world.survey(SITES).listings}
    assert said["first"].fingerprint == UNASKED
    taken = world.take(SITES, "first", listing=said["first"])
    assert taken.release.fingerprint != UNASKED
    assert {listing.fingerprint for listing in world.survey(SITES).listings} >= {
        taken.release.fingerprint
    }


def test_after_a_host_is_found_down_its_other_documents_are_not_tried(
    world: World, sites: BudgetSites
) -> None:
    other = edition(f"https://{TWO}/begroting-2022/", 2, "budget")
    declared = documents(**SITES.editions, third=other)
    sites.inject(Fault(TWO, times=None, kind="status", code=503, retry_after=0))
    said = {listing.edition: listing.fingerprint for listing in world.survey(declared).listings}
    assert (said["second"], said["third"]) == (UNASKED, UNASKED)
    assert len([r for r in sites.requests if TWO in r.path]) == QUICK.tries


def test_when_no_site_answers_the_publisher_cannot_be_asked(
    world: World, sites: BudgetSites
) -> None:
    sites.down()
    survey = world.survey(SITES)
    assert survey.failure is not None
    assert "none of 2 sites" in survey.failure
    assert survey.listings == ()


def test_a_first_page_that_is_refused_concerns_its_document_alone(
    world: World, sites: BudgetSites
) -> None:
    sites.inject(Fault(ONE, times=None, kind="status", code=403))
    said = {listing.edition: listing for listing in world.survey(SITES).listings}
    assert said["first"].fingerprint == UNASKED
    assert said["second"].fingerprint != UNASKED
    with pytest.raises(Refused, match="403"):
        world.take(SITES, "first", listing=said["first"])


@pytest.mark.parametrize(
    "address",
    ["http://x.nl/", "ftp://x.nl/", "https://", "x.nl", "https://x.nl/?a=1", "https://a@x.nl/",
     "https://x.nl:8443/", "//x.nl/"],
)  # fmt: skip
def test_an_address_that_is_none_is_refused_in_words(address: str) -> None:
    declared = documents(first=edition(address, 1))
    with pytest.raises(Refused, match="expected an address such as"):
        site_of(declared, "first")


def test_a_document_that_is_not_declared_is_refused_in_words() -> None:
    with pytest.raises(Refused, match="declare the document"):
        site_of(documents(first=EditionOf(id="https://x.nl/")), "first")


# --- reading


def test_a_page_that_cannot_be_read_is_told_of(world: World, sites: BudgetSites) -> None:
    sites.put_page(ONE, "/p13/5-2-3-geld", bytes(range(256)) * 40)
    taken = world.take(ONLY_FIRST)
    assert any("p13/5-2-3-geld could not be read" in remark for remark in taken.table.remarks)
    assert taken.table.rows.filter(kind="refused").height == 1


def test_an_archived_release_is_read_without_asking(world: World, sites: BudgetSites) -> None:
    first = world.take(ONLY_FIRST)
    sites.clear_requests()
    again = budget_site.read(ONLY_FIRST, first.release, Archive(world.archive.folder).read)
    assert again.rows.equals(first.table.rows)
    assert sites.requests == []


# --- the declarations


def test_the_declared_documents_are_sites_of_their_own() -> None:
    entries, _ = _entries(HERE, "sources", Source, "name")
    declared = entries["budget_sites"]
    found = [site_of(declared, name) for name in declared.editions]
    assert len({(site.host, site.path) for site in found}) == len(found) >= 14
    assert all(site.host.endswith((".nl",)) for site in found)
    for name, said in declared.editions.items():
        document = said.document
        assert document is not None
        assert str(document.year) in name
        assert (document.document_type == "monitor") == (document.edition is not None)
