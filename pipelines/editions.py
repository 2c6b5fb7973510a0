"""Reads a range of editions as a person writes it."""

from __future__ import annotations


def parse_editions(said: str) -> list[str]:
    """`2020`, `2017,2019` or `2017..2020` -> editions. Raises ValueError with what to write."""
    found: list[str] = []
    for part in said.split(","):
        start, dots, end = part.strip().partition("..")
        if not dots:
            if not start:
                raise ValueError(
                    "expected an edition such as 2020, a list 2017,2019 or a range 2017..2020"
                )
            found.append(start)
            continue
        if not (start.isdigit() and end.isdigit()):
            raise ValueError(
                f"a range goes from year to year, such as 2017..2020; came {part.strip()!r}"
            )
        if int(end) < int(start):
            raise ValueError(f"a range goes upwards; came {part.strip()!r}")
        found += [str(year) for year in range(int(start), int(end) + 1)]
    return list(dict.fromkeys(found))
