"""Comparisons of means and shares: one with a value, two of the same units, two groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtr

from evaltools.errors import DesignError, Fault
from evaltools.estimate.arrays import Floats, Mask
from evaltools.estimate.result import Test
from evaltools.estimate.survey.amounts.quantities import Quantity, quantities
from evaltools.estimate.survey.designs.answers import Column
from evaltools.estimate.survey.designs.cells import Cells
from evaltools.estimate.survey.designs.groups import groups
from evaltools.estimate.survey.designs.model import Design
from evaltools.estimate.survey.designs.selection import Category, names_of
from evaltools.estimate.survey.linearised.linear import covariance, degrees_of_freedom_of_all, ratios
from evaltools.estimate.survey.writing import rcode, words

MOST_DF = 1e12
"""Stands for infinitely many degrees of freedom."""


def t_test(
    design: Design,
    variable: str | Sequence[str],
    *,
    by: str | None = None,
    category: Category = None,
    value: float = 0.0,
) -> Test:
    """Whether a mean differs from a value, two means of the same units from one another, or those of two groups.

    variable : one name; or two, then the first less the second is tested among the units that answered both.
    by : a variable with two groups (see `design.domain`); the mean of its first category is taken from that of the
    second. category : makes it shares instead of means. value : the mean or difference under the hypothesis.
    Degrees of freedom: those of the design where it has answers, less one, as in R.
    Raises `DesignError` as `mean`, TWO_GROUPS, TWO_VARIABLES, SAME_VARIABLE, FEW_ANSWERS, and NO_TEST where nothing
    varies by chance. Source: R `svyttest`; Särndal, Swensson and Wretman (1992), section 5.7.
    design : as in `proportion`. Returns a `Test` with the difference as `estimate`.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> design = ev.survey_design(pd.DataFrame({"weeks": [6.0, 10.0, 8.0, 12.0]}), population=40)
    >>> round(t_test(design, "weeks", value=5).statistic, 3)
    3.266
    """
    asked = _asked(design, variable, category)
    breakdown = groups(design, by)
    base, used = breakdown.with_rows(asked.valid)
    found = [breakdown.labels[place][-1] for place in used] if by else []
    if by is not None and len(used) != 2:
        problem = f'"{by}" has {len(used)} groups with answers ({", ".join(found[:5])}), not two'
        raise DesignError(Fault("TWO_GROUPS", _where(design), problem, "Choose two with `design.domain`."))
    linear = ratios(design, base.with_values(asked.values), base, asked.known)
    weights = np.array([-1.0, 1.0]) if by else np.ones(1)
    _check_answers(design, base, [*found] or [asked.name])
    variance = float(weights @ covariance(design, linear) @ weights)
    difference = float(weights @ linear.values) - value
    df = max(degrees_of_freedom_of_all(design, base) - 1, 1.0)
    statistic, p_value = t_of(design, difference, variance, df, asked.name)
    key = "two" if by else "paired" if asked.paired else "one"
    said = {"by": by, "category": category, "value": value or None}
    return Test(
        name=f"{asked.name} x {by}" if by else asked.name,
        statistic=statistic,
        p_value=p_value,
        method=words.say(design, f"method.t_test_{key}"),
        source=words.source(design, "t_test", (variable,), asked.columns, **said),
        df=() if np.isinf(df) else (df,),
        notes=(
            *words.notes(design, asked.columns, breakdown),
            *([words.say(design, "note.difference", second=found[1], first=found[0])] if by else []),
        ),
        estimate=difference + value,
        r=_r(design, asked, by, value, breakdown.cells.anywhere & (asked.valid > 0)),
    )


def _r(design: Design, asked: _Asked, by: str | None, value: float, base: Mask) -> str:
    """R code among those who answered; one mean by its own error, since `svyttest` fails where answers are missing."""
    if by is not None:
        if design.stages[0].joint is not None:
            return rcode.JOINT
        lines = [rcode.answered(design, [asked.term], base), f"svyttest(I({asked.term} - {value:g}) ~ {by}, d)"]
    else:
        lines = [
            rcode.answered(design, [asked.term], base),
            f"s <- svymean(~I({asked.term} - {value:g}), d, na.rm = TRUE)",
            "t <- drop(coef(s) / SE(s)); df <- degf(d) - 1",
            "c(t, df, 2 * pt(-abs(t), df))",
        ]
    return "\n".join(lines)


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """What is averaged over the rows: values, who gave them, and who is settled."""

    name: str
    values: Floats
    valid: Mask
    known: Mask
    columns: list[Column]
    term: str
    paired: bool


def _asked(design: Design, variable: str | Sequence[str], category: Category) -> _Asked:
    names = names_of(variable)
    found = quantities(design, "mean", variable, category)
    if len(found) > 2 or len(found) != len(names):
        problem = f"{len(found)} columns of numbers or shares are to be compared"
        remedy = "Name one variable, or two that the same units answered, and one category of each."
        raise DesignError(Fault("TWO_VARIABLES", _where(design), problem, remedy))
    if len(set(names)) < len(names):
        raise DesignError(
            Fault("SAME_VARIABLE", _where(design), f'"{names[0]}" is compared with itself', "Name two variables.")
        )
    one: Quantity = found[0]
    valid = np.logical_and.reduce([each.valid for each in found])
    outside = np.logical_or.reduce([each.outside for each in found])
    values = one.values - found[1].values if len(found) == 2 else one.values
    return _Asked(
        name=" - ".join(names),
        values=values,
        valid=valid,
        known=valid | outside,
        columns=[column for each in found for column in each.columns],
        term=" - ".join(each.term.removeprefix("~") for each in found),
        paired=len(found) == 2,
    )


def _where(design: Design) -> str:
    return design.answers.survey or "data"


def _check_answers(design: Design, base: Cells, names: Sequence[str]) -> None:
    """`DesignError` FEW_ANSWERS where a group has fewer than two answers."""
    for name, n in zip(names, base.counts.tolist(), strict=True):
        if n < 2:
            problem = f'"{name}" has {n} answer, so that nothing is known of how far answers lie apart'
            raise DesignError(Fault("FEW_ANSWERS", _where(design), problem, "Merge it with another group."))


def t_of(design: Design, difference: float, variance: float, df: float, name: str) -> tuple[float, float]:
    """Student's t and its two-sided p-value; `DesignError` NO_TEST where nothing varies by chance."""
    if variance <= 1e-26 * max(difference**2, 1e-300) or variance <= 0:
        problem = f'"{name}" cannot be tested: nothing varies by chance'
        raise DesignError(Fault("NO_TEST", _where(design), problem, "Describe the difference instead."))
    statistic = difference / float(np.sqrt(variance))
    return statistic, float(2 * stdtr(min(df, MOST_DF), -abs(statistic)))
