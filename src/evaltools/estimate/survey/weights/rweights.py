"""R code of the steps that make weights, around the R code of the design that they start from."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from evaltools.estimate.survey.designs.model import Bounds
from evaltools.estimate.survey.weights.margins import CROSSED, Margin
from evaltools.estimate.survey.writing.rcode import quoted


def poststratified(inner: str, margin: Margin) -> str:
    """R `postStratify`."""
    names = margin.name.split(CROSSED)
    parts = [category.split(CROSSED) for category in margin.categories]
    columns = [f"{name} = {texts(part[place] for part in parts)}" for place, name in enumerate(names)]
    counts = f"Freq = {numbers(margin.totals.tolist())}"
    return f"postStratify({inner}, ~{' + '.join(names)}, data.frame({', '.join([*columns, counts])}))"


def calibrated(inner: str, margins: Sequence[Margin], how: str, units: float | None = None) -> str:
    """R `calibrate`; every margin after the first leaves its first category out, which follows from the others."""
    counted = [margin for margin in margins if margin.values is None]
    added = [margin for margin in margins if margin.values is not None]
    terms = [_factor(margin) for margin in counted] + [margin.name for margin in added]
    totals = [] if units is None else [units]
    for place, margin in enumerate(counted):
        totals += margin.totals.tolist()[min(place, 1) :]
    totals += [total for margin in added for total in margin.totals.tolist()]
    return f"calibrate({inner}, ~{0 if units is None else 1} + {' + '.join(terms)}, {numbers(totals)}{how})"


def trimmed(inner: str, bounds: Bounds, strict: bool) -> str:
    """R `trimWeights`."""
    lower = "" if math.isinf(bounds[0]) else f", lower = {number(bounds[0])}"
    upper = "" if math.isinf(bounds[1]) else f", upper = {number(bounds[1])}"
    return f"trimWeights({inner}{upper}{lower}{', strict = TRUE' if strict else ''})"


def standardised(inner: str, margin: Margin, over: Sequence[str], answered: Sequence[str]) -> str:
    """R `svystandardize`."""
    groups = f", over = ~{' + '.join(over)}" if over else ""
    left_out = f", excluding.missing = ~{' + '.join(answered)}" if answered else ""
    shares = numbers(margin.totals.tolist())
    return f"svystandardize({inner}, by = ~{margin.name}{groups}, population = {shares}{left_out})"


def number(value: float) -> str:
    """A number as R reads it, without loss."""
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(float(value))


def numbers(values: Iterable[float]) -> str:
    """A vector of numbers."""
    return f"c({', '.join(map(number, values))})"


def texts(values: Iterable[str]) -> str:
    """A vector of texts."""
    return f"c({', '.join(map(quoted, values))})"


def _factor(margin: Margin) -> str:
    names = margin.name.split(CROSSED)
    joined = names[0] if len(names) == 1 else f"paste({', '.join(names)}, sep = {quoted(CROSSED)})"
    return f"factor({joined}, levels = {texts(margin.categories)})"
