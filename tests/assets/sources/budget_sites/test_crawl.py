"""The pages of a document: all of them, politely, never off their host."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from assets.sources.errors import Absent, Incomplete, Refused, Unreachable, Unstable
from assets.sources.transport import Fetcher, Policy
from tests.assets.material import QUICK, World
from tests.assets.sources.budget_sites.material import (
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
