"""Numbers of ways to choose, as logarithms, so that large populations do not overflow."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln

from evaltools.estimate.arrays import Floats


def log_choose(n: npt.ArrayLike, k: npt.ArrayLike) -> Floats:
    """Logarithm of n over k, element by element; where k > n it is that of k over k: mask those.

    >>> np.exp(log_choose(5, [0, 2, 5])).round(9).tolist()
    [1.0, 10.0, 1.0]
    """
    whole, part = np.asarray(n, dtype=float), np.asarray(k, dtype=float)
    rest = np.maximum(whole - part, 0.0)
    return np.asarray(gammaln(whole + 1) - gammaln(part + 1) - gammaln(rest + 1))
