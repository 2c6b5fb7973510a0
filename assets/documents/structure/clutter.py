"""What stands on a page beside its text: navigation, notices on cookies, the foot of the page.

Only whole lines count: a word of the navigation inside a sentence is text. What is dropped here
says nothing about the subject of the page.
"""

from __future__ import annotations

import re

from assets.documents.wordings import fold

_FOOT = frozenset(
    (
        "contact",
        "colofon",
        "disclaimer",
        "privacy",
        "privacyverklaring",
        "cookies",
        "toegankelijkheid",
        "copyright",
        "proclaimer",
        "sitemap",
        "naar boven",
        "terug naar boven",
        "deel deze pagina",
        "delen",
        "deel",
    )
)
_NAVIGATION = _FOOT | frozenset(
    (
        "home",
        "zoeken",
        "zoek",
        "menu",
        "hoofdmenu",
        "submenu",
        "navigatie",
        "open menu",
        "sluit menu",
        "sluiten",
        "print",
        "printen",
        "print deze pagina",
        "download",
        "download pdf",
        "pdf",
        "volgende",
        "vorige",
        "volgende pagina",
        "vorige pagina",
        "volgende >",
        "< vorige",
        "terug",
        "terug naar overzicht",
        "terug naar home",
        "terug naar navigatie",
        "naar de inhoud",
        "naar inhoud",
        "lees voor",
        "ga naar de inhoud van deze pagina",
        "ga naar de inhoud",
        "direct naar inhoud",
        "direct naar de inhoud",
        "lees meer",
        "lees verder",
        "meer lezen",
        "toon meer",
        "toon minder",
        "inhoudsopgave",
        "kruimelpad",
        "u bent hier",
        "status prestaties",
        "twitter",
        "facebook",
        "linkedin",
        "whatsapp",
        "e-mail",
        "mijn verslag",
        "notities",
        "aantekeningen",
        "cookies accepteren",
        "accepteren",
        "akkoord",
        "weigeren",
    )
)
_OPENINGS = (
    "deze website maakt gebruik van cookies",
    "deze site maakt gebruik van cookies",
    "deze website gebruikt cookies",
    "wij gebruiken cookies",
    "we gebruiken cookies",
    "logo van ",
    "u bent hier",
    "kruimelpad",
)
_CRUMB = re.compile(r"^home\s?(?:[>»›|/]|\t|→)", re.IGNORECASE)
_ANNOUNCED = re.compile(r"^terug naar navigatie\s?[-–—:]\s?", re.IGNORECASE)
_LONGEST = 300
"""Characters beyond which a line is no navigation."""


def is_navigation(text: str) -> bool:
    """Whether a line is only there to move about the site or to meet a duty of its owner."""
    if len(text) > _LONGEST:
        return False
    said = fold(text)
    return said in _NAVIGATION or said.startswith(_OPENINGS) or bool(_CRUMB.match(said))


def begins_foot(text: str) -> bool:
    """Whether a line can begin the foot of a page; it does where nothing known comes after it."""
    return len(text) <= _LONGEST and (fold(text) in _FOOT or fold(text).startswith(_OPENINGS[:5]))


def announced(text: str) -> str | None:
    """The heading that a line `Terug naar navigatie - <heading>` stands beside; None if it is none.

    Sites of the second generation have such a line before or after each heading.
    """
    if text[:1] not in "tT" or len(text) > _LONGEST:
        return None
    found = _ANNOUNCED.match(text)
    return text[found.end() :].strip() if found else None
