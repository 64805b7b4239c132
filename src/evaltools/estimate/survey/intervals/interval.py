"""Intervals for shares, each a named value: `interval.exact()`, `.predictive()`, `.logit()`, ...

Which one is the default is said in `docs/methods.md`, with the coverage of each for 98 units. Wald is by name only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import betaincinv, expit, stdtrit
from scipy.special import logit as log_odds

from evaltools.errors import DesignError, Fault
from evaltools.estimate.arrays import Floats
from evaltools.estimate.survey.intervals import finite
from evaltools.estimate.survey.intervals.likelihood import likelihood_limits

__all__ = ["clopper_pearson", "exact", "korn_graubard", "likelihood", "logit", "predictive", "wald", "wilson"]


@dataclass(frozen=True, slots=True, eq=False)
class Shares:
    """What an interval can draw on, one entry per share.

    count of n have the trait (unweighted). counts, sizes, outside, unseen : the same by response cell (shares x
    cells); `unseen` are units of the population that may belong to the base and gave no answer, None where unknown.
    closed : whether every unseen unit surely belongs to the base. even : whether all rows weigh the same.
    """

    estimate: Floats
    se: Floats
    df: Floats
    count: Floats
    n: Floats
    counts: Floats
    sizes: Floats
    outside: Floats
    unseen: Floats | None
    closed: bool
    even: bool
    elements: bool


Limits = Callable[[Shares, float], tuple[Floats, Floats]]


@dataclass(frozen=True, slots=True)
class Interval:
    """A way to make intervals for shares. `name` is the key of its words in `language/*/estimate.yaml`."""

    name: str
    limits: Limits

    def __repr__(self) -> str:
        return f"interval.{self.name}()"


def exact() -> Interval:
    """Exact hypergeometric by test inversion: unweighted shares of a finite population. Katz (1953)."""
    return Interval("exact", _exact)


def predictive() -> Interval:
    """Stratified beta-binomial predictive: shares weighted by response cells. Ericson (1969)."""
    return Interval("predictive", _predictive)


def korn_graubard() -> Interval:
    """Clopper-Pearson with the effective sample size. Korn and Graubard (1998); R `svyciprop(method="beta")`."""
    return Interval("korn_graubard", _korn_graubard)


def logit() -> Interval:
    """Wald t on the log-odds; at 0 and 1 Clopper-Pearson on n. R `svyciprop(method="xlogit")`."""
    return Interval("logit", _logit)


def likelihood() -> Interval:
    """Profile likelihood scaled by the design effect; at 0 and 1 as `logit`. R `svyciprop(method="likelihood")`."""
    return Interval("likelihood", _likelihood)


def wilson() -> Interval:
    """Wilson's score with the effective sample size and t. R `svyciprop(method="wilson")`, survey 4.5."""
    return Interval("wilson", _wilson)


def clopper_pearson() -> Interval:
    """Exact binomial on count and n, no weights and no finite population. Clopper and Pearson (1934)."""
    return Interval("clopper_pearson", _clopper_pearson)


def wald() -> Interval:
    """Estimate plus and minus t standard errors: wrong for rare traits (see docs/methods.md), so by name only."""
    return Interval("wald", _wald)


def default_for(shares: Shares) -> Interval:
    """Exact when unweighted, predictive when weighted by response cells, Korn-Graubard for other samples."""
    if shares.unseen is None or not shares.elements:
        return korn_graubard()
    if shares.closed:
        return exact() if shares.even else predictive()
    return predictive() if shares.unseen.sum(axis=1).max() <= finite.MOST_UNSEEN_TWO_WAY else korn_graubard()


def t_quantile(df: Floats, level: float) -> Floats:
    """Two-sided quantile of Student's t."""
    return np.asarray(stdtrit(df, (1 + level) / 2))


def binomial_limits(count: Floats, n: Floats, level: float) -> tuple[Floats, Floats]:
    """Clopper-Pearson limits; count and n need not be whole."""
    tail = (1 - level) / 2
    with np.errstate(invalid="ignore"):
        low = np.where(count <= 0, 0.0, betaincinv(np.maximum(count, 1e-300), n - count + 1, tail))
        high = np.where(count >= n, 1.0, betaincinv(count + 1, np.maximum(n - count, 1e-300), 1 - tail))
    return low, high


