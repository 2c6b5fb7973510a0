"""Families of entries: one entry, written once, for each of several sectors or the like.

An entry with `each` is a pattern: it stands for one entry for every mapping in `each`, with `{name}`
in its texts replaced by what the mapping says under that name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

EACH = "each"
_NAME = re.compile(r"\{([a-z_]+)\}")


def members(entry: Any) -> Iterator[Any]:
    """The entries that `entry` stands for, as mappings of the same kind; itself where it has no `each`.

    Raises ValueError for an `each` that is no list of mappings of texts, or that lacks a name.
    """
    if EACH not in entry:
        yield entry
        return
    cases = entry[EACH]
    if not (isinstance(cases, tuple) and cases and all(_is_case(case) for case in cases)):
        raise ValueError("write a list of mappings of names to texts: `- {sector: industry}`")
    for case in cases:
        yield _filled({name: said for name, said in entry.items() if name != EACH}, case, entry)


def _is_case(case: Any) -> bool:
    return isinstance(case, Mapping) and all(isinstance(said, str) for said in case.values())


def _filled(said: Any, case: Mapping[str, str], like: Any = None) -> Any:
    """`said` with the names in its texts replaced; the lines on which its keys stand are kept."""
    if isinstance(said, str):
        return _NAME.sub(lambda found: _word(found[1], case), said)
    if isinstance(said, tuple):
        return tuple(_filled(item, case, item) for item in said)
    if not isinstance(said, Mapping):
        return said
    made: Any = type(like)() if isinstance(like, Mapping) else {}
    vars(made).update(vars(like) if hasattr(like, "__dict__") else {})
    made.update({name: _filled(item, case, item) for name, item in said.items()})
    return made


def _word(name: str, case: Mapping[str, str]) -> str:
    if name not in case:
        raise ValueError(
            f"the text says {{{name}}}, and `{next(iter(case.values()), '')}` has no `{name}`; it has: "
            f"{', '.join(case)}"
        )
    return case[name]
