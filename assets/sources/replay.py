"""Answers requests from an archive instead of the network: the bundled sample, or any archive.

It sits below the same clients that ask the real publishers, so running on the sample and
replaying an archive are one code path. What was never recorded is answered with 404.
"""

from __future__ import annotations

import email.utils
from functools import cached_property

import httpx

from assets.sources.transport import SYNTHETIC, Address, address
from warehouse.archive import Archive, Part


class ArchiveTransport(httpx.BaseTransport):
    """An httpx transport over one archive; of several answers to an address the newest counts."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    @cached_property
    def _answers(self) -> dict[Address, tuple[Part, bool]]:
        return {
            address(part.url): (part, release.synthetic)
            for release in self._archive.releases()
            for part in release.parts
        }

    def addresses(self) -> list[Address]:
        """Every address that can be answered."""
        return list(self._answers)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer `request`; conditional requests get their 304."""
        found = self._answers.get(address(request.url))
        if found is None:
            return httpx.Response(
                404, text=f"{request.url} is not in the archive {self._archive.folder.name}"
            )
        part, synthetic = found
        etag = part.etag or f'"{part.sha256[:16]}"'
        headers = {
            "ETag": etag,
            "Last-Modified": part.last_modified
            or email.utils.format_datetime(part.fetched_at, usegmt=False),
            "Content-Type": part.content_type or "application/octet-stream",
            SYNTHETIC: "true" if synthetic else "false",
        }
        if request.headers.get("if-none-match") == etag:
            return httpx.Response(304, headers=headers)
        return httpx.Response(200, headers=headers, content=self._archive.read(part))
