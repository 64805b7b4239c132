"""Diagnostics only: the regression with two fixed effects, and the comparisons of pairs that it is made of."""

from __future__ import annotations

import numpy as np

from evaltools.errors import DesignError, Fault
from evaltools.estimate.calls import call
from evaltools.estimate.levels import check_level
from evaltools.estimate.result import Estimate, Row
from evaltools.estimate.rollout import engine
from evaltools.estimate.rollout.outcomes import Outcome, measured
from evaltools.estimate.rollout.panels import RolloutPanel
from evaltools.estimate.rollout.rcode import r_decomposition, r_two_way
from evaltools.estimate.rollout.wording import (
    Story,
    common_notes,
    effect_row,
    sizes_as_extra,
    source_of,
    story_of,
    target,
)
from evaltools.language import percent_sign

_KINDS = ("treated_vs_never", "earlier_vs_later", "later_vs_earlier")


def two_way_fixed_effects(panel: RolloutPanel, outcome: Outcome, *, level: float = 0.95) -> Estimate:
    """The coefficient of a regression with fixed effects of unit and period: a diagnostic, never the headline.

    With staggered adoption it sets later cohorts against earlier ones that already have the method; where effects grow,
    it is too small and may have the wrong sign. `goodman_bacon` takes it apart.
    panel, outcome, level : as in `group_time_effects`. Returns one row; standard errors are by unit.
    Raises `DesignError`: those of `group_time_effects` about panel and outcome.
    Source: Goodman-Bacon (2021), Journal of Econometrics 225; small-sample factor as in R's fixest.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> y = [1, 2, 3, 1, 2, 3, 1, 2, 5, 1, 2, 5.5]
    >>> rows = pd.DataFrame({"unit": [u for u in "abcd" for _ in range(3)], "period": [2015, 2016, 2017] * 4, "y": y,
    ...                      "first": [None] * 6 + [2017] * 6})
    >>> round(ev.rollout.two_way_fixed_effects(ev.rollout.panel(rows, first="first"), "y").row().estimate, 2)
    2.25
    """
    check_level(level)
    found = measured(panel, outcome)
    story = story_of(found, call("rollout.two_way_fixed_effects", panel.code, {"level": level}, outcome))
    units, periods = found.values.shape
    treated = _centred((np.arange(periods)[None, :] >= found.panel.starts[:, None]).astype(float))
    y = _centred(found.values)
    square = float((treated**2).sum())
    rows, cost = units * periods, periods + 1
    if square < 1e-9 or units < 2 or rows <= cost:
        problem = "units and periods tell all about who has the method when"
        remedy = "Give units that adopt later or never, and periods before."
        raise DesignError(Fault("NOTHING_IDENTIFIED", found.name, problem, remedy))
    effect = float((treated * y).sum() / square)
    scores = (treated * (y - effect * treated)).sum(axis=1)
    factor = units / (units - 1) * (rows - 1) / (rows - cost)
    se = float(np.sqrt(factor * (scores**2).sum()) / square)
    adopters = int((found.panel.starts < periods).sum())
    row = effect_row(
        (("estimate", "two_way"),),
        (story.say("label.regression"),),
        (effect, se),
        adopters,
        (story.say("method.two_way"), level),
    )
    return _estimate(story, (row,), (), r_two_way(panel, outcome))


def goodman_bacon(panel: RolloutPanel, outcome: Outcome) -> Estimate:
    """What the regression with two fixed effects is made of: comparisons of pairs of cohorts, with exact weights.

    panel, outcome : as in `group_time_effects`. Returns a row per kind of comparison (coordinates `comparison`, and
    `treated` and `compared` `all`), then one per pair of cohorts; `base` is the weight, which sums to 1 over pairs.
    `extra` has `two_way` (the weighted sum, equal to `two_way_fixed_effects`) and `weight_<kind>`.
    Raises `DesignError`: those of `group_time_effects` about panel and outcome, ROLLOUT_NOT_INSTALLED.
    Source: Goodman-Bacon (2021), Journal of Econometrics 225, theorem 1.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> y = [1, 2, 3, 1, 2, 3, 1, 2, 5, 1, 2, 5.5]
    >>> rows = pd.DataFrame({"unit": [u for u in "abcd" for _ in range(3)], "period": [2015, 2016, 2017] * 4, "y": y,
    ...                      "first": [None] * 6 + [2017] * 6})
    >>> pairs = ev.rollout.goodman_bacon(ev.rollout.panel(rows, first="first"), "y")
    >>> round(pairs.extra["two_way"], 2), pairs.extra["weight_treated_vs_never"]
    (2.25, 1.0)
    """
    found = measured(panel, outcome)
    pairs, heard = engine.decomposed(engine.Layout(found.values, found.panel.starts, found.weights))
    story = story_of(found, call("rollout.goodman_bacon", panel.code, {}, outcome), heard)
    by_kind = {kind: [each for each in pairs if each[0] == kind] for kind in _KINDS}
    weights = {kind: sum(weight for *_, weight, _ in of_kind) for kind, of_kind in by_kind.items()}
    rows = [
        _pair_row(
            story,
            (kind, "all", "all"),
            weights[kind],
            sum(weight * effect for *_, weight, effect in of_kind) / weights[kind],
        )
        for kind, of_kind in by_kind.items()
        if of_kind
    ]
    rows += [
        _pair_row(story, (kind, _period(story, treated), _period(story, compared)), weight, effect)
        for kind, treated, compared, weight, effect in pairs
    ]
    total = sum(weight * effect for *_, weight, effect in pairs)
    bad = weights["later_vs_earlier"]
    notes = (story.say("note.bad_comparisons", share=percent_sign(bad, 0, story.about.language)),) if bad > 0 else ()
    made = _estimate(story, tuple(rows), notes, r_decomposition(panel, outcome))
    extra = {**made.extra, "two_way": total, **{f"weight_{kind}": weight for kind, weight in weights.items()}}
    return Estimate(made.measure, made.rows, made.source, made.notes, unit=made.unit, r=made.r, extra=extra)


def _centred(
    values: np.ndarray[tuple[int, int], np.dtype[np.float64]],
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Without the means of units and of periods."""
    return np.asarray(values - values.mean(axis=1, keepdims=True) - values.mean(axis=0, keepdims=True) + values.mean())


def _period(story: Story, start: int) -> str:
    return story.periods[start] if 0 <= start < len(story.periods) else "never"


def _pair_row(story: Story, who: tuple[str, str, str], weight: float, effect: float) -> Row:
    kind, treated, compared = who
    words = {
        "treated_vs_never": "treated_never",
        "earlier_vs_later": "earlier_later",
        "later_vs_earlier": "later_earlier",
    }
    label = story.say(f"label.{words[kind]}")
    named = () if treated == "all" else (f"{treated} / {compared}",)
    place = {period: start for start, period in enumerate(story.periods)}
    size = story.sizes.get(place.get(treated, -1), sum(story.sizes.values()))
    return Row(
        coordinates=(("comparison", kind), ("treated", treated), ("compared", compared)),
        labels=(label, *(named or (story.say("label.all"),))),
        estimate=effect,
        n=size,
        base=weight,
        method=story.say("method.decomposition"),
    )


def _estimate(story: Story, rows: tuple[Row, ...], notes: tuple[str, ...], r: str) -> Estimate:
    return Estimate(
        measure=story.kind,
        rows=rows,
        source=source_of(story, story.code),
        notes=(story.say("note.diagnostic"), target(story, "two_way"), *notes, *common_notes(story)),
        unit="" if story.is_share else story.outcome,
        r=r,
        extra=sizes_as_extra(story),
    )
