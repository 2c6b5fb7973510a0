"""Which organisations take part in which location: only where a sentence says so of both."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Any

from assets.documents.places.decision_links import ANAPHOR
from assets.documents.places.readings import Reading, Row, evidence
from assets.documents.records import Mention, Section

SAID, FARTHER, SIDE_BY_SIDE, POINTED_BACK, DECLARED, BY_FOUNDERS = 0.85, 0.65, 0.8, 0.6, 0.8, 0.7
"""How sure: the clause says that the organisation takes part, in few words or many; it stands beside the location; the
sentence points back with `hierbij`; the catalogue places the facility there; its founders' firms."""

_CUE = re.compile(
    # the first letter before the words: most words of a text begin with another
    r"(?<!\w)(?=[abdimnpsw])(?:(?P<with>(?:in[ \xa0])?samenwerking met|samen met|partners?)|"
    r"betrokken|samenwerkt|werken samen|werkt samen|deelnemers?|deelneemt|deelnemen|neemt deel|"
    r"nemen deel|(?:mede-?)?aandeelhouders?|participeert|participeren|participant)(?!\w)",
    re.IGNORECASE,
)
_CLAUSE_ENDS = re.compile(
    # one of the first signs before all of them: most signs of a text are none
    r"(?=[;:,tozm])(?:[;:]|,[ \xa0](?:hetgeen|waar\w{0,10}|die|dat|wat|maar|terwijl|omdat|zodat|als|om)(?!\w)|"
    r"(?<!\w)(?:terwijl|omdat|zodat|maar)(?!\w))"
)
_NOT = re.compile(r"(?<!\w)(?=[ngz])(?:niet|geen|nooit|noch|zonder)(?!\w)", re.IGNORECASE)
_AND = re.compile(
    r"[ \xa0]?(?:,|en|,[ \xa0]?en|&|/)[ \xa0](?:(?:de|het|gemeente|provincie)[ \xa0]){0,2}"
)
_WITH = re.compile(r"[ \xa0](?:(?:de|het|gemeente|provincie)[ \xa0]){0,2}")
_BESIDE = re.compile(
    r"[ \xa0](?:\((?:de[ \xa0])?(?:[\w-]{3,30}[ \xa0])?)?(?:bij|van)[ \xa0](?:(?:de|het)[ \xa0])?"
)
_REACH, _FAR, _MOST = 80, 400, 12
"""Characters between an organisation and what it does, and from there to the locations; and how
many of either are taken from one clause."""


def organisation_rows(reading: Reading, organisations: Sequence[Mention]) -> list[Row]:
    """Rows for the organisations of one section; `organisations` in order.

    `partner_in`: the organisation is what a word such as `betrokken bij` or `partner` is said of,
    or stands right behind `samen met`, and the locations follow in the same clause; or that
    sentence names none and points back to one (`hierbij`). `mentioned`: a location right before
    `bij` or `van` the organisation. Nothing is made of both merely being in one sentence.
    """
    free = _outside_locations(reading, organisations)
    if not free:
        return []
    rows = []
    for cue in _CUE.finditer(reading.text):
        rows += _taking_part(reading, free, cue)
    for organisation in free:
        rows += _beside(reading, organisation)
    return rows


def facility_rows(
    document_id: str,
    sections: Sequence[Section],
    organisations: Mapping[str, Sequence[Mention]],
    sites: Mapping[str, str],
    relations: Sequence[Mapping[str, Any]],
) -> list[Row]:
    """Rows for facilities of which the catalogue says in which site they lie.

    `organisations`: mentions by path of section. `sites`: site by id of organisation.
    `relations`: rows of `relation`; firms of the founders of a facility (`founder_of`, and
    `works_for` where the founder is a person) take part in its site.
    """
    rows: list[Row] = []
    seen: set[str] = set()
    by_path = {section.path: section for section in sections}
    for section in sections:
        for mention in organisations.get(section.path, ()):
            if mention.id in sites and mention.id not in seen:
                seen.add(mention.id)
                rows.append(
                    evidence(
                        document_id,
                        section,
                        ("organisation", mention.id),
                        "located_in",
                        sites[mention.id],
                        (mention.start, mention.end),
                        min(DECLARED, mention.confidence),
                        "facility whose site is declared",
                    )
                )
    firms_of: dict[str, list[str]] = {}
    for relation in relations:
        if relation["predicate"] == "works_for" and relation["object_kind"] == "organisation":
            firms_of.setdefault(relation["subject_id"], []).append(relation["object_id"])
    for relation in relations:
        site = sites.get(relation["object_id"])
        if relation["predicate"] != "founder_of" or site is None:
            continue
        person = relation["subject_kind"] == "person"
        founder = relation["subject_id"]
        rows += [
            evidence(
                document_id,
                by_path[relation["section"]],
                ("organisation", firm),
                "partner_in",
                site,
                (relation["quote_start"], relation["quote_end"]),
                min(BY_FOUNDERS, relation["confidence"]),
                "founder of a facility that lies there",
            )
            for firm in (firms_of.get(founder, []) if person else [founder])
        ]
    return rows


