"""HTML to blocks: what is seen on the page, in reading order, cells under their headings."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.documents.blocks import Unreadable
from assets.documents.formats.html_pages import MAX_DEPTH, MAX_MARKS, read
from tests.cost import assert_linear


def said(html: str) -> list[tuple[str, int, str]]:
    """Kind, level and text of each block."""
    return [(block.kind, block.level, block.text) for block in read(html).blocks]


def texts(html: str) -> list[str]:
    """The texts of the blocks."""
    return [block.text for block in read(html).blocks]


def test_headings_paragraphs_and_breaks() -> None:
    html = """<body>los <b>vet</b>e tekst<h1>Kop <em>een</em><br>tweede</h1><p>Een<p>Twee<br>drie<br><br>
    vier<div>vijf <div>zes</div> zeven</div><h6><a href=#x>Diep</a></h6>
    <div role=heading aria-level=3>Kop ook</div><h3><button>Knop als kop</button></h3>"""
    assert [(b.kind, b.level, b.gap, b.text) for b in read(html).blocks] == [
        ("paragraph", 0, True, "los vete tekst"),
        ("heading", 1, True, "Kop een tweede"),
        ("paragraph", 0, True, "Een"),
        ("paragraph", 0, True, "Twee"),
        ("paragraph", 0, False, "drie"),
        ("paragraph", 0, True, "vier"),
        ("paragraph", 0, True, "vijf"),
        ("paragraph", 0, True, "zes"),
        ("paragraph", 0, True, "zeven"),
        ("heading", 6, True, "Diep"),
        ("heading", 3, True, "Kop ook"),
        ("heading", 3, True, "Knop als kop"),
    ]


def test_a_heading_that_nobody_closed_is_not_the_rest_of_the_page() -> None:
    assert said("<h2>Kop<p>tekst") == [("heading", 2, "Kop"), ("paragraph", 0, "tekst")]
    assert said("<h2>" + "lange tekst " * 100)[0][0] == "paragraph"


def test_lists_as_they_are_shown() -> None:
    html = """<ul><li>punt<li>tweede<ol start=3><li>drie<li value=7><p>zeven</p><p>vervolg</p></ol>na</ul>
    <ol type=a><li>letter</ol><ol style="list-style: none"><li>kaal</ol><ol><li>1. al genummerd</ol>
    <dl><dt>Rol provincie:<dd>Regisseur.</dl>"""
    assert said(html) == [
        ("item", 1, "punt"),
        ("item", 1, "tweede"),
        ("item", 2, "3. drie"),
        ("item", 2, "7. zeven"),
        ("paragraph", 0, "vervolg"),
        ("paragraph", 0, "na"),
        ("item", 1, "a. letter"),
        ("item", 1, "kaal"),
        ("item", 1, "1. al genummerd"),
        ("paragraph", 0, "Rol provincie:"),
        ("paragraph", 0, "Regisseur."),
    ]


def test_cells_stay_under_their_headings() -> None:
    html = """<table><caption>Bedragen x &euro; 1.000</caption>
    <thead><tr><th rowspan=2>Wat</th><th colspan=2>2018</th><th rowspan=2>Ruimte</th></tr>
    <tr><th>Begroot<th>Gerealiseerd</tr></thead>
    <tr><td>Lasten<td>63.274<td><p>61.</p>724<td>1.550</tr>
    <tr><td>Baten<td aria-hidden=true>9<td>2<td></tr><tr><td><td></table>
    <table><tr><td>A<td>B</table>"""
    assert said(html) == [
        ("paragraph", 0, "Bedragen x € 1.000"),
        ("row", 1, "Wat\t2018\t\tRuimte"),
        ("row", 1, "\tBegroot\tGerealiseerd\t"),
        ("row", 1, "Lasten\t63.274\t61. 724\t1.550"),
        ("row", 1, "Baten\t\t2\t"),
        ("row", 2, "A\tB"),
    ]


def test_a_cell_that_reaches_over_rows_in_the_middle() -> None:
    html = "<table><tr><td>a<td rowspan=3>b<td>c<tr><td>d<td>e<tr><td>f<td>g<tr><td>h<td>i<td>j</table>"
    assert texts(html) == ["a\tb\tc", "d\t\te", "f\t\tg", "h\ti\tj"]


@pytest.mark.parametrize(
    "html",
    [
        "<table><tr><td>een<tr><td>twee</table>",
        "<table role=presentation><tr><td>een<td>twee</table>",
        "<table><tr><td><table><tr><td>een</table><td><p>twee</table>",
        "<tr><td>een<td>twee",
    ],
)
def test_a_table_that_only_places_text_is_none(html: str) -> None:
    got = read(html).blocks
    assert " ".join(block.text for block in got).split() in (["een", "twee"], ["eentwee"])
    assert {block.kind for block in got} == {"paragraph"}


def test_a_layout_with_a_table_in_it() -> None:
    html = "<table><tr><td><h2>Kop</h2><p>tekst<td><table><tr><td>a<td>b</table></table><p>na"
    assert said(html) == [
        ("heading", 2, "Kop"), ("paragraph", 0, "tekst"), ("row", 1, "a\tb"), ("paragraph", 0, "na"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "unseen",
    [
        "<script>if (a < b) { '<p>x</p>' }</script>", "<style>x</style>", "<noscript><p>x</p></noscript>",
        "<template><p>x</p></template>", "<svg><title>x</title><text>x</text></svg>", "<div hidden><p>x</div>",
        "<p aria-hidden=TRUE>x</p>", "<select><option>x</select>", "<textarea>x</textarea>",
        "<button>x</button>", "<!-- x -->", "<iframe><p>x</p></iframe>", "<input value=x>", "<?x x?>",
    ],
)  # fmt: skip
def test_what_is_not_seen_is_not_read(unseen: str) -> None:
    assert texts(f"<body><p>voor</p>{unseen}<p>na</p>") == ["voor", "na"]


def test_navigation_stays_because_goal_trees_stand_there() -> None:
    html = """<nav><a href="/p1/doel x">5.1 Doel</a><ul><li><a href=p2>5.1.2 Prestatie</a></ul></nav>
    <header>Prestaties (26)</header><aside>Terzijde</aside><footer>Publicatiedatum: 24-04-2018</footer>
    <div hidden=until-found>Uitklapbaar</div>"""
    assert texts(html) == [
        "5.1 Doel", "5.1.2 Prestatie", "Prestaties (26)", "Terzijde", "Publicatiedatum: 24-04-2018",
        "Uitklapbaar",
    ]  # fmt: skip
    assert [block.links for block in read(html).blocks][:3] == [("/p1/doel%20x",), ("p2",), ()]


def test_links_belong_to_the_block_with_their_words() -> None:
    html = """<a href="/a"><h2>Kop</h2><p>tekst</p></a><p><a href="/b">b</a> en <a href=/c>c</a> en
    <a href="/b">b</a><a href="javascript:x()">j</a><a href=" DATA:x">d</a><a href="/leeg"> </a></p>"""
    assert [block.links for block in read(html).blocks] == [("/a",), ("/a",), ("/b", "/c")]
    [row] = read("<table><tr><td><a href=x>1</a><td><a href=y>2</a></table>").blocks
    assert row.links == ("x", "y")


def test_title_and_address() -> None:
    page = read(
        "<head><title>Een &amp; <b>twee</b>\n drie</title><link rel=canonical href=https://x.nl/p1/a>"
    )
    assert (page.title, page.url) == ("Een & <b>twee</b> drie", "https://x.nl/p1/a")
    saved = "<!-- saved from url=(0021)https://x.nl/p1/a?b=c -->\n<html><base href=https://y.nl/>"
    assert read(saved).url == "https://x.nl/p1/a?b=c"
    assert read("<base href=https://y.nl/><p>x").url == "https://y.nl/"
    for wrong in (
        "javascript:x",
        "/p1",
        "file:///etc/passwd",
        "https://x.nl/ y",
        "https://" + "x" * 9999,
    ):
        assert read(f'<link rel=canonical href="{wrong}"><p>x').url is None
    assert read("<svg><title>x</title></svg><p>y").title is None


def test_text_is_text_and_entities_are_letters() -> None:
    assert texts("<p>a &lt;script&gt; b &euml; c&nbsp;&shy;d &#8217; e < f &amp;amp;") == [
        "a <script> b ë c d ’ e < f &amp;"
    ]
    assert texts("<p>&#0;&#7;x&#x200b;y") == ["�xy"]


def test_lines_of_preformatted_text() -> None:
    html = "<pre>een\ntwee\n\n  drie</pre>"
    assert [(b.text, b.gap) for b in read(html).blocks] == [
        ("een", True),
        ("twee", False),
        ("drie", True),
    ]


def test_measure_is_kept() -> None:
    assert len(read("<div>" * (MAX_DEPTH - 3) + "x").blocks) == 1
    with pytest.raises(Unreadable, match="nested at most 500 deep"):
        read("<div>" * (MAX_DEPTH + 1) + "x")
    with pytest.raises(Unreadable, match="at most 200,000 tags"):
        read("<" * (MAX_MARKS + 1))
    with pytest.raises(Unreadable, match="one has 1,000,000"):
        read("<p>" + "x" * 1_000_000)
    with pytest.raises(Unreadable, match="at most 50,000 paragraphs"):
        read("<p>x" * 50_001)
    with pytest.raises(Unreadable, match="at most 250,000 lines"):
        read("<pre>" + "\n" * 250_001)
    with pytest.raises(Unreadable, match="50,000 cells"):
        read("<table><tr><td colspan=100>x<td colspan=100>y</table>" * 251)
    with pytest.raises(Unreadable, match="50,000 cells"):
        read("<table>" + ("<tr>" + "<td colspan=99 rowspan=99>x" * 50) * 30)
    with pytest.raises(Unreadable, match="50,000 cells"):
        read("<table><tr><td>" + "<td colspan=100 rowspan=100>x" * 400 + "<tr>" * 99)


TAGS = [
    "p",
    "div",
    "h2",
    "ul",
    "ol",
    "li",
    "table",
    "tr",
    "td",
    "a",
    "b",
    "br",
    "pre",
    "nav",
    "dd",
    "th",
]
PIECES = st.one_of(
    st.sampled_from([f"<{tag}>" for tag in TAGS] + [f"</{tag}>" for tag in TAGS]),
    st.integers(100, 999).map(lambda number: f" w{number} "),
)


@given(st.lists(PIECES, max_size=40))
@settings(max_examples=300)
def test_whatever_the_tags_no_word_is_lost_or_changes_place(pieces: list[str]) -> None:
    html = "<body>" + "".join(pieces)
    words = [piece.strip() for piece in pieces if piece.startswith(" w")]
    got = [word for text in texts(html) for word in text.split() if word.startswith("w")]
    assert sorted(got) == sorted(words)
    if "<table>" not in pieces:  # stray text of a table comes before it, as in a browser
        assert got == words


TRAPS = {
    "comment": "<p>a<!--" + "-" * 4_000_000, "comments": "<!--" * 190_000, "attribute": "<p a='" + "x" * 4_000_000,
    "attributes": "<p " + " ".join(f"a{i}=1" for i in range(300_000)) + ">x", "same": "<p " + "a=1 " * 900_000 + ">x",
    "entities": "<p>" + "&amp;" * 190_000, "broken": "<p>" + "&#x" * 190_000, "entity": "<p>&" + "a" * 4_000_000,
    "less": "<p>" + "<" * 190_000, "close": "</p>" * 190_000, "br": "a<br>" * 49_000, "a": "<a href=x>y" * 120_000,
    "script": "<script>" + "</scrip" * 190_000, "cdata": "<![CDATA[" * 190_000, "title": "<title>" + "x" * 4_000_000,
    "misnested": "<b><i><p></b></i>x" * 40_000, "name": "<" + "a" * 4_000_000, "bang": "<!" * 190_000,
    "tables": "<table><tr><td colspan=100>x<td colspan=100>y</table>" * 45_000, "blanks": "<p>" + " " * 4_000_000,
    "heads": "<h1>x</h1>" * 49_000, "saved": "<!-- saved from url=(" * 9_000, "pre": "<pre>" + "\n" * 4_000_000,
    "link": "<a href='" + "x " * 2_000_000 + "'>y", "rowspan": "<table>" + "<tr><td rowspan=100>x<td>y" * 40_000,
}  # fmt: skip


@pytest.mark.parametrize("trap", TRAPS)
def test_no_trap_takes_longer_than_its_length(trap: str) -> None:
    def work(size: int) -> None:
        with contextlib.suppress(Unreadable):
            read(TRAPS[trap][:size])

    assert_linear(work, len(TRAPS[trap]))
