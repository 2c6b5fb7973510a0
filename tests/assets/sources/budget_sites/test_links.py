"""Links of pages: which are followed, whatever comes."""

from __future__ import annotations

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.sources import anchors
from assets.sources.errors import Refused
from tests.assets.sources.budget_sites.material import (
    FIRST_SITE,
    ONE,
    SECOND_SITE,
)
from tests.cost import assert_linear

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
    def work(size: int) -> None:
        whole = (hostile * (size // len(hostile))).encode()
        anchors.links(whole, f"https://{ONE}/")
        anchors.words(whole)
        anchors.whole(whole)

    assert_linear(work, 1_000_000)


def test_many_different_links_are_judged_quickly_and_too_many_refused() -> None:
    def judged(count: int) -> dict[str, str]:
        many = "".join(f"<a href=/q{number}/x>" for number in range(count)).encode()
        return FIRST_SITE.pages(anchors.links(many, f"https://{ONE}/"))

    assert judged(anchors.MOST_LINKS) == {}
    assert_linear(judged, anchors.MOST_LINKS)
    with pytest.raises(Refused, match="20001 links on one page"):
        judged(anchors.MOST_LINKS + 1)


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