def _outside_locations(reading: Reading, organisations: Sequence[Mention]) -> list[Mention]:
    """Organisations that are not part of a location's name, as in `Thales campus Hengelo`."""
    found = []
    for organisation in organisations:
        named = reading.last_before(0, organisation.start + 1)
        if not (named and organisation.start < named.end):
            found.append(organisation)
    return found


def _taking_part(reading: Reading, free: Sequence[Mention], cue: re.Match[str]) -> list[Row]:
    text = reading.text
    start, end = reading.sentence(cue.start())
    found = _CLAUSE_ENDS.search(text, cue.end(), min(end, cue.end() + _FAR))
    clause = found.start() if found else min(end, cue.end() + _FAR)
    those, after = _said_of(reading, free, cue, start, clause)
    if not those or _NOT.search(text, min(cue.start(), those[0].end), clause):
        return []
    numbers = reading.between(after, clause)
    locations = [reading.locations[number] for number in numbers[:_MOST]]
    near = bool(locations) and locations[0].start - cue.end() <= _REACH
    sure, reason = SAID if near else FARTHER, f"{cue[0].lower()}, in the same clause"
    if not locations and not reading.between(start, end):
        if not ANAPHOR.search(text, those[0].end, clause):
            return []
        spoken_of = reading.spoken_of(cue.start())
        locations = [spoken_of] if spoken_of else []
        sure, reason = POINTED_BACK, "sentence points back to the only location before"
    return [
        reading.row(("organisation", organisation.id), "partner_in", location, sure, reason)
        for organisation in those
        for location in locations
    ]


def _said_of(
    reading: Reading, free: Sequence[Mention], cue: re.Match[str], start: int, clause: int
) -> tuple[list[Mention], int]:
    """The organisations that a word is said of, and where its locations may begin."""
    text = reading.text
    at = bisect_left(free, cue.end(), key=lambda organisation: organisation.start)
    follows = cue["with"] and at < len(free) and free[at].start < clause
    if follows and _WITH.fullmatch(text, cue.end(), min(free[at].start, cue.end() + _REACH)):
        behind = [free[at]]
        for following in free[at + 1 : at + _MOST]:
            if not _AND.fullmatch(text, behind[-1].end, following.start):
                break
            behind.append(following)
        return behind, behind[-1].end
    if at == 0 or free[at - 1].start < start:
        return [], 0
    nearest = free[at - 1]
    between = cue.start() - nearest.end
    if not 0 <= between <= _REACH or reading.between(nearest.end, cue.start()):
        return [], 0
    if any(mark in text[nearest.end : cue.start()] for mark in ",;:("):
        return [], 0
    those = [nearest]
    for earlier in reversed(free[max(0, at - _MOST) : at - 1]):
        if earlier.start < start or not _AND.fullmatch(text, earlier.end, those[0].start):
            break
        those.insert(0, earlier)
    return those, cue.end()


def _beside(reading: Reading, organisation: Mention) -> list[Row]:
    """`Kennispark (campus bij de universiteit)`."""
    location = reading.last_before(max(0, organisation.start - 2 * _REACH), organisation.start)
    if location is None or organisation.start - location.end > _REACH:
        return []
    if not _BESIDE.fullmatch(reading.text, location.end, organisation.start):
        return []
    subject = ("organisation", organisation.id)
    return [reading.row(subject, "mentioned", location, SIDE_BY_SIDE, "named beside the location")]
