"""Tells the lines that are headings: titles of performances, goals and tasks, and plain headings.

Everything here looks at one line. Whether a title has a text below it, and what role a heading
has, is for `sections` to find out.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

_NUMBER = r"[1-9]\d?"
_TITLE_OPENS = r"(?=[^\W\d_]|[\"'“‘(]|\d[^\W\d_])"
_PERFORMANCE = re.compile(
    rf"^(?:prestatie )?({_NUMBER}\.{_NUMBER}\.{_NUMBER})\.?:? ?[-–]? ?{_TITLE_OPENS}", re.IGNORECASE
)
_GOAL = re.compile(
    rf"^(?:(?:beleids)?doel )?({_NUMBER}\.{_NUMBER})\.?:? {_TITLE_OPENS}", re.IGNORECASE
)
_TASK = re.compile(rf"^kerntaak ({_NUMBER})\.?:? ?[-–]? ?{_TITLE_OPENS}", re.IGNORECASE)
_TREE_TASK = re.compile(rf"^({_NUMBER})\. {_TITLE_OPENS}")
_LISTED = re.compile(rf"(?<![\w.,/\-])({_NUMBER}\.{_NUMBER}\.{_NUMBER})\.? (?=[^\W\d_]|[\"'“‘(])")
_SITEMAP = re.compile(r"^(?:\d{1,3}\. )?blz\. \d{1,4} ", re.IGNORECASE)
_COUNT = re.compile(r"^prestaties ?\((\d{1,4})\)$", re.IGNORECASE)
_YEAR_AT_END = re.compile(r" ?\(?\b(?:19|20)\d\d\)?$")
_MARKER = re.compile(r"^(?:[•·▪◦‣●○*]|[-–](?= [^\W\d_])) ")
_BULLETS = "•·▪◦‣●○*-–"
_OPENING_SIGNS = frozenset("123456789pPdDbBkK")
"""With which a number begins, or the word before it: prestatie, doel, beleidsdoel, blz., kerntaak."""
_NUMBERED = re.compile(r"^(?:\d{1,2}|[a-z])[.)] ")
_AMOUNT = re.compile(r"\d\.\d{3}(?!\d)|€")
_SLUG = re.compile(
    r"(?:^|[/_])(?:p\d{1,9}[/_\-])?([1-9]\d?)-([1-9]\d?)-([1-9]\d?)-([a-z][a-z0-9\-]{0,200})"
    r"(?:\.[a-z]{3,4})?$"
)
_PROJECT = re.compile(r"/project/([a-z0-9][a-z0-9\-]{0,200})$")
TITLE_LENGTH = 200
"""Characters beyond which a line is no title of a performance, goal or task."""
HEADING_LENGTH = 90
"""Characters beyond which an unmarked line is no heading."""


def _is_title(title: str, *, marked: bool) -> bool:
    """Whether what follows a number reads as a title: it has no end of a sentence, and begins with
    a capital where the markup does not say that it is a heading."""
    if not title or len(title) > TITLE_LENGTH or "\t" in title:
        return False
    if marked:
        return True
    first = next((c for c in title if c.isalpha()), "")
    return first.isupper() and not title.endswith((".", ";", ",", ":", "…"))


def _numbered(pattern: re.Pattern[str], text: str, marked: bool) -> tuple[str, str] | None:
    # Most lines begin with another sign: asked first, that costs next to nothing.
    if text[:1] not in _OPENING_SIGNS or len(text) > TITLE_LENGTH + 20:
        return None
    found = pattern.match(text)
    if not found:
        return None
    title = text[found.end() :].strip()
    return (found[1], title) if _is_title(title, marked=marked) else None


def performance_title(text: str, *, marked: bool = False) -> tuple[str, str] | None:
    """Number and title of a line `5.1.2 Title`, `5.1.2. Title`, `Prestatie 5.1.2: Title`.

    `marked`: the markup says that it is a heading, so capitals and full stops do not matter.
    None for sentences, for lines with several numbers, and for numbers of another form.
    """
    found = _numbered(_PERFORMANCE, text, marked)
    return None if found and _LISTED.search(found[1]) else found


def goal_title(text: str, *, marked: bool = False) -> tuple[str, str] | None:
    """Number and title of a line `5.1 Title`, `Doel 5.1 Title`, `Beleidsdoel 5.1: Title`."""
    return _numbered(_GOAL, text, marked)


def task_title(text: str, *, marked: bool = False) -> tuple[str, str] | None:
    """Number and title of a line `Kerntaak 5: Title`."""
    return _numbered(_TASK, text, marked)


def tree_task(text: str) -> tuple[str, str] | None:
    """Number and title of `5. Title`, which only in a goal tree is a task: else it is an item."""
    return _numbered(_TREE_TASK, text, False)


def listed(text: str) -> list[tuple[str, str]]:
    """Numbers and titles of a line that names one or more performances, as a goal tree or site map
    does; empty where it does not begin with one. The length of the line does not matter."""
    if text[:1] not in _OPENING_SIGNS:
        return []
    said = without_page_number(text)
    places = list(_LISTED.finditer(said))
    if not places or places[0].start() != 0:
        return []
    ends = [place.start() for place in places[1:]] + [len(said)]
    pairs = [(p[1], said[p.end() : e].strip()) for p, e in zip(places, ends, strict=True)]
    return [(code, title) for code, title in pairs if _is_title(title, marked=False)]


def without_page_number(text: str) -> str:
    """An entry of a site map without `Blz. 17` before it."""
    return _SITEMAP.sub("", text, count=1)


def stated_count(text: str) -> int | None:
    """The number in `Prestaties (26)`."""
    found = _COUNT.match(text) if text[:1] in "Pp" and len(text) < 40 else None
    return int(found[1]) if found else None


def without_count_or_year(text: str) -> str:
    """A heading without what changes from page to page: `Prestaties (26)`, `Acties 2023`."""
    if stated_count(text) is not None:
        return "Prestaties"
    return _YEAR_AT_END.sub("", text) if text[-1:] in "0123456789)" else text


def without_marker(text: str) -> str:
    """A line without the bullet before it. A number before an item is wording, and stays; so does
    a minus before a figure."""
    return _MARKER.sub("", text, count=1) if text[:1] in _BULLETS else text


def is_numbered(text: str) -> bool:
    """Whether a line is an item of a numbered or lettered list: `1. `, `2) `, `a. `."""
    return bool(_NUMBERED.match(text)) and not _LISTED.match(text)


def has_amount(text: str) -> bool:
    """Whether a line has an amount of money or thousands in it; such a line is no heading."""
    return bool(_AMOUNT.search(text))


def reads_as_heading(text: str) -> bool:
    """Whether an unmarked line that stands apart reads as a heading: short, with a capital, and
    without the end of a sentence."""
    if not 3 <= len(text) <= HEADING_LENGTH or "\t" in text or len(text.split()) > 14:
        return False
    first = next((c for c in text if c.isalnum()), "")
    ends = text.endswith((".", ";", ":", ",", "!", "…", "...", "’", "”", '"'))
    return (first.isupper() or first.isdigit()) and not ends and not has_amount(text)


def of_address(address: str | None) -> tuple[str, str] | None:
    """Number and title in the address of a performance's page, or in the name of a file saved from
    it: `/p16844/5-1-2-some-title` gives `5.1.2`, `some title`. None where there is none."""
    if not address or len(address) > 2000:
        return None
    try:
        path = urlsplit(address).path
    except ValueError:
        return None
    found = _SLUG.search(path.rstrip("/"))
    if not found:
        return None
    return ".".join(found.group(1, 2, 3)), found[4].strip("-").replace("-", " ")


def project_of_address(address: str | None) -> str | None:
    """The slug of a project's page on a site of the second generation: `/project/<slug>`."""
    if not address or len(address) > 2000:
        return None
    found = _PROJECT.search(address.split("?")[0].split("#")[0].rstrip("/"))
    return found[1] if found else None


def slug(text: str) -> str:
    """A title as part of an address: lower case letters and digits parted by hyphens."""
    plain = unicodedata.normalize("NFKD", text[:TITLE_LENGTH]).casefold()
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    return "-".join(re.findall(r"[a-z0-9]+", letters))
