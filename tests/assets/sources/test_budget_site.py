"""Sites of planning & control documents: asked cheaply, crawled politely, never off their host."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.catalogue.document_models import DocumentType
from assets.catalogue.loading import HERE, _entries
from assets.catalogue.models import EditionOf, SiteOfDocument, Source
from assets.sources import anchors, budget_site
from assets.sources.budget_site import UNASKED, fingerprint
from assets.sources.errors import Absent, Incomplete, Refused, Unreachable, Unstable
from assets.sources.site_crawl import Site, site_of
from assets.sources.transport import Fetcher, Policy
from tests.assets import material
from tests.assets.material import QUICK, World, source
from tests.publishers import Fault, Publishers
from tests.publishers.budget_sites import BudgetSites
from warehouse.archive import Archive

ONE, TWO = "overijssel.jaarverslag-2016.nl", "destaatvan.overijssel.nl"
FIRST_SITE = Site(ONE, "/", 1, 100)
SECOND_SITE = Site(TWO, "/monitor-2020-ii/", 2, 100)


def edition(
    address: str, generation: int, kind: DocumentType = "annual_report", most: int = 20
) -> EditionOf:
    return EditionOf(
        id=address,
        document=SiteOfDocument(
            organisation="provincie-overijssel",
            document_type=kind,
            year=2016,
            generation=generation,  # type: ignore[arg-type]
            max_pages=most,
        ),
    )


def documents(**editions: EditionOf) -> Source:
    return source(
        name="sites",
        publisher="budget_documents",
        protocol="budget_site",
        subject="documents",
        editions=editions,
    )


SITES = documents(
    first=edition(f"https://{ONE}/", 1), second=edition(f"https://{TWO}/monitor-2020-ii/", 2)
)
ONLY_FIRST = documents(first=SITES.editions["first"])


def page(*links: str, text: str = "Tekst", head: str = "") -> str:
    anchors = "".join(f'<li><a class="x" href="{link}">verder</a></li>' for link in links)
    return (
        f"<!DOCTYPE html><html><head>{head}</head><body><h1>{text}</h1><p>{text} op deze plek.</p>"
        f"<ul>{anchors}</ul></body></html>"
    )


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setitem(material.SETTING, "budget_documents", "LM_BUDGET_DOCUMENTS_URL")
    with Publishers() as house:
        made = World(house, tmp_path)
        yield made
        made.close()


@pytest.fixture
def sites(world: World) -> BudgetSites:
    """One document of each generation: a home page, and four pages below it."""
    sites = world.house.budget_sites
    sites.put_site(
        ONE,
        {
            "/": page("/p10/doel", "/p12/5-1-2-werk", "/p12/5-1-2-werk#acties"),
            "/p10/doel": page("/p11/5-1-1-grond", "/p12/5-1-2-werk", text="Doel"),
            "/p11/5-1-1-grond": page("/", "../p13/5-2-3-geld", text="Grond"),
            "/p12/5-1-2-werk": page(text="Werk"),
            "/p13/5-2-3-geld": page("/p10/doel", text="Geld"),
        },
    )
    root = "/monitor-2020-ii/"
    sites.put_site(
        TWO,
        {
            root: page(
                f"{root}programma/kerntaak-5", f"{root}projecten", "/begroting-2022/projecten"
            ),
            f"{root}programma/kerntaak-5": page(f"{root}project/werk", text="Kerntaak"),
            f"{root}projecten": page(f"{root}projecten?Tag1Id=47183", "project/werk", text="Alle"),
            f"{root}project/werk": page(text="Werk"),
            "/begroting-2022/projecten": page(text="Een ander document"),
        },
    )
    return sites


def asked(sites: BudgetSites) -> list[str]:
    return [f"{request.status} {request.target}" for request in sites.requests]


def texts(taken: object) -> list[tuple[str, str]]:
    rows = taken.table.rows  # type: ignore[attr-defined]
    return list(rows.select("url", "text").unique(maintain_order=True).iter_rows())


# --- the crawl


def test_the_pages_of_a_document_come_once_each_breadth_first(
    world: World, sites: BudgetSites
) -> None:
    taken = world.take(SITES, "first")
    assert [part.name for part in taken.release.parts] == [
        "first", "p10/doel", "p12/5-1-2-werk", "p11/5-1-1-grond", "p13/5-2-3-geld",
    ]  # fmt: skip
    first = f"/{ONE}/"
    assert asked(sites) == [
        # The cheap question of both documents' hosts, then the crawl of one.
        *sorted([f"200 {first}", f"200 /{TWO}/monitor-2020-ii/"], key=asked(sites).index),
        f"404 {first}robots.txt",
        f"200 {first}p10/doel",
        f"200 {first}p12/5-1-2-werk",
        f"200 {first}p11/5-1-1-grond",
        f"200 {first}p13/5-2-3-geld",
        f"304 {first}",
    ]
    assert taken.release.identifier == f"https://{ONE}/"
    assert taken.table.remarks == ()


def test_rows_have_the_publishers_own_addresses_in_the_order_of_the_crawl(
    world: World, sites: BudgetSites
) -> None:
    taken = world.take(SITES, "first")
    rows = taken.table.rows
    own = rows.select("page", "url", "name").unique(maintain_order=True).rows()
    assert own == [
        (1, f"https://{ONE}/", ONE),
        (2, f"https://{ONE}/p10/doel", "doel"),
        (3, f"https://{ONE}/p12/5-1-2-werk", "5-1-2-werk"),
        (4, f"https://{ONE}/p11/5-1-1-grond", "5-1-1-grond"),
        (5, f"https://{ONE}/p13/5-2-3-geld", "5-2-3-geld"),
    ]
    assert {part.url.split("/")[3] for part in taken.release.parts} == {ONE}, "asked of the mirror"
    said = [text for url, text in texts(taken) if url.endswith("5-2-3-geld")]
    assert "Geld op deze plek." in said


def test_the_second_generation_stays_in_its_folder_and_follows_no_filter(
    world: World, sites: BudgetSites
) -> None:
    taken = world.take(SITES, "second")
    assert [part.name for part in taken.release.parts] == [
        "first",
        "monitor-2020-ii/programma/kerntaak-5",
        "monitor-2020-ii/projecten",
        "monitor-2020-ii/project/werk",
    ]
    assert not [target for target in asked(sites) if "begroting" in target or "?" in target]
    assert taken.table.rows["name"][0] == "monitor-2020-ii"


def test_without_a_mirror_the_site_itself_is_asked(tmp_path: Path, world: World) -> None:
    """At `https://HOST/path`, and recorded so."""
    pages = {
        f"https://{ONE}/": page("/p1/een"),
        f"https://{ONE}/p1/een": page(),
    }
    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(str(request.url))
        said = pages.get(str(request.url))
        return httpx.Response(200, text=said) if said else httpx.Response(404)

    with Fetcher("", policy=QUICK, transport=httpx.MockTransport(answer)) as fetcher:
        world._fetchers["budget_documents"] = fetcher
        taken = world.take(ONLY_FIRST)
    assert [part.url for part in taken.release.parts] == list(pages)
    assert {httpx.URL(url).host for url in seen} == {ONE}


@pytest.mark.parametrize(
    "link",
    [
        f"https://{TWO}/p99/elders",
        f"http://{ONE}/p99/onversleuteld",
        f"https://wie@{ONE}/p99/wie",
        f"https://{ONE}@evil.example/p99/wie",
        "//evil.example/p99/elders",
        "\\\\evil.example\\p99\\elders",
        "https:///p99/elders",
        f"https://{ONE}:8443/p99/andere-poort",
        f"https://{ONE}.evil.example/p99/elders",
        "javascript:location='/p99/x'",
        "file:///p99/passwd",
        "data:text/html,/p99/x",
        "http://[/p99/x",
        "/p99/x?filter=1",
        "/p99/..%2f..%2fgeheim",
        f"https://{ONE}/p99/..",
        "/p99/%2e%2e",
        "/p99/.git",
        "/p99/x/y",
        "/p99",
        "/px/x",
        "/p99/" + "a" * 201,
        "/zoeken",
        "/p9999999999/te-lang",
    ],
)
def test_what_is_no_page_of_the_document_is_never_asked(
    link: str, world: World, sites: BudgetSites
) -> None:
    sites.put_page(ONE, "/p11/5-1-1-grond", page(link, "/p13/5-2-3-geld"))
    taken = world.take(ONLY_FIRST)
    assert len(taken.release.parts) == 5
    assert taken.table.remarks == ()
    paths = {request.path for request in sites.requests}
    assert not [path for path in paths if "p99" in path or "geheim" in path]


def test_links_that_nobody_sees_are_not_followed(world: World, sites: BudgetSites) -> None:
    unseen = (
        "<!-- <a href='/p90/uit'>x</a> --><script>s = \"<a href='/p91/uit'>\"</script>"
        "<SCRIPT SRC=x></SCRIPT><style>/* <a href='/p92/uit'> */</style>"
    )
    sites.put_page(ONE, "/p12/5-1-2-werk", page("/p13/5-2-3-geld", head=unseen))
    assert len(world.take(ONLY_FIRST).release.parts) == 5


def test_a_base_off_the_host_makes_links_foreign(world: World, sites: BudgetSites) -> None:
    base = "<base href='https://evil.example/'>"
    sites.put_page(ONE, "/p12/5-1-2-werk", page("p99/x", "/p98/x", head=base))
    assert len(world.take(ONLY_FIRST).release.parts) == 5


@pytest.mark.parametrize(
    "location",
    [f"/{TWO}/monitor-2020-ii/projecten", "http://evil.example/p12/x", f"/{ONE}/%2e%2e/{TWO}/x"],
)
def test_a_redirect_off_the_host_is_not_followed(
    location: str, world: World, sites: BudgetSites
) -> None:
    sites.inject(Fault("p12", times=None, kind="redirect", location=location))
    taken = world.take(ONLY_FIRST)
    assert len(taken.release.parts) == 4
    assert any("p12/5-1-2-werk" in remark for remark in taken.table.remarks)
    assert not [r for r in sites.requests if TWO in r.path]


def test_a_redirect_within_the_host_is_followed(world: World, sites: BudgetSites) -> None:
    sites.inject(Fault("p12", times=1, kind="redirect", location=f"/{ONE}/p13/5-2-3-geld"))
    taken = world.take(ONLY_FIRST)
    assert len(taken.release.parts) == 5
    assert taken.release.parts[2].url.endswith("/p12/5-1-2-werk")


@pytest.mark.parametrize("most", [1, 4])
def test_more_pages_than_declared_are_refused_before_they_are_asked(
    most: int, world: World, sites: BudgetSites
) -> None:
    declared = documents(first=edition(f"https://{ONE}/", 1, most=most))
    with pytest.raises(Refused, match=rf"at least {most + 1} pages, at most {most} are allowed"):
        world.take(declared)
    pages = {r.path for r in sites.requests if "robots" not in r.path}
    assert len(pages) <= most
    assert world.archive.latest("sites", "first") is None


def test_as_many_pages_as_declared_are_taken(world: World, sites: BudgetSites) -> None:
    assert world.take(documents(first=edition(f"https://{ONE}/", 1, most=5))).fresh


def test_a_page_that_is_not_there_is_told_of_and_no_failure(
    world: World, sites: BudgetSites
) -> None:
    sites.remove(ONE, "/p13")
    taken = world.take(ONLY_FIRST)
    assert len(taken.release.parts) == 4
    [remark] = taken.table.remarks
    assert remark == f"1 pages linked to, but not to be had: https://{ONE}/p13/5-2-3-geld"


def test_when_most_pages_are_gone_nothing_is_taken_in(world: World, sites: BudgetSites) -> None:
    world.take(ONLY_FIRST)
    before = world.archive.latest("sites", "first")
    for place in ("/p11", "/p12", "/p13"):
        sites.remove(ONE, place)
    sites.put_page(ONE, "/", page("/p10/doel", "/p12/5-1-2-werk", "/p14/x", text="Nieuw"))
    with pytest.raises(Incomplete, match="of 4 pages that it leads to only 1 came"):
        world.take(ONLY_FIRST)
    assert world.archive.latest("sites", "first") == before


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault("p12", times=None, kind="status", code=503), Unreachable),
        (Fault("p12", times=None, kind="reset"), Unreachable),
        (Fault("p12", times=None, kind="truncate"), Unreachable),
        (Fault("p12", times=None, kind="truncate", content_length="wrong"), Incomplete),
        (Fault("p12", times=None, kind="truncate", content_length="absent"), Incomplete),
    ],
    ids=["503", "reset", "cut", "cut, length of the rest", "cut, no length"],
)
def test_a_page_that_does_not_come_whole_fails_the_release(
    fault: Fault, error: type[Exception], world: World, sites: BudgetSites
) -> None:
    sites.inject(fault)
    with pytest.raises(error, match="p12"):
        world.take(ONLY_FIRST)
    assert world.archive.releases("sites") == []


def test_what_passes_is_asked_again(world: World, sites: BudgetSites) -> None:
    sites.inject(Fault("p12", times=1, kind="status", code=503, retry_after=0))
    assert len(world.take(ONLY_FIRST).release.parts) == 5


def test_a_first_page_without_pages_of_the_document_is_refused(
    world: World, sites: BudgetSites
) -> None:
    sites.put_page(ONE, "/", page("/onderhoud", text="Wij zijn zo terug"))
    with pytest.raises(Incomplete, match="leads to no page of the document"):
        world.take(ONLY_FIRST)


def test_a_document_that_is_published_anew_meanwhile_is_not_taken_in(
    world: World, sites: BudgetSites, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = sites.answer

    def answer(request: object) -> object:
        said = usual(request)  # type: ignore[arg-type]
        if "p13" in request.path:  # type: ignore[attr-defined]
            sites.put_page(ONE, "/", page("/p10/doel", "/p12/5-1-2-werk", text="Herzien"))
        return said

    monkeypatch.setattr(sites, "answer", answer)
    with pytest.raises(Unstable, match="published anew"):
        world.take(ONLY_FIRST)
    assert world.archive.releases("sites") == []
    assert world.take(ONLY_FIRST).fresh


# --- politeness


def test_pages_closed_to_robots_are_not_asked(world: World, sites: BudgetSites) -> None:
    sites.put_robots(ONE, "User-agent: *\nDisallow: /p12/\n")
    taken = world.take(ONLY_FIRST)
    assert (
        f"1 pages closed to us by robots.txt: https://{ONE}/p12/5-1-2-werk" in taken.table.remarks
    )
    assert not [r for r in sites.requests if "/p12/" in r.path]
    assert len(texts(taken)) > 0


@pytest.mark.parametrize(
    ("rules", "says"),
    [
        ("User-agent: *\nDisallow: /", "closed to us by"),
        ("User-agent: locatiemonitor\nDisallow: /", "closed to us by"),
        ("User-agent: *\nDisallow: /p", "2 closed by robots.txt"),
        ("User-agent: *\nCrawl-delay: 11", "asks for 11 s"),
        ("#" * 600_000, "bytes of rules"),
    ],
)
def test_rules_under_which_nothing_can_be_read_are_told_of(
    rules: str, says: str, world: World, sites: BudgetSites
) -> None:
    sites.put_robots(ONE, rules)
    with pytest.raises((Refused, Incomplete), match=says):
        world.take(ONLY_FIRST)


def test_rules_for_others_are_not_ours(world: World, sites: BudgetSites) -> None:
    sites.put_robots(ONE, "\ufeffUser-agent: grootgraaier\nDisallow: /\n")
    assert len(world.take(ONLY_FIRST).table.remarks) == 0


def test_rules_that_cannot_be_had_close_the_site(world: World, sites: BudgetSites) -> None:
    sites.inject(Fault("robots", times=None, kind="status", code=403))
    with pytest.raises(Refused, match=r"robots.txt: HTTP 403"):
        world.take(ONLY_FIRST)
    sites.clear_faults()
    sites.inject(Fault("robots", times=None, kind="status", code=500))
    with pytest.raises(Unreachable, match=r"robots.txt"):
        world.take(ONLY_FIRST)


@pytest.mark.parametrize(
    ("rules", "expected"), [("", 0.25), ("User-agent: *\nCrawl-delay: 2\n", 2.0)]
)
def test_between_two_pages_there_is_a_pause(
    rules: str,
    expected: float,
    tmp_path: Path,
    world: World,
    sites: BudgetSites,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waits: list[float] = []
    monkeypatch.setattr(time, "sleep", waits.append)
    sites.put_robots(ONE, rules)
    patient = World(world.house, tmp_path / "patient", policy=replace(QUICK, pause=0.25))
    patient.take(ONLY_FIRST)
    patient.close()
    assert [wait for wait in waits if wait >= 0.2] == [expected] * 5


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


# --- fetchers of other bases


def test_a_fetcher_of_another_host_stays_below_it(world: World, sites: BudgetSites) -> None:
    with Fetcher(sites.url, policy=QUICK) as fetcher:
        here = fetcher.at(f"{sites.url}/{ONE}")
        assert here.get("/").body
        for link in (f"{sites.url}/{TWO}/x", f"../{TWO}/x", f"/%2e%2e/{TWO}/x", sites.url):
            with pytest.raises(Refused, match="link out of it"):
                here.get(link)
        with pytest.raises(Refused, match="another origin"):
            here.get("https://evil.example/")
        with pytest.raises(Refused, match="another origin"):
            fetcher.at("https://evil.example/")
        with pytest.raises(Absent):
            fetcher.at(f"{sites.url}/{ONE}x").get("/")
        changed = fetcher.at(f"{sites.url}/{ONE}", Policy(tries=1))
        assert (changed.policy.tries, fetcher.policy.tries) == (1, QUICK.tries)


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


# --- links and words, whatever comes


@pytest.mark.parametrize(
    "hostile",
    [
        "<a ", "<a href=", "<a href='", '<a href="x', "<a href href ", "<!--", "<script", "<base ",
        "<a href='x' <a href=\"y\" ", "&#x", "<", ">", "<a href=" + " " * 50, "gebouwd op 1/1/2000 ",
        "<style><script>", "<a href=/p1/x>", "</script", "<a  href = = ",
    ],
)  # fmt: skip
def test_a_hostile_page_costs_what_its_length_costs(hostile: str) -> None:
    whole = (hostile * (1_000_000 // len(hostile))).encode()
    start = time.monotonic()
    anchors.links(whole, f"https://{ONE}/")
    anchors.words(whole)
    anchors.whole(whole)
    assert time.monotonic() - start < 2


def test_many_different_links_are_judged_quickly_and_too_many_refused() -> None:
    def judged(count: int) -> dict[str, str]:
        many = "".join(f"<a href=/q{number}/x>" for number in range(count)).encode()
        return FIRST_SITE.pages(anchors.links(many, f"https://{ONE}/"))

    start = time.monotonic()
    assert judged(anchors.MOST_LINKS) == {}
    with pytest.raises(Refused, match="20001 links on one page"):
        judged(anchors.MOST_LINKS + 1)
    assert time.monotonic() - start < 2


@given(st.text())
def test_any_text_is_a_page_of_which_links_stay_on_the_host(text: str) -> None:
    body = f"<html><a href=\"{text}\">x</a><a href='{text}'><a href={text}></html>".encode(
        "utf-8", "replace"
    )
    for site in (FIRST_SITE, SECOND_SITE):
        for path in site.pages(anchors.links(body, site.url(site.path))).values():
            asked = httpx.URL(site.url(path))
            assert (asked.scheme, asked.host, asked.userinfo, asked.query) == (
                "https", site.host, b"", b"",
            )  # fmt: skip
            assert asked.path.startswith(site.path)


@given(st.integers(0, 999_999_999), st.from_regex(r"[a-z0-9-]{1,40}", fullmatch=True))
def test_every_page_of_the_first_generation_is_found(number: int, slug: str) -> None:
    body = f'<p><a target="_blank" href="/p{number}/{slug}#acties">x</a></p>'.encode()
    found = FIRST_SITE.pages(anchors.links(body, FIRST_SITE.url("/")))
    assert found == {f"p{number}": f"/p{number}/{slug}"}


def test_entities_in_links_are_resolved() -> None:
    body = b"<A HREF='&#47;p1&#x2F;een&amp;twee'>x</A>"
    assert FIRST_SITE.pages(anchors.links(body, f"https://{ONE}/")) == {"p1": "/p1/een&twee"}


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