def _needs_population(shares: Shares, name: str) -> Floats:
    if shares.unseen is None or not shares.elements:
        problem = f"interval.{name}() needs the number of units in the population, and rows drawn one by one"
        raise DesignError(Fault("INTERVAL_NEEDS_POPULATION", "interval", problem, "Give `population` to the design."))
    return shares.unseen


def _exact(shares: Shares, level: float) -> tuple[Floats, Floats]:
    unseen = _needs_population(shares, "exact").sum(axis=1)
    if not shares.closed:
        problem = "the number of population units in the base of this question is unknown"
        remedy = "Use interval.predictive(), which takes that into account."
        raise DesignError(Fault("INTERVAL_NEEDS_BASE", "interval", problem, remedy))
    if not shares.even:
        problem = "interval.exact() is for unweighted shares, and these are weighted"
        raise DesignError(Fault("INTERVAL_NEEDS_EVEN", "interval", problem, "Use interval.predictive()."))
    population = shares.n + unseen
    counts = [
        finite.hypergeometric_counts(int(x), int(n), int(N), level)
        for x, n, N in zip(shares.count, shares.n, population, strict=True)
    ]
    return np.array([low for low, _ in counts]) / population, np.array([high for _, high in counts]) / population


def _predictive(shares: Shares, level: float) -> tuple[Floats, Floats]:
    unseen = _needs_population(shares, "predictive")
    if shares.closed:
        population = shares.n + unseen.sum(axis=1)
        low, high = finite.predictive_counts(shares.counts, shares.sizes, unseen, level)
        return low / population, high / population
    return finite.predictive_shares(shares.counts, shares.sizes, shares.outside, unseen, level)


def _effective_n(shares: Shares, level: float) -> Floats:
    """Effective sample size with the t correction of Korn and Graubard; n where the variance is 0 at 0 or 1."""
    with np.errstate(divide="ignore", invalid="ignore"):
        size = shares.estimate * (1 - shares.estimate) / shares.se**2
        t_ratio = t_quantile(np.maximum(shares.n - 1, 1), level) / t_quantile(shares.df, level)
    return np.where((shares.se > 0) & _between(shares), size * t_ratio**2, shares.n)


def _between(shares: Shares) -> np.ndarray:
    return (shares.estimate > 1e-12) & (shares.estimate < 1 - 1e-12)


def _certain(shares: Shares) -> np.ndarray:
    """Shares that the design fixes (a stratum's own share): no variance although neither 0 nor 1."""
    return _between(shares) & (shares.se <= 1e-14)


def _korn_graubard(shares: Shares, level: float) -> tuple[Floats, Floats]:
    n = _effective_n(shares, level)
    low, high = binomial_limits(n * shares.estimate, n, level)
    fixed = _certain(shares)
    return np.where(fixed, shares.estimate, low), np.where(fixed, shares.estimate, high)


def _logit(shares: Shares, level: float) -> tuple[Floats, Floats]:
    inner = _between(shares)
    share = np.where(inner, shares.estimate, 0.5)
    half = t_quantile(shares.df, level) * shares.se / (share * (1 - share))
    low, high = _korn_graubard(shares, level)
    return np.where(inner, expit(log_odds(share) - half), low), np.where(inner, expit(log_odds(share) + half), high)


def _likelihood(shares: Shares, level: float) -> tuple[Floats, Floats]:
    low, high = _korn_graubard(shares, level)
    t = t_quantile(shares.df, level)
    for place in np.flatnonzero(_between(shares) & (shares.se > 1e-14) & (shares.n > 1)).tolist():
        own = float(shares.estimate[place]), float(shares.se[place]), float(shares.n[place]), float(t[place])
        low[place], high[place] = likelihood_limits(*own)
    return low, high


def _wilson(shares: Shares, level: float) -> tuple[Floats, Floats]:
    n, z = _effective_n(shares, level), t_quantile(np.maximum(shares.n - 1, 1), level)
    centre = (shares.estimate + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(shares.estimate * (1 - shares.estimate) / n + z**2 / (4 * n**2))
    fixed = _certain(shares)
    return np.where(fixed, shares.estimate, centre - half), np.where(fixed, shares.estimate, centre + half)


def _clopper_pearson(shares: Shares, level: float) -> tuple[Floats, Floats]:
    return binomial_limits(shares.count, shares.n, level)


def _wald(shares: Shares, level: float) -> tuple[Floats, Floats]:
    half = t_quantile(shares.df, level) * shares.se
    return shares.estimate - half, shares.estimate + half
