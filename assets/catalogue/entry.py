"""The base of every catalogue entry, and the words that entries share."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
SiteId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]


class Entry(BaseModel):
    """Base of every entry: unknown fields are refused. Files are read strictly: nothing in them
    is coerced from one type to another."""

    model_config = ConfigDict(extra="forbid", frozen=True)


FOLDER = "folder"
"""Under this name validation is told beside which file a file named in an entry lies."""
