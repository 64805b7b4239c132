"""Randomisation inference: the order of adoption drawn again and again, for any number that a panel gives."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.random import SeedSequence

from evaltools.errors import DesignError, Fault, near
from evaltools.estimate.calls import Name, call
from evaltools.estimate.result import NO_R, Source, Test
from evaltools.estimate.rollout.outcomes import Average, Outcome, measured
from evaltools.estimate.rollout.panels import RolloutPanel
from evaltools.estimate.rollout.planning.arithmetic import ESTIMATORS, Estimator, Timing
from evaltools.estimate.spreading import Progress, Seeds, replicated
from evaltools.language import texts

Statistic = Callable[[RolloutPanel], float]


@dataclass(frozen=True, slots=True)
class AverageEffect:
    """The average effect in a panel over its standard error: what `randomisation_test` asks of each order drawn.

    outcome : a column, or count and base. estimator, average : as in `Assumed`.
    """

    outcome: Outcome
    estimator: Estimator = "imputation"
    average: Average = "unit"

    def __post_init__(self) -> None:
        if self.estimator not in ESTIMATORS:
            problem = f'there is no estimator "{self.estimator}"'
            raise DesignError(Fault("NO_SUCH_RULE", "estimator", problem, near(self.estimator, ESTIMATORS)))

    def __call__(self, panel: RolloutPanel) -> float:
        """The studentised effect. Raises `DesignError` NOTHING_IDENTIFIED, and those of an outcome."""
        known = measured(panel, self.outcome, average=self.average)
        timing = Timing(known.panel.starts, len(known.panel.periods))
        if not timing.cells:
            problem = "no period with the method has units without it and periods before it"
            raise DesignError(Fault("NOTHING_IDENTIFIED", known.name, problem, "See `adoption(panel)`."))
        effect, error, _ = ESTIMATORS[self.estimator](known.values[None], known.weights[None], timing)
        return float(effect[0] / error[0]) if error[0] > 0 else math.inf

    @property
    def code(self) -> str:
        """The expression that gives it again."""
        told = {"estimator": self.estimator, "average": self.average}
        usual = {"estimator": "imputation", "average": "unit"}
        said = {name: value for name, value in told.items() if usual[name] != value}
        return call("rollout.AverageEffect", "", said, self.outcome).replace("(, ", "(")


def randomisation_test(
    panel: RolloutPanel,
    statistic: Statistic,
    *,
    draws: int = 2000,
    seed: int = 1,
    progress: Progress | None = None,
) -> Test:
    """Whether a number is larger than chance makes it where the order of adoption could as well have been another.

    panel : from `panel`. statistic : any function of a panel that gives one number, such as `AverageEffect("share")`;
    a module's function where processes are to make it. draws : orders drawn, with waves as large as they were.
    seed : gives them again. progress : told how many are done.

    Returns a test: p is the share of orders, the true one counted, whose number is as far from 0 as that of the true
    one. It is exact where lots decided the order; otherwise it says how unlike the true order is to the others.
    Raises `DesignError`: STATISTIC_NOT_A_NUMBER, NOTHING_TO_DRAW_AGAIN, REPLICATIONS_NOT_POSITIVE,
    SPREADING_NOT_INSTALLED, and what the statistic raises.
    Source: Fisher (1935); Athey and Imbens (2022), Journal of Econometrics 226, for staggered adoption.

    >>> import pandas as pd
    >>> from evaltools.estimate.rollout import panel
    >>> rows = pd.DataFrame({"unit": [n for n in range(8) for _ in range(3)], "period": [1, 2, 3] * 8, "y": 0})
    >>> rows["y"] = [7 * place % 11 for place in range(24)]
    >>> rows["first"] = [2 if unit < 4 else 0 for unit in rows["unit"]]
    >>> drawn = randomisation_test(panel(rows, first="first"), AverageEffect("y"), draws=50)
    >>> 0 < drawn.p_value <= 1
    True
    """
    if len(np.unique(panel.starts)) < 2:
        problem = "all units adopt in the same period"
        raise DesignError(Fault("NOTHING_TO_DRAW_AGAIN", "panel", problem, "There is only one order; nothing to test."))
    seen = _value(statistic, panel)
    drawn = np.array(replicated(partial(_drawn, panel=panel, statistic=statistic), draws, seed=seed, progress=progress))
    as_far = int((np.abs(drawn) >= abs(seen) * (1 - 1e-12)).sum())
    about = panel.about
    say = texts(about.language).say
    told = {"draws": draws if draws != 2000 else None, "seed": seed if seed != 1 else None}
    name = statistic.code if isinstance(statistic, AverageEffect) else getattr(statistic, "__name__", "statistic")
    return Test(
        name=say("planning.label.randomisation"),
        statistic=seen,
        p_value=(1 + as_far) / (1 + draws),
        method=say("planning.method.randomisation", draws=draws),
        source=Source(
            origin=about.origin,
            survey=about.title or name,
            question=about.outcome or name,
            universe=say("planning.universe.orders"),
            weight=say("planning.weight.none"),
            confidentiality=about.confidentiality,
            code=call("rollout.randomisation_test", panel.code, told, Name(name)),
            unit=about.unit,
            language=about.language,
        ),
        notes=(say("planning.note.randomisation"), say("planning.note.drawn", seed=seed)),
        r=f"{NO_R}it draws the orders of this panel again",
    )


def _drawn(seeds: Seeds, panel: RolloutPanel, statistic: Statistic) -> list[float]:
    return [_value(statistic, _shuffled(panel, seed)) for seed in seeds]


def _shuffled(panel: RolloutPanel, seed: SeedSequence) -> RolloutPanel:
    """The same units and waves, with lots drawn for who is in which wave."""
    return replace(panel, starts=np.random.default_rng(seed).permutation(panel.starts))


def _value(statistic: Statistic, panel: RolloutPanel) -> float:
    value = float(statistic(panel))
    if not math.isfinite(value):
        problem = "the statistic has no value for an order"
        raise DesignError(
            Fault(
                "STATISTIC_NOT_A_NUMBER",
                "statistic",
                problem,
                "Give a function that has one for every order; more units help.",
            )
        )
    return value
