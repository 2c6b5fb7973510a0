"""10,000 documents of about 3.5 kB: from their bytes to records and links, as the product reads them.

`python -m benchmarks.documents WAY [DOCUMENTS]`, WAY one of: ours (5,000 aliases), few (500), long
(documents of four times the length), alternation (what most would write: one regular expression of
all aliases, finding names only). By turns a page of a performance and an article, made of our own
sentences and invented names. Documents and vocabulary are made before the clock starts; two
processes share the work, and count what they found.
"""

from __future__ import annotations

import json
import random
import re
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from itertools import islice
from multiprocessing import get_context

from assets.catalogue import load_catalogue
from assets.documents.blocks import Page
from assets.documents.extraction import Known, Vocabulary, extract
from assets.documents.findings.organisations import Organisations
from assets.documents.formats import reading
from assets.documents.places.gazetteer import Gazetteer
from assets.documents.places.surroundings import Name
from assets.documents.wordings import Wordings
from benchmarks.measuring import Measured, measured

PROCESSES = 2
SYLLABLES = (
    "Ber",
    "Dal",
    "Es",
    "Gro",
    "Hol",
    "Kam",
    "Lin",
    "Mar",
    "Noor",
    "Oos",
    "Pel",
    "Ros",
    "Stad",
    "Tol",
    "Veen",
    "Wes",
    "Zand",
)
KINDS = ("Park", "Campus Noord", "Businesspark", "Science Park", "Innovatie Centrum", "Poort")
PEOPLE = ("Kim Verzonnen", "Sam Voorbeeld", "Noor Bedacht", "Jip van der Proef")
INTRO = (
    "Bedrijven die willen groeien zoeken plekken met goede wegen, kennis en ruimte, en {a} is er een van. ",
    "Daarom kiest de provincie ervoor om geld en aandacht te richten op een klein aantal terreinen. ",
    "In deze streek zijn drie topwerklocaties gekozen: {a} ({town}), {b} en {c} (bij de haven). ",
    "Zonder afspraken tussen overheden en ondernemers komt zo'n gebied niet van de grond. ",
)
PROGRESS = (
    "Met het besluit over {a} ({ps}) is de aanleg van wegen en leidingen begonnen in {town}. ",
    "Bij dit plan is de Herstructureringsmaatschappij Overijssel partner in de plannen voor {b}. ",
    "Voor de ontsluiting van {a} is vorig jaar € 1,{n} miljoen beschikbaar gesteld aan de gemeente. ",
    "Het overleg met het onderwijs over praktijkplaatsen verloopt goed en wordt dit jaar voortgezet. ",
    "De gemeente Zwolle en de eigenaren werken een gezamenlijke aanpak uit voor {c} en omgeving. ",
    "Hierbij is ook gekeken naar de drukte op de weg en naar de natuur in de buurt (zie ook {ps}). ",
    "In {town} onderzoeken wij of {b} kan worden uitgebreid, zodat er plaats komt voor {n} bedrijven. ",
)
ARTICLE = (
    "‘Wie hier over {n} jaar nog werk wil hebben, moet nu durven kiezen’, zegt {person} over {a}. ",
    "Sinds april 201{d} trekt zij de plannen voor het gebied, samen met bewoners en makers uit de buurt. ",
    "Studenten en technici delen er een werkplaats, en dat levert volgens de leiding al veel op. ",
    "{person}, directeur van Voorbeeldwerk, ziet vooral kansen in de verbinding met {town}. ",
    "De straten worden groener, er komen woningen bij en de oude loodsen krijgen een nieuwe huurder. ",
    "Zij voegt toe: ‘Veel ondernemers kennen hun eigen klanten, maar nog niet de buren van {b}.’ ",
    "Over enkele jaren moet blijken of de mensen die hier leren, in de streek willen blijven wonen. ",
)
BASICS = """Basisinformatie

Verantwoordelijk portefeuillehouder:

{person}.

Rol provincie:

Wij brengen partijen bij elkaar en betalen mee.

Looptijd prestatie:

Structureel.

Mijlpalen:

Voorstel over {a}, zie {ps}
"""


@cache
def names(aliases: int) -> tuple[tuple[Name, ...], dict[str, str]]:
    """So many invented aliases of a fifth as many places, and the municipalities they lie in."""
    chance = random.Random(aliases)  # noqa: S311 - the same each time
    towns = {f"GM{n:04}": "".join(chance.sample(SYLLABLES, 3)).capitalize() for n in range(340)}
    found = []
    for number in range(aliases):
        name = "".join(chance.sample(SYLLABLES, 3)).capitalize()
        alias = f"{name} {chance.choice(KINDS)}" if number % 5 else name
        town = f"GM{number // 5 % 340:04}"
        found.append(Name(f"place-{number // 5}", alias, town, ambiguous=number % 25 == 0))
    return tuple(found), towns


@cache
def vocabulary(aliases: int) -> Vocabulary:
    """The labels and organisations that the product ships with, and so many invented aliases."""
    catalogue = load_catalogue()
    return Vocabulary(
        Wordings(catalogue.labels.values()),
        Gazetteer(*names(aliases)),
        Organisations(catalogue.organisations.values()),
        {o.id: o.site for o in catalogue.organisations.values() if o.site},
    )


