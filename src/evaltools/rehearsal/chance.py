"""Chance that can be repeated: every number follows from the seed and from what it is for, never from the order.

Adding a question to a survey therefore changes no other answer. Draws go through the inverse distribution function
of one even number between 0 and 1, so that the numbers of two waves can be tied together without changing how each
wave is distributed (a Gaussian copula).
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

_NORMAL: Final = NormalDist()
_STEPS: Final = 2.0**52


@dataclass(frozen=True, slots=True)
class Chance:
    """A source of even numbers: `seed`, and what the numbers are for.

    tie : correlation 0-1 between numbers of the same name in two waves of one unit; `wave` tells them apart.
    """

    seed: int
    unit: str
    wave: str = ""
    tie: float = 0.0

    def even(self, *purpose: object) -> float:
        """A number between 0 and 1, the same for the same purpose."""
        return even(self.seed, self.unit, self.wave, *purpose)

    def tied(self, *purpose: object) -> float:
        """A number between 0 and 1 that resembles the one of the same purpose in another wave."""
        return _NORMAL.cdf(self.normal(*purpose))

    def normal(self, *purpose: object) -> float:
        """A standard normal number that resembles the one of the same purpose in another wave."""
        lasting = _NORMAL.inv_cdf(even(self.seed, self.unit, *purpose))
        passing = _NORMAL.inv_cdf(self.even(*purpose))
        return math.sqrt(self.tie) * lasting + math.sqrt(1 - self.tie) * passing


def even(*purpose: object) -> float:
    """A number strictly between 0 and 1 that follows from its purpose.

    >>> even(1, "a") == even(1, "a"), even(1, "a") == even(2, "a")
    (True, False)
    """
    digest = hashlib.blake2b(repr(purpose).encode(), digest_size=8).digest()
    return ((int.from_bytes(digest, "big") >> 12) + 0.5) / _STEPS


def share_of(log_odds: float) -> float:
    """The share 0-1 that belongs to log-odds.

    >>> share_of(0)
    0.5
    """
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, log_odds))))


def pick(u: float, weights: Sequence[float], shift: float = 0.0) -> int:
    """The place of the category that `u` falls in, where `shift` moves the log-odds of every cut upwards.

    This is the proportional-odds model: at each cut between categories the log-odds of lying above it are those of
    the weights plus `shift`.

    >>> pick(0.3, [1, 1]), pick(0.3, [1, 1], shift=2)
    (0, 1)
    """
    total, below = sum(weights), 0.0
    for place, weight in enumerate(weights[:-1]):
        below += weight
        if below > 0 and u < share_of(_log_odds(below / total) - shift):
            return place
    return len(weights) - 1


def _log_odds(share: float) -> float:
    return math.log(share / (1 - share)) if share < 1 else 30.0


def binomial(u: float, n: int, share: float) -> int:
    """How many of `n` succeed when each does with probability `share`: the inverse distribution function at `u`.

    >>> binomial(0.5, 10, 0.3)
    3
    """
    if n <= 0 or share <= 0:
        return 0
    if share >= 1:
        return n
    log_odds = math.log(share / (1 - share))
    log_mass, below = n * math.log1p(-share), 0.0
    for k in range(n):
        below += math.exp(log_mass)
        if u < below:
            return k
        log_mass += math.log((n - k) / (k + 1)) + log_odds
    return n


def poisson(u: float, mean: float) -> int:
    """A count with that mean: the inverse distribution function at `u`.

    >>> poisson(0.5, 3.0)
    3
    """
    if mean <= 0:
        return 0
    log_mass, below, k = -mean, 0.0, 0
    limit = int(mean + 12 * math.sqrt(mean) + 20)
    while k < limit:
        below += math.exp(log_mass)
        if u < below:
            return k
        k += 1
        log_mass += math.log(mean / k)
    return k
