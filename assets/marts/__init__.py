"""What BI reads, made from core and the catalogue: pure functions to the declared mart tables.

`locations` and `indicators` say what there is, `values` what is measured of it, `budgets` what
is spent, `vintages` since when each figure has been what is known.
"""
