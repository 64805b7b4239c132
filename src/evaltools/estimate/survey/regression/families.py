"""The families of outcomes, each with its canonical link, so that Newton's method and Fisher scoring are one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np
from scipy.special import expit, logit

from evaltools.errors import DesignError, Fault, near
from evaltools.estimate.arrays import Floats

FamilyName = Literal["gaussian", "binomial", "poisson"]


@dataclass(frozen=True, slots=True)
class Family:
    """How an outcome goes with its linear predictor eta. McCullagh and Nelder (1989), chapter 2.

    link, mean : eta of the mean and back. slope, bend : first and second derivative of the mean in eta, by the mean.
    start : a mean to begin from, by outcome. fitness : log-likelihood of a row but for what eta does not change.
    in_r : its name there.
    """

    name: FamilyName
    link: Callable[[Floats], Floats]
    mean: Callable[[Floats], Floats]
    slope: Callable[[Floats], Floats]
    bend: Callable[[Floats], Floats]
    start: Callable[[Floats], Floats]
    fitness: Callable[[Floats, Floats], Floats]
    in_r: str


FAMILIES: Final[Mapping[str, Family]] = {
    "gaussian": Family(
        "gaussian",
        link=lambda mean: mean,
        mean=lambda eta: eta,
        slope=np.ones_like,
        bend=np.zeros_like,
        start=lambda outcome: outcome,
        fitness=lambda outcome, eta: outcome * eta - eta**2 / 2,
        in_r="gaussian()",
    ),
    "binomial": Family(
        "binomial",
        link=logit,
        mean=expit,
        slope=lambda mean: mean * (1 - mean),
        bend=lambda mean: mean * (1 - mean) * (1 - 2 * mean),
        start=lambda outcome: (outcome + 0.5) / 2,
        fitness=lambda outcome, eta: outcome * eta - np.maximum(eta, 0) - np.log1p(np.exp(-np.abs(eta))),
        in_r="quasibinomial()",
    ),
    "poisson": Family(
        "poisson",
        link=np.log,
        mean=np.exp,
        slope=lambda mean: mean,
        bend=lambda mean: mean,
        start=lambda outcome: outcome + 0.1,
        fitness=lambda outcome, eta: outcome * eta - np.exp(eta),
        in_r="quasipoisson()",
    ),
}


def family_of(name: str) -> Family:
    """The family of that name; `DesignError` NO_SUCH_FAMILY."""
    if name not in FAMILIES:
        problem = f'there is no family "{name}"'
        raise DesignError(Fault("NO_SUCH_FAMILY", "family", problem, near(name, get_args(FamilyName))))
    return FAMILIES[name]
