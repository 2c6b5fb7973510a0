"""`mart.activity_concordance`: the concordances of the catalogue, as they are applied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assets.catalogue import Catalogue
from assets.catalogue.concordance_models import section_of
from warehouse.tables.activities import ActivityConcordance
from warehouse.vocabulary import polars_schema

if TYPE_CHECKING:
    import polars as pl


def concordances(catalogue: Catalogue) -> pl.DataFrame:
    """One row a code and what it became; of several concordances the one that is asked first ranks 1."""
    import polars as pl

    rows = []
    for rank, concordance in enumerate(reversed(catalogue.concordances.values()), start=1):
        ambiguous = concordance.ambiguous()
        for share in concordance.shares:
            several = share.from_code in ambiguous
            rows.append(
                {
                    "concordance": concordance.id,
                    "from_edition": concordance.from_edition,
                    "from_code": share.from_code,
                    "to_edition": concordance.to_edition,
                    "to_code": share.to_code,
                    "section": section_of(share.to_code),
                    "weight": share.weight,
                    "lower": 0.0 if several else share.weight,
                    "upper": 1.0 if several else share.weight,
                    "basis": share.basis,
                    "ambiguous": several,
                    "rank": rank,
                    "source": concordance.source,
                }
            )
    return pl.DataFrame(rows, schema=polars_schema(ActivityConcordance)).sort(
        "rank", "from_code", "to_code"
    )
