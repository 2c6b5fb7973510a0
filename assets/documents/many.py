"""Reads many documents, in as many processes as there are processors where that is worth it."""

from __future__ import annotations

import logging
import multiprocessing
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor

from assets.catalogue import Catalogue
from assets.documents.blocks import Block
from assets.documents.extraction import Extract, Known, Vocabulary, extract
from assets.documents.records import Parsed, Unread

Document = tuple[Known, Sequence[tuple[int, str | None, Sequence[Block]]]]
"""What is known of a document, and number, address and blocks of its pages."""
FEWEST = 1_000
"""Documents from which other processes are started: each takes a second or two to begin."""
AT_ONCE = 50
"""Documents handed to a process at a time."""

_vocabulary: Vocabulary | None = None
"""That of this process, where it was started to read documents."""


def extract_all(
    catalogue: Catalogue, municipalities: Mapping[str, str], documents: Sequence[Document]
) -> Iterator[Extract]:
    """The records of each document, in order."""
    processes = os.cpu_count() or 1
    if len(documents) < FEWEST or processes == 1:
        vocabulary = Vocabulary.of_catalogue(catalogue, municipalities)
        for document in documents:
            yield _extracted(document, vocabulary)
        return
    # Spawned, not forked: polars' threads do not survive a fork.
    with ProcessPoolExecutor(
        processes,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_begin,
        initargs=(catalogue, dict(municipalities)),
    ) as pool:
        yield from pool.map(_read, documents, chunksize=AT_ONCE)


def _begin(catalogue: Catalogue, municipalities: Mapping[str, str]) -> None:
    global _vocabulary
    _vocabulary = Vocabulary.of_catalogue(catalogue, municipalities)


def _read(document: Document) -> Extract:
    assert _vocabulary is not None
    return _extracted(document, _vocabulary)


def _extracted(document: Document, vocabulary: Vocabulary) -> Extract:
    """The records of one document. One on which we fail is told of, and the others go on: a slip of
    ours in one page of ten thousand must not keep all documents from being published."""
    try:
        return extract(*document, vocabulary)
    except Exception as error:
        logging.getLogger(__name__).exception("document %s", document[0].document_id)
        reason = (
            f"an error of ours while reading it ({type(error).__name__}); report it with the file"
        )
        return Extract(
            Parsed("", (), (), (), None, None, None, None),
            unread=[Unread("", document[0].document_id, reason)],
        )
