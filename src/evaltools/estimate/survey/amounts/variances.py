"""How numbers vary between the units of the population, and together."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations_with_replacement

import numpy as np

from evaltools.errors import DesignError, Fault
from evaltools.estimate.arrays import Codes, Floats, Mask
from evaltools.estimate.levels import check_level
from evaltools.estimate.result import Estimate, Row
from evaltools.estimate.survey.amounts.quantities import Quantity, quantities
from evaltools.estimate.survey.designs.cells import Cells
from evaltools.estimate.survey.designs.groups import Groups, groups
from evaltools.estimate.survey.designs.model import Design
from evaltools.estimate.survey.designs.selection import Names, check_answered, items
from evaltools.estimate.survey.intervals.interval import t_quantile
from evaltools.estimate.survey.linearised.linear import (
    Linear,
    base_sizes,
    covariance,
    degrees_of_freedom,
    ratios,
    standard_errors,
)
from evaltools.estimate.survey.linearised.silence import item_weights
from evaltools.estimate.survey.writing import rcode, words

FEWEST = 2
"""Units in a group that a variance between units needs."""


def variance(design: Design, variables: str | Sequence[str], *, by: Names = None, level: float = 0.95) -> Estimate:
    """Variances of numbers between units of the population, and covariances of every two of them.

    The base are units with an answer to all the variables. The estimate is n / (n - 1) times the weighted mean of
    (x - mean x)(y - mean y), with the standard error of that mean and a t interval; the covariance of the rows is
    joint. `extra` has the correlation of every two variables, as `correlation x y` (before it the group, if any).
    design, by, level : as in `mean`. variables : names of numbers. Returns rows of measure `variance` with coordinates
    `item`, `with` and those of `by`. Raises `DesignError`: VARIANCE_NEEDS_TWO and those of `mean`.
    Source: R `svyvar`.

    >>> import pandas as pd
    >>> from evaltools.estimate.survey.plain import survey_design
    >>> design = survey_design(pd.DataFrame({"weeks": [6.0, 10.0, 8.0, 4.0]}), population=10)
    >>> round(variance(design, "weeks").rows[0].estimate, 6)
    6.666667
    """
    check_level(level)
    for _, name in items(design.answers, variables):
        check_answered(design.answers, [name])
    found = quantities(design, "variance", variables, None)
    breakdown = groups(design, by)
    valid = np.logical_and.reduce([each.valid for each in found])
    columns = [column for each in found for column in each.columns]
    known = np.logical_and.reduce([each.known for each in found])
    base, used = breakdown.with_rows(valid)
    if not len(used) or base.counts.min() < FEWEST:
        problem = f"fewer than {FEWEST} units of a group have an answer to {', '.join(each.item for each in found)}"
        remedy = "Widen the domain, or merge the group with another."
        raise DesignError(Fault("VARIANCE_NEEDS_TWO", design.answers.survey or "data", problem, remedy))
    pairs = list(combinations_with_replacement(range(len(found)), 2))
    linear = _moments(design, found, pairs, base, known)
    matrix = covariance(design, linear)
    rows = _rows(
        design, found, breakdown, (base, used, known), linear, standard_errors(matrix, linear.influence), level
    )
    return Estimate(
        measure="variance",
        rows=rows,
        source=words.source(design, "variance", (variables,), columns, by=by, level=level),
        notes=words.notes(design, columns, breakdown),
        covariance=matrix,
        influence=linear.influence,
        extra=_correlations(rows),
        r=rcode.variances(design, [each.item for each in found], by, (valid > 0) & design.mask),
    )


def _moments(
    design: Design, found: Sequence[Quantity], pairs: Sequence[tuple[int, int]], base: Cells, known: Mask
) -> Linear:
    """Variances and covariances by group, from weighted means of numbers and of their products."""
    weights, numbers = item_weights(design, known), base.with_values(np.column_stack([each.values for each in found]))
    centres = numbers.sums(weights).reshape(base.size, -1) / base.sums(weights)[:, None]
    centred = numbers.values - np.vstack([centres, np.zeros(len(found))])[base.codes]
    products = [centred[:, one] * centred[:, other] for one, other in pairs]
    means = ratios(design, base.with_values(np.column_stack([centred, *products])), base, known)
    one, other = (np.array([pair[place] for pair in pairs]) for place in (0, 1))
    n = base.counts.astype(float)
    places = np.arange(means.values.size).reshape(base.size, -1)
    of_pairs, factor = places[:, len(found) :].ravel(), np.repeat(n / (n - 1), len(pairs))

    first, second = (places[:, each].ravel() for each in (one, other))

    def combined(values: Floats) -> Floats:
        return np.asarray(factor * (values[..., of_pairs] - values[..., first] * values[..., second]))

    # the numbers are centred, so that their means are 0 and the influence of a product of means is 0 too
    return Linear(
        combined(means.values),
        factor * means.influence[:, of_pairs],
        means.known.at(of_pairs.tolist()),
        None if means.replicated is None else combined(means.replicated),
        None if means.present is None else means.present[:, of_pairs],
    )


def _rows(
    design: Design,
    found: Sequence[Quantity],
    breakdown: Groups,
    bases: tuple[Cells, Codes, Mask],
    linear: Linear,
    se: Floats,
    level: float,
) -> tuple[Row, ...]:
    base, used, known = bases
    n, df = base.counts, degrees_of_freedom(design, base)
    weighted = base_sizes(design, base, known)
    half = t_quantile(df, level)
    pairs = list(combinations_with_replacement(found, 2))
    method = words.say(design, f"method.{words.way(design)}")
    rows = []
    for index, value in enumerate(linear.values.tolist()):
        place, pair = divmod(index, len(pairs))
        one, other = pairs[pair]
        group, width = int(used[place]), float(half[place] * se[index])
        rows.append(
            Row(
                coordinates=(("item", one.item), ("with", other.item), *breakdown.coordinates[group]),
                labels=(one.label, other.label, *breakdown.labels[group]),
                estimate=value,
                n=int(n[place]),
                base=float(weighted[place]),
                method=method,
                se=float(se[index]),
                low=value - width,
                high=value + width,
                level=level,
                df=float(df[place]),
                counted=(one.columns[0].name, ()),
            )
        )
    return tuple(rows)


def _correlations(rows: Sequence[Row]) -> dict[str, float]:
    """Covariances over the roots of the variances, where both numbers vary."""
    alone = {
        row.coordinates[2:] + row.coordinates[:1]: row.estimate
        for row in rows
        if row.coordinates[0][1] == row.coordinates[1][1]
    }
    found = {}
    for row in rows:
        (_, one), (_, other), *group = row.coordinates
        spread = alone[(*group, ("item", one))] * alone[(*group, ("item", other))]
        if one != other and spread > 0:
            name = " ".join([*(value for _, value in group), "correlation", one, other])
            found[name] = row.estimate / float(np.sqrt(spread))
    return found
