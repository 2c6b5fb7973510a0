"""From the bytes of a planning & control document, or an article, to records with their evidence.

    formats/    bytes -> a page of blocks: charset, HTML, plain text, PDF
    structure/  blocks -> sections with paths, performances, fields, milestones
    findings/   text -> amounts, decisions, organisations, people, statements, relations
    places/     text -> locations, and the links of everything else to them
    extraction.py   one document through all of it; many.py: many of them

Everything here is a pure function: no network, no disk, no Dagster, and nothing that is not in the
text or declared in the catalogue.
"""
