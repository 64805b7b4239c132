"""Design effects: how much more an estimate varies than in a simple random sample of as many units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from evaltools.errors import DesignError, Fault
from evaltools.estimate.arrays import Floats
from evaltools.estimate.result import Estimate, Row
from evaltools.estimate.survey.amounts.quantities import Quantity, quantities
from evaltools.estimate.survey.designs.cells import Cells
from evaltools.estimate.survey.designs.groups import Groups, groups
from evaltools.estimate.survey.designs.model import Design
from evaltools.estimate.survey.designs.selection import Category, Names
from evaltools.estimate.survey.linearised.linear import covariance, ratios, standard_errors, totals
from evaltools.estimate.survey.linearised.silence import item_weights
from evaltools.estimate.survey.writing import rcode, words


def design_effects(
    design: Design,
    variable: str | Sequence[str],
    *,
    category: Category = None,
    by: Names = None,
    of: Literal["mean", "total"] = "mean",
    replacement: bool = False,
) -> Estimate:
    """The variance of means, shares or totals over that of a simple random sample with as many units (deff).

    variable, category, by : as in `total`: of a variable of categories, every category has a row.
    of : `mean` (for a category its share) or `total`. replacement : whether the simple random sample is drawn with
    replacement; without, its variance has the finite population correction (N - n) / N, N the sum of weights.
    Returns rows of measure `ratio` without interval, with coordinates `item` (and `category`) and those of `by`;
    rows in which nothing varies have no design effect and are left out, as a note says.
    Raises `DesignError`: WEIGHTS_BELOW_SAMPLE, NO_DESIGN_EFFECT and those of `total`.
    Source: Kish (1965), section 8.2; R `svymean(deff = TRUE)`, with replacement `deff = "replace"`.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> frame = pd.DataFrame({"town": ["a", "a", "b", "b"], "weeks": [6.0, 5.0, 8.0, 9.0]})
    >>> design = ev.survey_design(frame, strata="town", population={"a": 10, "b": 10})
    >>> round(design_effects(design, "weeks").rows[0].estimate, 3)
    0.15
    """
    found = quantities(design, "total", variable, category)
    breakdown = groups(design, by)
    parts = [part for each in found for part in _parts(design, each, breakdown, of)]
    plain = [_simple(part, replacement) * (part.size**2 if of == "total" else 1.0) for part in parts]
    rows = [_row(design, part, part.variance / simple) for part, simple in zip(parts, plain, strict=True) if simple > 0]
    columns = [column for each in found for column in each.columns]
    if not rows:
        problem = f"nothing varies by chance in {', '.join(column.name for column in columns)}"
        raise DesignError(Fault("NO_DESIGN_EFFECT", design.answers.survey or "data", problem, "Describe it instead."))
    said = {"category": category, "by": by, "of": None if of == "mean" else of, "replacement": replacement or None}
    notes = words.notes(design, columns, breakdown)
    asked = '"replace"' if replacement else "TRUE"
    return Estimate(
        measure="ratio",
        rows=tuple(rows),
        source=words.source(design, "design_effects", (variable,), columns, **said),
        notes=notes if len(rows) == len(parts) else (*notes, words.say(design, "note.no_variation")),
        r=_r(design, of, rcode.amounts(design, of, [each.term for each in found], by), asked),
    )


def _r(design: Design, of: str, code: str, asked: str) -> str:
    code = code.replace("na.rm = TRUE", f"na.rm = TRUE, deff = {asked}")
    if of == "total" and design.stages[0].joint is not None:
        code = f"{rcode.OTHERWISE}of totals it forgets to divide the variance of a simple random sample by n\n{code}"
    return code


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """One quantity in one group. variance : of the estimate. spread : between units. size : sum of weights."""

    quantity: Quantity
    coordinates: tuple[tuple[str, str], ...]
    labels: tuple[str, ...]
    variance: float
    spread: float
    n: int
    size: float


def _parts(design: Design, quantity: Quantity, breakdown: Groups, of: str) -> list[_Part]:
    base = breakdown.cells.where(quantity.valid)
    used = np.flatnonzero(base.counts > 1)
    if not len(used):
        return []
    base, known = base.only(used), quantity.known
    values = base.with_values(quantity.values)
    linear = totals(design, values, known, base) if of == "total" else ratios(design, values, base, known)
    variances = standard_errors(covariance(design, linear), linear.influence) ** 2
    weights = item_weights(design, known)
    n, size, spread = base.counts, base.sums(weights), _spread(base, quantity.values, weights)
    return [
        _Part(
            quantity=quantity,
            coordinates=breakdown.coordinates[group],
            labels=breakdown.labels[group],
            variance=float(variances[place]),
            spread=float(spread[place]),
            n=int(n[place]),
            size=float(size[place]),
        )
        for place, group in enumerate(used)
    ]


def _spread(base: Cells, values: Floats, weights: Floats) -> Floats:
    """Weighted variance between units by group, as `variance` has it."""
    size, n = base.sums(weights), base.counts
    centre = np.append(base.with_values(values).sums(weights) / size, 0.0)
    return base.with_values((values - centre[base.codes]) ** 2).sums(weights) / size * n / (n - 1)


def _simple(part: _Part, replacement: bool) -> float:
    """Variance of the mean of a simple random sample of n units."""
    if replacement:
        return part.spread / part.n
    if part.size < part.n * (1 - 1e-9):
        problem = f"the weights add to {part.size:g}, less than the {part.n} units that answered"
        raise DesignError(
            Fault("WEIGHTS_BELOW_SAMPLE", "weights", problem, "Scale the weights, or say `replacement=True`.")
        )
    left = (part.size - part.n) / part.size
    return part.spread / part.n * left if left > 1e-12 else 0.0


def _row(design: Design, part: _Part, effect: float) -> Row:
    codes = (("category", code) for code, _ in part.quantity.category)
    return Row(
        coordinates=(("item", part.quantity.item), *codes, *part.coordinates),
        labels=(part.quantity.label, *(label for _, label in part.quantity.category), *part.labels),
        estimate=effect,
        n=part.n,
        base=part.size,
        method=words.say(design, "method.design_effect"),
    )