class _Writer:
    """Writes documents, the same ones each time."""

    def __init__(self, seed: int, aliases: int) -> None:
        self._chance = random.Random(seed)  # noqa: S311 - the same each time
        places, towns = names(aliases)
        self._places = [place.alias for place in places]
        self._towns = list(towns.values())

    def _said(self, sentence: str) -> str:
        chance = self._chance
        a, b, c = chance.sample(self._places, 3)
        return sentence.format(
            a=a,
            b=b,
            c=c,
            town=chance.choice(self._towns),
            person=chance.choice(PEOPLE),
            ps=f"PS/2016/{chance.randrange(1, 999)}",
            n=chance.randrange(2, 90),
            d=chance.randrange(9),
        )

    def _text(self, sentences: tuple[str, ...], length: int) -> str:
        """At least `length` characters, in paragraphs of some sentences."""
        made, since = "", 0
        first = self._chance.randrange(len(sentences))
        while len(made) < length:
            made += self._said(sentences[first % len(sentences)])
            first, since = first + 1, since + 1
            if since == 4:
                made, since = made.rstrip() + "\n\n", 0
        return made.rstrip()

    def page(self, times: int) -> bytes:
        """A page of a performance, as saved from a browser; `times` as long as they are."""
        number = f"5.1.{self._chance.randrange(1, 30)}"
        parts = [
            self._said(f"{number} Ontwikkeling van {{a}}"),
            self._text(INTRO, 700 * times),
            "Context",
            self._text(INTRO, 300 * times),
            "Acties",
            self._said(
                "  1. Voorbereiding van {a} (zie prestatie 8.1.5).\n  2. Verkoop van kavels."
            ),
            "Toelichting op voortgang",
            self._text(PROGRESS, 1_450 * times),
            "Financiën",
            "Toelichting op voortgang",
            "Geen afwijking.",
            self._said(BASICS),
        ]
        return "\n\n".join(parts).encode()

    def article(self, times: int) -> bytes:
        """An article with quotations and headings of its own."""
        title = self._said("Werken en wonen rond {a}")
        parts = [title, title]
        for heading in ("Een eerste stap", "Kansen voor makers", "Wat er nog moet gebeuren"):
            parts += [heading, self._text(ARTICLE, 1_120 * times)]
        return "\n\n".join(parts).encode()


def documents(count: int, aliases: int, times: int) -> list[bytes]:
    """So many documents, pages and articles by turns."""
    writer = _Writer(count, aliases)
    return [(writer.article if n % 2 else writer.page)(times) for n in range(count)]


def read(body: bytes, aliases: int) -> int:
    """One document, the way of the house; how many records and links."""
    page = reading.read("document.txt", body)
    assert isinstance(page, Page), page
    known = Known(page.sha256, year=2017, latest=2027)
    found = extract(known, [(1, page.name, page.blocks)], vocabulary(aliases))
    return sum(map(len, found.rows.values()))


@cache
def alternation(aliases: int) -> re.Pattern[str]:
    """All aliases in one expression, the longest first."""
    called = sorted({place.alias for place in names(aliases)[0]}, key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, called)) + r")(?!\w)")


def matched(body: bytes, aliases: int) -> int:
    """One document by the alternation: how many names."""
    return len(alternation(aliases).findall(body.decode()))


Way = Callable[[bytes, int], int]
WAYS: dict[str, tuple[Way, int, int, int]] = {
    "ours": (read, 10_000, 5_000, 1),
    "few": (read, 10_000, 500, 1),
    "long": (read, 2_500, 5_000, 4),
    "alternation": (matched, 200, 5_000, 1),
}
"""What is done, to how many documents, with how many aliases, and how many times as long each is."""


def _share(way: Way, bodies: list[bytes], aliases: int) -> tuple[int, float]:
    """What one process finds, and its megabytes above where it began."""
    with measured() as taken:
        found = sum(way(body, aliases) for body in bodies)
    return found, taken.megabytes


def run(name: str, count: int | None = None) -> Measured:
    """All documents of a way, in two processes that are forked after everything is compiled;
    megabytes are those of both together."""
    way, usual, aliases, times = WAYS[name]
    count = count or usual
    bodies = documents(count, aliases, times)
    for body in islice(bodies, 2):
        way(body, aliases)  # compiles, and imports what is imported where it is used
    # pages and articles take turns: two by two, each process gets its part of both
    shares = [
        [body for n, body in enumerate(bodies) if n // 2 % PROCESSES == number]
        for number in range(PROCESSES)
    ]
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("fork")) as pool:
        list(pool.map(_share, [way] * PROCESSES, [[]] * PROCESSES, [aliases] * PROCESSES))
        with measured() as taken:
            said = list(pool.map(_share, [way] * PROCESSES, shares, [aliases] * PROCESSES))
    found = sum(one for one, _ in said)
    assert found > count, found
    taken.megabytes = sum(megabytes for _, megabytes in said)
    return taken


if __name__ == "__main__":
    result = run(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else None)
    print(json.dumps({"seconds": result.seconds, "megabytes": result.megabytes}))
