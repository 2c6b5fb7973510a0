"""Shares of parties in a company, partnership or public body: who takes part, for what percentage.

A percentage is a share only where the words speak of taking part and a party stands right beside it:
`Almelo (23%)`, `de provincie voor 8%`, `elk 23%` after a list. All other percentages are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from assets.documents.blocks import CELL
from assets.documents.findings.amount_tables import Line, lines_of
from assets.documents.findings.measures import (
    MOST,
    PERCENT,
    TOO_MANY,
    Measure,
    Row,
    measure,
    measures,
    row,
)
from assets.documents.findings.organisations import Organisations
from assets.documents.findings.parties import Party, id_of, is_whole, listed, parties
from assets.documents.findings.sentences import Place, sentences
from assets.documents.records import Mention, Section, Unread, identify

IN_A_TABLE = 0.95
LONGEST_SENTENCE, MOST_TOGETHER = 2_000, 60
"""Characters of a sentence, and organisations named in it, beyond which no shares are read."""
OF_SEVERAL = "a share of several parties: of each, or of all together?"
OF_NOBODY = "a share beside others, of no party that is named"
NOT_DUTCH = "not a number as Dutch documents write them"

_STRONG = re.compile(
    r"\b(?:aandeelhouders?|aandelen(?:belang|verhouding)?|zeggenschap|vennoten|vennoot|deelnemers?"
    r"|deelnemende|participanten|stemverhouding|verdeelsleutel)\b",
    re.IGNORECASE,
)
"""Words that speak of taking part in an organisation."""
_WEAK = re.compile(
    r"\b(?:aandeel|belang|deelname|deelneming|deelneemt|deelnemen|nemen|neemt|participeert"
    r"|participeren|participatie|partners?)\b",
    re.IGNORECASE,
)
"""Words that do so where an organisation is named in which one can take part."""
_TOTAL = re.compile(r"\b(?:totaal|totale|samen|gezamenlijk|opgeteld)\b", re.IGNORECASE)
_EACH = re.compile(r"\b(?:elk|ieder|allen|allemaal|allebei|beide|per gemeente)\b", re.IGNORECASE)
_TOGETHER = re.compile(r"\b(?:samen|gezamenlijk|tezamen|totaal)\b", re.IGNORECASE)
_VERBS = (
    r"met|voor|heeft|hebben|houdt|houden|bezit|bezitten|is|zijn|neemt|nemen|deel|een|het|aandeel"
    r"|aandelen|belang|deelname|van|elk|ieder|allen|allemaal|allebei|beide|alle|in|daarin|hierin"
    r"|resterende|overige|ongeveer|circa|ca\.|ruim|bijna|aandeelhouder|deelnemer|samen|gezamenlijk"
)
_GLUE = re.compile(rf"[\s:(,–=-]*(?:(?:{_VERBS})[\s:(,–=-]+)*\(?", re.IGNORECASE)
_GLUE_AFTER = re.compile(
    r"\s*(?:van de aandelen|aandelen)?\s*(?:\(|is van|zijn van|in handen van|is in handen van"
    r"|ligt bij|liggen bij|van|voor|bij)?\s*(?:de |het )?(?:gemeente |provincie )?",
    re.IGNORECASE,
)
_LONGEST_GLUE = 80
_HEADER = re.compile(
    r"(?:aandeel|aandelen(?:belang)?|belang|deelname|deelneming|zeggenschap|stemrecht)\b", re.I
)
_PERCENTAGE = re.compile(r"(?:in )?(?:%|percentage|procent)", re.IGNORECASE)
_PARTY = re.compile(
    r"(?:deelnemers?|aandeelhouders?|partij(?:en)?|partners?|vennoten|vennoot|participant)", re.I
)
_TOTAL_ROW = re.compile(r"\s*totaa?l\b", re.IGNORECASE)
_CELL = re.compile(r"(?P<number>[0-9][0-9.,]*)[ \u00a0]?(?:%|procent)?")


@dataclass(slots=True)
class _Run:
    """Shares that follow on each other, and the organisations named with them."""

    found: list[tuple[Measure, Party]] = field(default_factory=list)
    named: set[str] = field(default_factory=set)


class Shares:
    """Reads shares out of one document after another."""

    def __init__(self, organisations: Organisations) -> None:
        self._organisations = organisations
        self._municipalities = organisations.municipalities

    def find(
        self,
        section: Section,
        mentions: Sequence[Mention],
        title: str = "",
        publisher: str | None = None,
    ) -> tuple[list[Row], list[Unread]]:
        """Shares of one section with the columns of `findings.Quantity`, except for `quantity_id`
        and `document_id`, and what looked like one and was not read.

        `mentions`: organisations in its text; `title`: of what the section belongs to, which may
        name the organisation in which one takes part; `publisher`: the organisation whose document
        it is, for `de provincie`. Confidence: 0.95 in a table, 0.9 right beside a declared name,
        0.75 beside a name that nobody declared.
        """
        text = section.text
        said = "%" in text or "procent" in text or "PROCENT" in text or "Procent" in text
        if not said and not (CELL in text and _HEADER.search(text)):
            return [], []
        heading = f"{title}\n{section.heading}"
        about = {one.id for one in self._organisations.find(heading)} - set(
            self._municipalities.values()
        )
        made: list[Row] = []
        unread: list[Unread] = []
        rest: list[Place] = []
        table: list[Line] = []
        lines = lines_of(text)
        for line in [*lines, None]:
            if line is not None and CELL in line.text:
                table.append(line)
                continue
            if table:
                made += self._table(section, table, about, publisher)
                table = []
            if line is not None:
                rest.append((line.start, line.end))
        made += self._prose(section, rest, mentions, about, heading, publisher, unread)
        return sorted(made, key=lambda one: one["quote_start"]), unread

    # -- tables --------------------------------------------------------------------------------
    def _table(
        self, section: Section, table: Sequence[Line], about: set[str], publisher: str | None
    ) -> list[Row]:
        """A column of shares below its header, beside a first column of parties."""
        rows = [line.text.split(CELL) for line in table]
        header = [cell.strip(" \u00a0:") for cell in rows[0]]
        of_parties = bool(_PARTY.match(header[0]))
        column = next(
            (
                n
                for n, cell in enumerate(header)
                if n and (_HEADER.match(cell) or (of_parties and _PERCENTAGE.fullmatch(cell)))
            ),
            None,
        )
        if column is None or len(rows) < 3:
            return []
        found: list[tuple[Measure, Party, bool]] = []
        for line, cells in zip(table[1:], rows[1:], strict=True):
            said = cells[column].strip(" \u00a0") if column < len(cells) else ""
            number = _CELL.fullmatch(said)
            if number is None:
                continue
            start = line.start + sum(len(cell) + 1 for cell in cells[:column])
            start += cells[column].index(said)
            read = measure(number["number"], section.text, start, start + len(said))
            name = cells[0].strip(" \u00a0:")
            if read is not None and name:
                identifier = id_of(name, self._organisations, publisher)
                party = Party(line.start, line.start + len(cells[0]), name, identifier, IN_A_TABLE)
                found.append((read, party, bool(_TOTAL_ROW.match(name))))
        known = sum(party.id is not None for _, party, total in found if not total)
        if len(found) < 2 or not (of_parties or known * 2 >= len(found)):
            return []
        group = identify(section.path, found[0][0].start, "share")
        of = about - {party.id for _, party, _ in found if party.id}
        return [
            _row(section, one, party, "total" if total else "part", group, of)
            for one, party, total in found
        ]

    # -- sentences and lists -------------------------------------------------------------------
    def _prose(
        self,
        section: Section,
        lines: Sequence[Place],
        mentions: Sequence[Mention],
        about: set[str],
        heading: str,
        publisher: str | None,
        unread: list[Unread],
    ) -> list[Row]:
        text = section.text
        inside = iter(lines)
        line = next(inside, None)
        made: list[Row] = []
        run = _Run()
        always = bool(_STRONG.search(heading)) or (bool(about) and bool(_WEAK.search(heading)))
        armed = always
        ordered = sorted(mentions, key=lambda one: one.start)
        at = 0
        for start, end in sentences(text):
            while line is not None and line[1] <= start:
                line = next(inside, None)
            if line is None:
                break
            if start < line[0]:
                continue
            if len(made) + len(unread) > MOST:
                unread.append(Unread(section.path, text[start:end][:200], TOO_MANY))
                break
            while at < len(ordered) and ordered[at].end <= start:
                at += 1
            words = text[start:end]
            has_percent = bool(PERCENT.search(words))
            named = set()
            if has_percent or _STRONG.search(words) or _WEAK.search(words):
                n = at
                while n < len(ordered) and ordered[n].start < end:
                    named.add(ordered[n].id)
                    n += 1
                wholes = (named | about) - set(self._municipalities.values())
                speaks = bool(_STRONG.search(words)) or (bool(_WEAK.search(words)) and bool(wholes))
            else:
                speaks = False
            if not has_percent:
                made += _flushed(section, run, about)
                run = _Run(named=named if speaks else set())
                armed = always or speaks
                continue
            if not armed and not speaks:
                continue
            its = ordered[at : at + MOST_TOGETHER]
            here = self._read(section, (start, end), its, publisher, unread)
            if not here:
                made += _flushed(section, run, about)
                run, armed = _Run(), always
                continue
            names = {party.name for _, party in run.found}
            if any(party.name in names for _, party in here):
                made += _flushed(section, run, about)
                run = _Run()
            run.found += here
            run.named |= named
            armed = True
        return [*made, *_flushed(section, run, about)]

    def _read(
        self,
        section: Section,
        place: Place,
        mentions: Sequence[Mention],
        publisher: str | None,
        unread: list[Unread],
    ) -> list[tuple[Measure, Party]]:
        """Percentages of one sentence, each with its party or parties."""
        text, (start, end) = section.text, place
        if end - start > LONGEST_SENTENCE:
            return []
        those = parties(text, place, mentions, self._municipalities, publisher)
        found: list[tuple[Measure, Party]] = []
        nobody: list[Measure] = []
        used = start
        read = list(measures(text, PERCENT, start, end))
        for n, one in enumerate(read):
            if not isinstance(one, Measure):
                unread.append(Unread(section.path, one[0], NOT_DUTCH))
                continue
            before = [
                p for p in those if used <= p.start and p.end <= one.start and not is_whole(text, p)
            ]
            glue = text[before[-1].end : one.start] if before else ""
            if before and len(glue) <= _LONGEST_GLUE and _GLUE.fullmatch(glue):
                together = listed(text, before)
                of_each = bool(_EACH.search(glue))
                if len(together) > 1 and (not of_each or _TOGETHER.search(glue)):
                    unread.append(
                        Unread(section.path, text[together[0].start : one.end][:200], OF_SEVERAL)
                    )
                else:
                    found += [(one, party) for party in (together if of_each else together[-1:])]
                used = one.end
                continue
            upto = next((m.start for m in read[n + 1 :] if isinstance(m, Measure)), end)
            after = next((p for p in those if p.start >= one.end and p.end <= upto), None)
            if after and _GLUE_AFTER.fullmatch(text, one.end, after.start):
                found.append((one, after))
                used = after.end
                continue
            if one.value != 100:
                nobody.append(one)
            used = one.end
        if found:
            unread += [Unread(section.path, text[m.start : m.end], OF_NOBODY) for m in nobody]
        return found


def _flushed(section: Section, run: _Run, about: Collection[str]) -> list[Row]:
    """Rows of shares that stand together; one alone belongs to no group."""
    if not run.found:
        return []
    group = identify(section.path, run.found[0][0].start, "share") if len(run.found) > 1 else None
    theirs = {party.id for _, party in run.found if party.id}
    of = (run.named - theirs) or (set(about) - theirs)
    part = "part" if group else "single"
    return [_row(section, one, party, part, group, of) for one, party in run.found]


def _row(
    section: Section,
    one: Measure,
    party: Party,
    part: str,
    group: str | None,
    of: Collection[str],
) -> Row:
    return row(
        section,
        one,
        kind="share",
        unit="pct",
        concept="share",
        name=party.name,
        organisation_id=party.id,
        of_organisation_id=next(iter(of)) if len(of) == 1 else None,
        part=part,
        statement_group=group,
        confidence=party.confidence,
    )
