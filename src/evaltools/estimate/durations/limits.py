"""Intervals around a share that falls or grows with time, on a scale named by the caller."""

from __future__ import annotations

from typing import Final, Literal, get_args

import numpy as np
from scipy.special import ndtri

from evaltools.errors import DesignError, Fault, near
from evaltools.estimate.arrays import Floats

Scale = Literal["log-log", "log", "plain"]
DEFAULT: Final[Scale] = "log-log"
_TINY: Final = 1e-12
"""What rounding leaves of a share that is 0 or 1."""


def check_scale(interval: str) -> None:
    """`DesignError` NO_SUCH_INTERVAL for a word that names no interval."""
    if interval not in get_args(Scale):
        problem = f'there is no interval "{interval}"'
        raise DesignError(Fault("NO_SUCH_INTERVAL", "interval", problem, near(interval, get_args(Scale))))


def key_of(interval: Scale) -> str:
    """The key of its words."""
    return interval.replace("-", "_")


def share_limits(share: Floats, se: Floats, scale: Scale, level: float) -> tuple[Floats, Floats]:
    """Limits of shares, NaN where the formula has none: at 0, at 1, or without a standard error.

    `log-log`: of log(-log(share)), never outside 0 to 1; `log`: of log(share), R's default; `plain`: of the share.
    Source: Kalbfleisch and Prentice (2002), section 1.4.
    """
    z = float(ndtri((1 + level) / 2))
    told = (share > _TINY) & (share < 1 - _TINY) & np.isfinite(se) & (se > 0)
    inside, error = share[told], se[told]
    low, high = np.full(len(share), np.nan), np.full(len(share), np.nan)
    if scale == "plain":
        low[told], high[told] = inside - z * error, inside + z * error
    elif scale == "log":
        factor = np.exp(z * error / inside)
        low[told], high[told] = inside / factor, inside * factor
    else:
        power = np.exp(z * error / (inside * -np.log(inside)))
        low[told], high[told] = inside**power, inside ** (1 / power)
    return np.maximum(low, 0.0), np.minimum(high, 1.0)
