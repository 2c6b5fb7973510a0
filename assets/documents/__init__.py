"""From the bytes of a planning & control document, or an article, to records with their evidence.

Bytes become a `Page` of blocks (`reading`), blocks become sections with paths (`sections`), and
sections yield records (`performances`, `amounts`, `references`, `people`, ...) and links to
locations (`gazetteer`, `links`). Everything here is a pure function: no network, no disk, no
Dagster, and nothing that is not in the text or declared in the catalogue.
"""
