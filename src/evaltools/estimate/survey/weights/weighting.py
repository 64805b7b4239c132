"""Weights that fit what is known of the population: post-stratified, raked, calibrated, trimmed, standardised.

Each verb gives a new `Design`; every estimate from it has the variance of the residuals (see `adjusting`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

import numpy as np

from evaltools.errors import DesignError, Fault, near
from evaltools.estimate.arrays import Mask
from evaltools.estimate.printing import told
from evaltools.estimate.survey.designs.groups import groups
from evaltools.estimate.survey.designs.model import Adjustment, Bounds, Design
from evaltools.estimate.survey.designs.selection import Names, names_of
from evaltools.estimate.survey.linearised.adjusting import fitted_weights
from evaltools.estimate.survey.weights import rweights
from evaltools.estimate.survey.weights.margins import (
    CROSSED,
    Margin,
    Margins,
    Totals,
    auxiliaries,
    read_margins,
    written,
)
from evaltools.estimate.survey.writing import words

EXACT = ", epsilon = 1e-10, maxit = 500"


def poststratify(design: Design, margins: Margins) -> Design:
    """Weights whose sums in each category are the known numbers of units.

    margins : `{"region": {"north": 40, "south": 58}}`; `"region x size"` crosses two columns. The name of a frame
    column, or several that are crossed, where the population is known (a census).
    Returns a design whose variance is that of deviations from the category's mean. Raises `DesignError`: NO_MARGIN,
    NO_SUCH_VARIABLE, NOT_IN_FRAME, NOT_CATEGORIES, POPULATION_UNKNOWN, AUXILIARY_MISSING, CATEGORY_WITHOUT_COUNT,
    EMPTY_CATEGORY, COUNT_NOT_POSITIVE, WEIGHTS_BEFORE_DOMAIN.
    Source: Särndal, Swensson and Wretman (1992), section 7.6; R `postStratify`.
    design : the whole design, before any `domain`.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> frame = pd.DataFrame({"sex": ["f", "f", "m"], "score": [1.0, 3.0, 8.0]})
    >>> better = poststratify(ev.survey_design(frame), {"sex": {"f": 10, "m": 10}})
    >>> better.weights.tolist(), ev.mean(better, "score").rows[0].estimate
    ([5.0, 5.0, 10.0], 5.0)
    """
    rows = _all_rows(design, "poststratify")
    asked = margins if isinstance(margins, (str, Mapping)) else CROSSED.join(margins)
    found = read_margins(design, asked, rows)
    if len(found) > 1:
        problem = f"{len(found)} margins are given, and weights can be post-stratified to one"
        remedy = 'Rake to several, or cross them: {"region x size": {"north x small": 12, ...}}.'
        raise DesignError(Fault("NO_MARGIN", "margins", problem, remedy))
    step = Adjustment("linear", design.weights, auxiliaries(found))
    made = _adjusted(design, step, "poststratified", found)
    return replace(
        made,
        code=words.call("poststratify", design.code, {}, written(margins)),
        r_design=rweights.poststratified(design.r_design, found[0]),
    )


def rake(design: Design, margins: Margins) -> Design:
    """Weights that fit several margins at once, by iterative proportional fitting to 1e-10.

    margins : as in `poststratify`, one or more; of a list of frame columns each is a margin.
    Returns a design whose notes tell the iterations and the largest deviation that is left, and
    whose variance is that of residuals from a regression on all margins. Raises `DesignError` as `poststratify`, and
    MARGINS_DIFFER, TOTALS_NOT_MET (names the category that is missed most).
    Source: Deming and Stephan (1940); Deville, Särndal and Sautory (1993), JASA 88; R `calibrate(calfun = "raking")`.
    design : the whole design, before any `domain`.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> frame = pd.DataFrame({"sex": ["f", "f", "m", "m"], "age": ["old", "young", "old", "young"]})
    >>> raked = rake(ev.survey_design(frame), {"sex": {"f": 6, "m": 4}, "age": {"old": 2, "young": 8}})
    >>> raked.weights.round(6).tolist()
    [1.2, 4.8, 0.8, 3.2]
    """
    found = read_margins(design, margins, _all_rows(design, "rake"))
    _check_counted(found, "rake")
    step = Adjustment("raking", design.weights, auxiliaries(found))
    made = _adjusted(design, step, "raked", found)
    return replace(
        made,
        code=words.call("rake", design.code, {}, written(margins)),
        r_design=rweights.calibrated(design.r_design, found, f', calfun = "raking"{EXACT}'),
    )


def calibrate(
    design: Design,
    totals: Totals,
    *,
    method: Literal["linear", "logit"] = "linear",
    bounds: Bounds | None = None,
    units: float | None = None,
) -> Design:
    """Weights near the old ones that meet known totals of numbers and counts of categories (GREG).

    totals : `{"stype": {"E": 4421, "H": 755}, "api99": 3914069}`. Where the population is known, `"counts"` and
    `"sum"` take them from it: `{"region": "counts", "inhabitants": "sum"}`; a plain name means counts.
    method : `linear` (generalised regression), or `logit`, which keeps the factors within `bounds`, such as (0.3, 3).
    units : number of units in all, for numbers alone; taken from the population where that is known.
    Returns a design whose variance is that of residuals from a regression on what was calibrated to. Raises
    `DesignError` as `rake`, and AUXILIARY_NOT_A_NUMBER, BOUNDS_WRONG, NO_SUCH_METHOD, NEGATIVE_WEIGHTS.
    Source: Deville and Särndal (1992), JASA 87; R `calibrate`.
    design : the whole design, before any `domain`.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> frame = pd.DataFrame({"staff": [1.0, 2.0, 3.0]})
    >>> better = calibrate(ev.survey_design(frame), {"staff": 7.0}, units=3)
    >>> better.weights.round(6).tolist()
    [0.5, 1.0, 1.5]
    """
    limits = _limits(method, bounds)
    found = read_margins(design, totals, _all_rows(design, "calibrate"))
    counted = any(margin.values is None for margin in found)
    if counted:
        _check_units(found, units)
    elif units is None and design.population is not None:
        units = float(design.population.size)
    own = None if counted else units
    step = Adjustment(method, design.weights, auxiliaries(found, own), limits)
    made = _adjusted(design, step, "calibrated", found)
    said = {"method": None if method == "linear" else method, "bounds": bounds, "units": units if not counted else None}
    how = "" if bounds is None else f', calfun = "{method}", bounds = {rweights.numbers(limits)}{EXACT}'
    return replace(
        made,
        code=words.call("calibrate", design.code, said, written(totals)),
        r_design=rweights.calibrated(design.r_design, found, how, own),
    )


def trim(design: Design, *, upper: float | None = None, lower: float | None = None, strict: bool = False) -> Design:
    """Weights cut at `upper` and `lower`; what was cut is shared evenly by the rows that were not.

    strict : goes on until no weight is outside (sharing can push others out). Trimming trades a little bias for less
    variance; totals that were met before are met no more, so trim first and calibrate afterwards.
    Raises `DesignError`: BOUNDS_WRONG, TRIMMING_FAILED, WEIGHTS_BEFORE_DOMAIN. Source: R `trimWeights` (survey 4.5).
    design : the whole design. Returns a new one.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> design = ev.survey_design(pd.DataFrame({"weight": [1.0, 1.0, 4.0]}), weights="weight")
    >>> trim(design, upper=3).weights.tolist()
    [1.5, 1.5, 3.0]
    """
    _all_rows(design, "trim")
    limits = (-np.inf if lower is None else float(lower), np.inf if upper is None else float(upper))
    if np.isinf(limits).all() or limits[0] >= limits[1]:
        problem = f"weights cannot be trimmed to lie from {limits[0]:g} to {limits[1]:g}"
        raise DesignError(Fault("BOUNDS_WRONG", "trim", problem, "Give `upper`, or `lower`, or both."))
    step = Adjustment("trimming", design.weights, bounds=limits, strict=strict)
    said = {"upper": upper, "lower": lower, "strict": strict or None}
    return replace(
        _adjusted(design, step, "trimmed", []),
        code=words.call("trim", design.code, said),
        r_design=rweights.trimmed(design.r_design, limits, strict),
    )


def standardise(design: Design, margins: Margins, *, over: Names = None, answered: Names = ()) -> Design:
    """Weights that give each group of `over` the same composition: direct standardisation.

    margins : one column with a count (or share) by category, the standard; or a frame column, whose counts in the
    population are the standard. over : columns whose groups are to be compared; without it all rows are one group.
    answered : questions; rows without an answer to them are left out (in a census that is not needed).
    Each group keeps its weighted size. Use `by=over` in what is estimated. Raises `DesignError` as `poststratify`,
    and ANSWERED_IN_CENSUS. Source: R `svystandardize`; NCHS, age adjustment.
    design : the whole design, before any `domain`. Returns a new one.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> frame = pd.DataFrame({"age": ["old", "young", "young"], "ill": [1.0, 0.0, 0.0]})
    >>> round(ev.mean(standardise(ev.survey_design(frame), {"age": {"old": 1, "young": 1}}), "ill").rows[0].estimate, 3)
    0.5
    """
    rows = _all_rows(design, "standardise") & _answering(design, names_of(answered))
    found = read_margins(design, margins, rows)
    if len(found) > 1 or CROSSED in found[0].name:
        problem = "weights can be standardised to one column"
        raise DesignError(Fault("NO_MARGIN", "margins", problem, "Make one column of what is to be alike."))
    _check_counted(found, "standardise")
    inside = replace(design, mask=rows, memo={})
    known = auxiliaries([_within(inside, found[0], over)])
    made = _adjusted(design, Adjustment("linear", design.weights, known), "standardised", found)
    return replace(
        made,
        mask=rows,
        code=words.call("standardise", design.code, {"over": over, "answered": answered or None}, written(margins)),
        r_design=rweights.standardised(design.r_design, found[0], names_of(over), names_of(answered)),
    )


def _within(design: Design, standard: Margin, over: Names) -> Margin:
    """The standard within each group: as many units as the group weighs, shared as the standard says."""
    breakdown = groups(design, over)
    inside = breakdown.cells
    absent = int((design.mask & ~inside.anywhere).sum())
    if absent:
        problem = f"{' x '.join(names_of(over))} is missing in {absent} rows"
        raise DesignError(Fault("AUXILIARY_MISSING", "over", problem, "Fill it in, or name questions in `answered`."))
    width, share = len(standard.categories), standard.totals / standard.totals.sum()
    size = inside.sums(design.weights)
    names = [" x ".join(labels) for labels in breakdown.labels]
    return Margin(
        name=standard.name,
        categories=tuple(f"{label} ({name})" if name else label for name in names for label in standard.categories),
        codes=np.where(design.mask, inside.codes * width + standard.codes, -1),
        totals=np.outer(size, share).ravel(),
    )


def _answering(design: Design, names: Sequence[str]) -> Mask:
    if names and design.by_item:
        problem = "in a census the weights of each question are made from those who answered it"
        raise DesignError(Fault("ANSWERED_IN_CENSUS", "standardise", problem, "Leave `answered` out."))
    rows = np.ones(len(design.weights), dtype=bool)
    for name in names:
        rows &= design.answers.column(name).valid
    return rows


def _all_rows(design: Design, verb: str) -> Mask:
    if design.domain_text or not design.mask.all():
        problem = f"the weights of a part of the rows ({design.domain_text or 'those that answered'}) cannot be made"
        remedy = f"Use `{verb}` on the whole design, and `domain` on what it gives."
        raise DesignError(Fault("WEIGHTS_BEFORE_DOMAIN", verb, problem, remedy))
    return design.mask


def _adjusted(design: Design, step: Adjustment, kind: str, margins: Sequence[Margin]) -> Design:
    found = fitted_weights(step, design.weights)
    step = replace(step, iterations=found.iterations, deviation=found.deviation)
    note = words.say(
        design,
        f"note.{kind}",
        margins=", ".join(margin.name for margin in margins),
        iterations=found.iterations,
        deviation=f"{found.deviation:.0e}",
        low=told(found.least, design.answers.language),
        high=told(found.most, design.answers.language),
        changed=0 if step.auxiliaries else int((np.clip(design.weights, *step.bounds) != design.weights).sum()),
    )
    return replace(
        design,
        weights=found.weights,
        adjustments=(*design.adjustments, step),
        weighting=kind,
        notes=(*design.notes, note),
        memo={},
    )


def _check_counted(margins: Sequence[Margin], verb: str) -> None:
    for margin in margins:
        if margin.values is not None:
            problem = f'"{margin.name}" has a total of numbers, and `{verb}` takes counts of categories'
            raise DesignError(Fault("NO_MARGIN", "margins", problem, "Use `calibrate` for totals of numbers."))


def _check_units(margins: Sequence[Margin], units: float | None) -> None:
    first = next(margin for margin in margins if margin.values is None)
    if units is not None and abs(units - first.totals.sum()) > 1e-9 * units:
        problem = f'"{first.name}" adds up to {first.totals.sum():g} units, and `units` says {units:g}'
        raise DesignError(Fault("MARGINS_DIFFER", "totals", problem, "Leave `units` out, or correct the counts."))


def _limits(method: str, bounds: Bounds | None) -> Bounds:
    if method not in ("linear", "logit"):
        problem = f'there is no method "{method}" to calibrate'
        raise DesignError(Fault("NO_SUCH_METHOD", "calibrate", problem, near(method, ("linear", "logit"))))
    if bounds is None and method == "linear":
        return -np.inf, np.inf
    if bounds is None or not 0 <= bounds[0] < 1 < bounds[1] < np.inf:
        problem = f"{bounds} are no bounds for the factors by which weights may change"
        remedy = "Give a number below 1 and one above, such as bounds=(0.3, 3)."
        raise DesignError(Fault("BOUNDS_WRONG", "calibrate", problem, remedy))
    return float(bounds[0]), float(bounds[1])
