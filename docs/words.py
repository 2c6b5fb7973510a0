"""The words that no declaration holds: what a reason means, who a publisher is, what a protocol is.

`generate` puts them in the pages; a test sees to it that none is lacking.
"""

from __future__ import annotations

REASONS: dict[str, tuple[str, str]] = {
    "confidential": (
        "Het cijfer bestaat maar wordt niet getoond: de uitgever houdt het geheim, of het zou "
        "prijsgeven wat een enkele vestiging bijdraagt, zelf of samen met andere cijfers.",
        "The figure exists and is not shown: its publisher keeps it secret, or it would give away "
        "what a single establishment contributes, by itself or together with other figures.",
    ),
    "unknown": (
        "De uitgever kent het niet, vindt het onbetrouwbaar of houdt het geheim, en zegt niet "
        "welk van de drie.",
        "The publisher does not know it, finds it unreliable or keeps it secret, and does not "
        "say which of the three.",
    ),
    "impossible": (
        "Het cijfer kan niet voorkomen: de cel bestaat niet, of de noemer van een verhouding is 0.",
        "The figure cannot occur: there is no such cell, or the denominator of a ratio is 0.",
    ),
    "not_published": (
        "De uitgever heeft het niet (of nog niet) gepubliceerd; bij een som ontbreekt een deel.",
        "The publisher has not, or not yet, published it; of a sum, a part is missing.",
    ),
    "no_boundary": (
        "Van de locatie is geen begrenzing vastgelegd, dus er is niets om op te tellen.",
        "No boundary of the location is on record, so there is nothing to add up.",
    ),
    "not_allocatable": (
        "De begrenzing is bekend, maar het cijfer laat zich er niet aan toedelen: het bestaat "
        "niet voor de gebieden waaruit de locatie is samengesteld.",
        "The boundary is known, but the figure cannot be allocated to it: it does not exist for "
        "the areas of which the location is composed.",
    ),
    "withdrawn": (
        "De uitgever heeft het cijfer teruggetrokken. Geen bron gebruikt deze reden nu.",
        "The publisher took the figure back. No source uses this reason at present.",
    ),
}
"""What each reason means, in Dutch and in English."""

PUBLISHERS: dict[str, tuple[str, str]] = {
    "cbs_v3": ("CBS, opendata.cbs.nl", "LM_CBS_V3_URL"),
    "cbs_third_party": ("CBS, data of third parties, dataderden.cbs.nl", "LM_CBS_THIRD_PARTY_URL"),
    "cbs_v4": ("CBS, datasets.cbs.nl", "LM_CBS_URL"),
    "kvk": ("KVK, the Chamber of Commerce", "LM_KVK_URL"),
    "geo": ("CBS and Kadaster, through PDOK", "LM_GEO_URL"),
    "ibis": ("Interprovinciaal Overleg (IPO), on the server of the Warmteatlas", "LM_IBIS_URL"),
    "inbox": ("whoever drops a file in the inbox", "LM_INBOX"),
    "budget_documents": (
        "provinces and municipalities, on the sites of their planning & control documents",
        "LM_BUDGET_DOCUMENTS_URL",
    ),
}
"""Publisher in the catalogue -> who that is, and the setting that says where."""

PROTOCOLS: dict[str, tuple[str, str]] = {
    "cbs_v3": ("CBS OData 3 (Feed)", "cbs_v3.py"),
    "cbs_v4": ("CBS OData 4", "cbs_v4.py"),
    "ogc_features": ("OGC API Features", "geo.py"),
    "wfs": ("WFS 2.0, GeoJSON", "ibis.py"),
    "bulk_file": ("file over HTTP, zip with one CSV", "kvk.py"),
    "inbox": ("file in a folder, CSV or zip", ""),
    "budget_site": ("pages of a site, HTML, both generations", "budget_sites.py"),
    "dropped_documents": ("file in a folder: HTML, text or PDF", ""),
}
"""Protocol in the catalogue -> in words, and the part of the stand-in that speaks it."""
