"""Quantiles by a named rule, with Woodruff intervals: the limits of the share below, read off as quantiles again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evaltools.errors import DesignError, Fault, near
from evaltools.estimate.arrays import Codes, Floats
from evaltools.estimate.levels import check_level
from evaltools.estimate.result import Estimate, Row
from evaltools.estimate.survey.amounts.means import population_of, unit_of
from evaltools.estimate.survey.amounts.quantile_rules import RULES, Steps
from evaltools.estimate.survey.amounts.quantities import Quantity, quantities
from evaltools.estimate.survey.designs.cells import Cells
from evaltools.estimate.survey.designs.groups import Coordinates, Groups, groups
from evaltools.estimate.survey.designs.model import Design
from evaltools.estimate.survey.designs.selection import Names, nobody_answered
from evaltools.estimate.survey.intervals.interval import Interval, Shares, logit, t_quantile
from evaltools.estimate.survey.linearised.linear import (
    Linear,
    base_sizes,
    degrees_of_freedom,
    joint,
    ratios,
)
from evaltools.estimate.survey.linearised.silence import item_weights
from evaltools.estimate.survey.writing import rcode, words
from evaltools.language import percent_sign

OF_A_SHARE = ("wald", "korn_graubard", "logit", "wilson", "likelihood")
"""Intervals that need no more of the share below a quantile than its estimate and standard error."""


def quantile(
    design: Design,
    variable: str | Sequence[str],
    probabilities: float | Sequence[float],
    *,
    rule: str,
    by: Names = None,
    interval: Interval | None = None,
    level: float = 0.95,
) -> Estimate:
    """Weighted quantiles of numbers: 0.5 for the median.

    probabilities : one or several, between 0 and 1.
    rule : how to read a quantile where it falls between two values: `math` (the least value with at least that share
    at or below it), `school` (the mean of two values where it falls between them), or `hf1` to `hf9` of Hyndman and
    Fan (1996) with weights; there is no default, because programs differ. interval : for the share at or below the
    quantile, whose limits are then read off by the same rule: `logit` (the default), `wald`, `korn_graubard`,
    `wilson` or `likelihood`. The standard error is the width of the interval / (2 t), and covariances are those of the
    shares with these standard errors. In a design with replicates the share has its variance from them.
    design, variable, by, level : as in `mean`. Returns rows with coordinates `item`, `probability` and those of `by`,
    in the unit of the variable. Raises `DesignError`: NO_SUCH_RULE, PROBABILITY_NOT_A_SHARE, INTERVAL_FOR_SHARES and
    those of `mean`. Source: Woodruff (1952), JASA 47; R `svyquantile`.

    >>> import pandas as pd
    >>> from evaltools.estimate.survey.plain import survey_design
    >>> design = survey_design(pd.DataFrame({"weeks": [6.0, 10.0, 8.0, 4.0]}), population=4)
    >>> [quantile(design, "weeks", 0.5, rule=rule).rows[0].estimate for rule in ("math", "school", "hf7")]
    [6.0, 7.0, 7.0]
    """
    check_level(level)
    chances = _probabilities(probabilities)
    chosen = _chosen(rule, interval)
    found = quantities(design, "quantile", variable, None)
    breakdown = groups(design, by)
    parts = [part for each in found if (part := _part(design, each, breakdown, rule, chances)) is not None]
    columns = [column for each in found for column in each.columns]
    if not parts:
        raise nobody_answered(design.answers, columns)
    _, matrix, errors = joint(design, [part.linear for part in parts])
    rows: list[Row] = []
    for part in parts:
        se = errors[len(rows) : len(rows) + len(part.values)]
        rows += _rows(design, part, se, chosen, level)
    ours = np.array([row.se or 0.0 for row in rows])
    ratio = np.divide(ours, errors, out=np.zeros_like(ours), where=errors > 0)
    said = {"rule": rule, "by": by, "interval": interval, "level": level}
    plain = chances[0] if isinstance(probabilities, (int, float)) else tuple(chances)
    return Estimate(
        measure="quantile",
        rows=tuple(rows),
        source=words.source(design, "quantile", (variable, plain), columns, **said),
        notes=(*words.notes(design, columns, breakdown), words.say(design, "note.rule", rule=rule)),
        covariance=matrix * np.outer(ratio, ratio),
        unit=unit_of(design, "quantile", columns),
        r=rcode.quantiles(
            design,
            [each.term for each in found],
            by,
            (rule, chosen.name, level, chances),
            all(bool(each.valid[design.mask].all()) for each in found),
        ),
    )


def _probabilities(asked: float | Sequence[float]) -> list[float]:
    found = [float(asked)] if isinstance(asked, (int, float)) else [float(each) for each in asked]
    for each in found:
        if not 0 < each < 1:
            remedy = f"Write {each / 100:g}." if 1 < each < 100 else "Write a share, such as 0.5 for the median."
            problem = f"the probability {each:g} is not between 0 and 1"
            raise DesignError(Fault("PROBABILITY_NOT_A_SHARE", "probabilities", problem, remedy))
    return found


def _chosen(rule: str, interval: Interval | None) -> Interval:
    if rule not in RULES:
        problem = f'there is no rule "{rule}" for quantiles'
        raise DesignError(Fault("NO_SUCH_RULE", "rule", problem, near(rule, list(RULES))))
    if interval is not None and interval.name not in OF_A_SHARE:
        problem = f"{interval!r} is for shares of units, not for a quantile"
        raise DesignError(Fault("INTERVAL_FOR_SHARES", "interval", problem, f"Use one of: {', '.join(OF_A_SHARE)}."))
    return logit() if interval is None else interval


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """One variable over the groups that have answers to it: groups x probabilities, groups first.

    linear : shares at or below the quantiles. steps : by group, values with their weights.
    """

    quantity: Quantity
    values: Floats
    linear: Linear
    steps: tuple[Steps, ...]
    rule: str
    chances: tuple[float, ...]
    df: Floats
    n: Floats
    base: Floats
    N: tuple[int | None, ...]
    labels: tuple[tuple[str, ...], ...]
    coordinates: tuple[Coordinates, ...]


def _part(design: Design, quantity: Quantity, breakdown: Groups, rule: str, chances: Sequence[float]) -> _Part | None:
    base, used = breakdown.with_rows(quantity.valid)
    if not len(used):
        return None
    known = quantity.known
    weights = item_weights(design, known)
    steps = _steps(base, quantity.values, weights)
    values = np.array([[RULES[rule](each, chance) for chance in chances] for each in steps])
    own = np.vstack([values, np.zeros(len(chances))]).T
    below = np.stack([(quantity.values <= limits[base.codes]).astype(float) for limits in own])
    n = base.counts
    return _Part(
        quantity=quantity,
        values=values.ravel(),
        linear=ratios(design, base.with_values(below.T), base, known),
        steps=steps,
        rule=rule,
        chances=tuple(chances),
        df=degrees_of_freedom(design, base),
        n=n.astype(float),
        base=base_sizes(design, base, known),
        N=population_of(quantity, breakdown, used),
        labels=tuple(breakdown.labels[group] for group in used),
        coordinates=tuple(breakdown.coordinates[group] for group in used),
    )


def _steps(base: Cells, values: Floats, weights: Floats) -> tuple[Steps, ...]:
    """The values of each group in order, with their weights."""
    rows = np.flatnonzero(base.anywhere)
    rows = rows[_order(values[rows])]
    if base.size == 1:
        return (Steps.of(values, weights, rows),)
    by_group = np.argsort(base.codes[rows].astype(np.uint16), kind="stable")  # short codes are sorted by radix
    return tuple(Steps.of(values, weights, part) for part in np.split(rows[by_group], np.cumsum(base.counts)[:-1]))


def _order(values: Floats) -> Codes:
    """The order of the values; those that are alike stay in the order of the rows, as in R."""
    quick = np.argsort(values)
    placed = values[quick]
    return np.argsort(values, kind="stable") if (placed[1:] == placed[:-1]).any() else quick


def _rows(design: Design, part: _Part, se: Floats, chosen: Interval, level: float) -> list[Row]:
    width = len(part.chances)
    low, high = chosen.limits(_shares(part, se), level)
    language = design.answers.language
    counted = words.say(design, "method.census")
    method = words.say(design, "method.woodruff", interval=words.method(design, chosen))
    rows = []
    for index, value in enumerate(part.values.tolist()):
        group, place = divmod(index, width)
        chance, read = part.chances[place], RULES[part.rule]
        everyone = part.N[group] == int(part.n[group])
        limits = [value if everyone else read(part.steps[group], float(share)) for share in (low[index], high[index])]
        first, last = min(limits[0], value), max(limits[1], value)
        t = float(t_quantile(part.df[group : group + 1], level)[0])
        rows.append(
            Row(
                coordinates=(
                    ("item", part.quantity.item),
                    ("probability", f"{chance:g}"),
                    *part.coordinates[group],
                ),
                labels=(part.quantity.label, percent_sign(chance, 0, language), *part.labels[group]),
                estimate=value,
                n=int(part.n[group]),
                base=float(part.base[group]),
                method=counted if everyone else method,
                se=(last - first) / (2 * t),
                low=first,
                high=last,
                level=level,
                df=float(part.df[group]),
                N=part.N[group],
                counted=(part.quantity.columns[0].name, ()),
            )
        )
    return rows


def _shares(part: _Part, se: Floats) -> Shares:
    """The shares at or below the quantiles, as far as an interval needs to know them."""
    width = len(part.chances)
    n, share = np.repeat(part.n, width), part.linear.values
    nothing = np.zeros((len(share), 1))
    return Shares(
        estimate=share,
        se=se,
        df=np.repeat(part.df, width),
        count=share * n,
        n=n,
        counts=nothing,
        sizes=nothing,
        outside=nothing,
        unseen=None,
        closed=False,
        even=False,
        elements=False,
    )
