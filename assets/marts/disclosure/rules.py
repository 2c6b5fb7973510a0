"""Which figures may not be shown for what they say of one establishment, and how uncertain they
must stay.

The two rules are those of the Handbook on Statistical Disclosure Control (Hundepool and others,
2010, chapter 4): a minimum number of contributors, and the p% rule, by which nobody who contributes
may come to know another's contribution closer than p%.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Flags = NDArray[np.bool_]

LEAST_DOUBT = 1.0
"""Establishments and working persons are whole numbers: an interval of less than one to either side
gives the number away, however wide it is in percents."""


def too_few(contributors: Numbers, minimum: Numbers) -> Flags:
    """Whether somebody contributes, but fewer than `minimum`. Nobody at all is no secret of anybody.

    A number that is not known (nan) is too few: what cannot be judged is not shown.
    """
    import numpy as np

    return ~((contributors >= minimum) | (contributors <= 0)) | np.isnan(contributors)


def dominated(value: Numbers, largest: Numbers, second: Numbers, percent: Numbers) -> Flags:
    """The p% rule: the second contributor, who subtracts his own from `value`, knows the largest
    closer than `percent`."""
    import numpy as np

    rest = value - largest - second
    return np.asarray((value > 0) & ~(rest + 1e-9 >= percent / 100 * largest))


def doubt(value: Numbers, percent: Numbers) -> Numbers:
    """How far from a sensitive `value` an attacker's bound must stay to either side, in its unit.

    `percent` of it and at least `LEAST_DOUBT`, but no further down than to zero.
    """
    import numpy as np

    return np.minimum(value, np.maximum(percent / 100 * value, LEAST_DOUBT))
