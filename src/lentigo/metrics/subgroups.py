"""When a part of the data is too small to say anything about it.

Groups (patients, lesions) are counted, not photos: twenty photos of one mole say as much as one.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

LEAST_GROUPS = 10
"""With fewer groups, one of them more or less moves a share by a tenth: no number is given."""


def count_groups(groups: npt.NDArray[np.str_], among: npt.NDArray[np.bool_]) -> int:
    """How many groups have a row in ``among``, for groups and flags (N,)."""
    return len(np.unique(groups[among]))


def enough(groups: npt.NDArray[np.str_], among: npt.NDArray[np.bool_]) -> bool:
    """Whether at least :data:`LEAST_GROUPS` groups have a row in ``among``."""
    return count_groups(groups, among) >= LEAST_GROUPS
