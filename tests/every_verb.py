"""Every public verb that gives an estimate or a test, on one made-up sample: for what must hold of all of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from evaltools import estimate as ev
from evaltools.estimate import Design, Estimate, result

Made = Estimate | result.Test | tuple[result.Test, ...]
Make = Callable[[Design], Made]

UNITS = {"north": 40, "middle": 30, "south": 28}
"""Units of the population by region: 98."""

WAYS = ["visits", "letters", "meetings"]
MODEL = "uses ~ size + score"


def answers(seed: int = 9, of_region: int = 18) -> pd.DataFrame:
    """What 54 of 98 units answered, with what is known of them."""
    chance = np.random.default_rng(seed)
    n = of_region * len(UNITS)
    cases = chance.integers(5, 80, n)
    return pd.DataFrame(
        {
            "region": np.repeat(list(UNITS), of_region),
            "size": chance.choice(["small", "large"], n, p=[0.6, 0.4]),
            "uses": chance.choice(["no", "yes"], n, p=[0.55, 0.45]),
            "barrier": chance.choice(["money", "none", "time"], n),
            "score": chance.normal(60, 10, n).round(2),
            "cases": cases.astype(float),
            "network": chance.binomial(cases, 0.3).astype(float),
            **{name: chance.integers(0, 2, n) for name in WAYS},
        }
    )


def sample(frame: pd.DataFrame | None = None, **asked: Any) -> Design:
    """The answers as a stratified sample of the 98."""
    return ev.survey_design(answers() if frame is None else frame, strata="region", **{"population": UNITS, **asked})


ESTIMATES: Mapping[str, Make] = {
    "mean": lambda design: ev.mean(design, ["score", "cases"]),
    "mean by group": lambda design: ev.mean(design, "score", by="size"),
    "total": lambda design: ev.total(design, "cases"),
    "total of categories": lambda design: ev.total(design, "barrier"),
    "ratio": lambda design: ev.ratio(design, "network", "cases"),
    "proportion": lambda design: ev.proportion(design, ["uses", "barrier"]),
    "proportion by group": lambda design: ev.proportion(design, "barrier", by="size"),
    "quantile": lambda design: ev.quantile(design, "score", [0.25, 0.5], rule="hf7"),
    "variance": lambda design: ev.variance(design, ["cases", "network"]),
    "design_effects": lambda design: ev.design_effects(design, "score"),
    "crosstab": lambda design: ev.crosstab(design, "size", "uses"),
    "crosstab of all": lambda design: ev.crosstab(design, "size", "uses", of="all"),
    "crosstab of counts": lambda design: ev.crosstab(design, "size", "uses", of="count"),
    "contrast": lambda design: ev.contrast(ev.mean(design, "score", by="size"), {"large": 1, "small": -1}),
    "contrast by formula": lambda design: ev.contrast(ev.total(design, ["network", "cases"]), "network / cases"),
    "together": lambda design: ev.together(
        design, {"mean": ev.mean(design, "score"), "share": ev.proportion(design, "uses", category="yes")}
    ),
    "combinations": lambda design: ev.combinations(design, WAYS),
    "glm": lambda design: ev.glm(design, "score ~ size + cases"),
    "glm, logistic": lambda design: ev.glm(design, MODEL, family="binomial"),
    "glm, Poisson": lambda design: ev.glm(design, "network ~ size + offset(log(cases))", family="poisson"),
    "effect_ratios": lambda design: ev.effect_ratios(ev.glm(design, MODEL, family="binomial")),
    "average_marginal_effects": lambda design: ev.average_marginal_effects(
        ev.glm(design, MODEL, family="binomial"), ["size", "score"]
    ),
    "predicted_means": lambda design: ev.predicted_means(ev.glm(design, MODEL, family="binomial"), "size"),
    "item_response": lambda design: ev.item_response(design, "score"),
    "missing_kinds": lambda design: ev.missing_kinds(design, "score"),
}

TESTS: Mapping[str, Make] = {
    "rao_scott": lambda design: ev.rao_scott(design, "size", "uses"),
    "rao_scott, Chisq": lambda design: ev.rao_scott(design, "size", "uses", statistic="Chisq"),
    "rao_scott, lincom": lambda design: ev.rao_scott(design, "size", "uses", statistic="lincom"),
    "rao_scott, Wald": lambda design: ev.rao_scott(design, "size", "uses", statistic="Wald"),
    "permutation_test": lambda design: ev.permutation_test(design, "size", "uses", permutations=199),
    "t_test": lambda design: ev.t_test(design, "score", by="size"),
    "t_test of one": lambda design: ev.t_test(design, "score", value=58),
    "term_test": lambda design: ev.term_test(ev.glm(design, MODEL, family="binomial"), "size"),
    "mcnemar": lambda design: ev.mcnemar(design, "visits", "letters"),
    "mcnemar, chi_squared": lambda design: ev.mcnemar(design, "visits", "letters", method="chi_squared"),
    "mcnemar, design": lambda design: ev.mcnemar(design, "visits", "letters", method="design"),
    "cochran_q": lambda design: ev.cochran_q(design, WAYS),
    "cochran_q, design": lambda design: ev.cochran_q(design, WAYS, method="design"),
    "pairwise_mcnemar": lambda design: ev.pairwise_mcnemar(design, WAYS),
    "adjust": lambda design: ev.adjust(
        [ev.t_test(design, "score", value=58), ev.rao_scott(design, "size", "uses")], family="two questions"
    ),
    "adjusted": lambda design: ev.adjusted(
        [ev.t_test(design, "score", value=58), ev.rao_scott(design, "size", "uses")], 1, family="two questions"
    ),
}

VERBS: Mapping[str, Make] = {**ESTIMATES, **TESTS}

UNWEIGHTED = ("mcnemar", "mcnemar, chi_squared", "cochran_q", "pairwise_mcnemar")
"""Tests of units as draws from an endless process: they know neither weights nor population, and say so."""

COUNTED = ("item_response", "missing_kinds")
"""Plain counts of those who answered."""


def results_of(made: Made) -> tuple[Estimate | result.Test, ...]:
    """One result or several as several."""
    return made if isinstance(made, tuple) else (made,)


def numbers_of(made: Made) -> Iterator[tuple[str, float | None]]:
    """Every number of a result with its name."""
    for each in results_of(made):
        if isinstance(each, result.Test):
            yield f"{each.name} statistic", each.statistic
            yield f"{each.name} p", each.p_value
            yield f"{each.name} estimate", each.estimate
            yield from ((f"{each.name} df", df) for df in each.df)
            continue
        for row in each.rows:
            key = "/".join(f"{name}={value}" for name, value in sorted(row.coordinates))
            for name in ("estimate", "se", "low", "high", "df", "n", "N", "base"):
                yield f"{key} {name}", getattr(row, name)


def is_sound(made: Made) -> bool:
    """Whether no number is missing in the sense of NaN, and only degrees of freedom may be without end."""
    return all(
        number is None or math.isfinite(number) or (name.endswith(" df") and number == math.inf)
        for name, number in numbers_of(made)
    )
