"""Two other ways to the same effects: imputation, and regression with interactions of cohort and time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from evaltools.errors import DesignError, Fault
from evaltools.estimate.calls import call
from evaltools.estimate.levels import check_level
from evaltools.estimate.result import Estimate
from evaltools.estimate.rollout import engine
from evaltools.estimate.rollout.aggregating import Bands, banded, check_bands
from evaltools.estimate.rollout.bands import critical_value, least
from evaltools.estimate.rollout.comparing import check_identified
from evaltools.estimate.rollout.groups import Setup, assumption
from evaltools.estimate.rollout.imputed import Imputed, imputed
from evaltools.estimate.rollout.outcomes import Average, Measured, Outcome, measured
from evaltools.estimate.rollout.panels import RolloutPanel
from evaltools.estimate.rollout.rcode import r_imputation, r_interaction
from evaltools.estimate.rollout.wording import (
    Story,
    common_notes,
    effect_row,
    event_words,
    sizes_as_extra,
    source_of,
    story_of,
    target,
)


def imputation(
    panel: RolloutPanel,
    outcome: Outcome,
    *,
    covariates: Sequence[str] = (),
    average: Average = "unit",
    bands: Bands = "simultaneous",
    level: float = 0.95,
) -> Estimate:
    """The effects by imputation: what units with the method would have shown, from units and periods without it.

    A model of unit and period is fitted to all rows without the method and gives each row with it a value to differ
    from. More precise than `group_time_effects`, and hit harder by trends that differ.
    panel, outcome, covariates, average, level : as in `group_time_effects`. bands : as in `event_study`.

    Returns a row per time since adoption (coordinate `event`), then the average over all rows with the method (`all`),
    whose limits are for itself. `influence` and `covariance` are of all rows; `extra` has `critical_value`.
    Standard errors are conservative, by unit. Periods in which nobody is without the method are not identified.
    Raises `DesignError`: those of `group_time_effects`.
    Source: Borusyak, Jaravel and Spiess (2024), Review of Economic Studies 91.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> y = [1, 2, 3, 1, 2, 3, 1, 2, 5, 1, 2, 5.5]
    >>> rows = pd.DataFrame({"unit": [u for u in "abcd" for _ in range(3)], "period": [2015, 2016, 2017] * 4, "y": y,
    ...                      "first": [None] * 6 + [2017] * 6})
    >>> round(ev.rollout.imputation(ev.rollout.panel(rows, first="first"), "y").row(event="all").estimate, 2)
    2.25
    """
    check_level(level)
    check_bands(bands)
    found = _with_periods_before(measured(panel, outcome, average=average, covariates=covariates))
    told: dict[str, object] = {"covariates": tuple(covariates), "average": None if average == "unit" else average}
    told |= {"bands": None if bands == "simultaneous" else bands, "level": level}
    layout = _layout(found)
    check_identified(layout, controls="not_yet_treated", anticipation=0)
    points = engine.imputed(layout) if layout.covariates else _points(layout)
    story = story_of(found, call("rollout.imputation", panel.code, told, outcome), points.heard)
    setup = Setup(covariates=tuple(covariates), average=average, level=level)
    made = _estimate(story, points, ("imputation", level), setup, r_imputation(panel, outcome, covariates, average))
    joint = imputed(layout, points.events)
    if not np.allclose(joint.effects, [row.estimate for row in made.rows], rtol=1e-5, atol=1e-8):
        return replace(made, notes=(*made.notes, *_caveats(story), story.say("note.pointwise_only")))
    return _joint(made, story, joint, bands)


def _points(layout: engine.Layout) -> engine.Points:
    """Without covariates sums over cohorts are enough, and hundreds of times faster than the engine's equations."""
    periods = layout.values.shape[1]
    last = min(int(layout.starts.max()), periods)
    starts = [start for start in np.unique(layout.starts).tolist() if start < last]
    events = range(max(last - start for start in starts))
    found = imputed(layout, events)
    errors = np.sqrt((found.influence**2).sum(axis=0))
    n = tuple(int((layout.starts < last - event).sum()) for event in events)
    whole = (float(found.effects[-1]), float(errors[-1]))
    return engine.Points(tuple(events), found.effects[:-1], errors[:-1], n, whole)


def _joint(made: Estimate, story: Story, joint: Imputed, bands: Bands) -> Estimate:
    """With the errors of all rows from the same units, and limits that hold for all times at once."""
    covariance = joint.influence.T @ joint.influence
    df, level = story.degrees(joint.influence), made.rows[-1].level
    method = story.say("method.imputation", interval=story.interval)
    sure = [place for place, row in enumerate(made.rows[:-1]) if row.se is not None]
    known = critical_value(covariance[np.ix_(sure, sure)], level, least([df[place] for place in sure]))
    wide = known if bands == "simultaneous" else None
    errors = np.sqrt(np.diag(covariance)).tolist()
    rows = [
        effect_row(
            row.coordinates,
            row.labels,
            (row.estimate, None if row.se is None else error),
            row.n,
            (method, level),
            None if row.se is None else free,
        )
        for row, error, free in zip(made.rows, errors, df, strict=True)
    ]
    if wide is not None:
        rows[:-1] = [banded(row, wide) for row in rows[:-1]]
    return replace(
        made,
        rows=tuple(rows),
        notes=(*made.notes, story.say(f"note.{bands}")),
        covariance=covariance,
        influence=joint.influence,
        extra=made.extra if wide is None else {**made.extra, "critical_value": wide},
    )


def sun_abraham(panel: RolloutPanel, outcome: Outcome, *, average: Average = "unit", level: float = 0.95) -> Estimate:
    """The effects by Sun and Abraham's regression: interactions of cohort and time, against units that never adopt.

    panel, outcome, average, level : as in `group_time_effects`. Needs units that never adopt.
    Returns a row per time since adoption (coordinate `event`, from the period before adoption), then the average over
    all rows with the method (`all`); `covariance` is of the rows by time. Standard errors are by unit.
    Raises `DesignError`: those of `group_time_effects`, and NO_NEVER_TREATED.
    Source: Sun and Abraham (2021), Journal of Econometrics 225; the same as `sunab` of R's fixest.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> y = [1, 2, 3, 1, 2, 3.5, 1, 2, 5, 1, 2, 5.5]
    >>> rows = pd.DataFrame({"unit": [u for u in "abcd" for _ in range(3)], "period": [2015, 2016, 2017] * 4, "y": y,
    ...                      "first": [None] * 6 + [2017] * 6})
    >>> round(ev.rollout.sun_abraham(ev.rollout.panel(rows, first="first"), "y").row(event="all").estimate, 2)
    2.0
    """
    check_level(level)
    found = _with_periods_before(measured(panel, outcome, average=average))
    if not (found.panel.starts == found.panel.never).any():
        problem = "every unit adopts, so that no unit never had the method"
        remedy = "Use `group_time_effects` or `imputation`, which compare with units that adopt later."
        raise DesignError(Fault("NO_NEVER_TREATED", panel.names[2], problem, remedy))
    points = engine.interacted(_layout(found))
    told = {"average": None if average == "unit" else average, "level": level}
    story = story_of(found, call("rollout.sun_abraham", panel.code, told, outcome), points.heard)
    made = _estimate(
        story, points, ("interaction", level), Setup(average=average, level=level), r_interaction(panel, outcome)
    )
    return replace(made, notes=(*made.notes, *_caveats(story)), extra={**made.extra, "common_base": 1.0})


def _caveats(story: Story) -> list[str]:
    return [story.say("note.too_narrow")] if story.unlike else []


def _layout(found: Measured) -> engine.Layout:
    return engine.Layout(found.values, found.panel.starts, found.weights, found.covariates)


def _with_periods_before(found: Measured) -> Measured:
    """Without units that had the method from the first period on: nothing tells how they would have been without it."""
    keep = found.panel.starts > 0
    if keep.all():
        return found
    panel = found.panel.of_units(keep)
    if (panel.starts == panel.never).all():
        problem = "every unit that adopts has the method from the first period on"
        raise DesignError(
            Fault("NOTHING_IDENTIFIED", panel.names[2], problem, "Give periods before the first adoption.")
        )
    gone = tuple(name for name, kept in zip(found.panel.units, keep.tolist(), strict=True) if not kept)
    weights = found.weights[keep] / found.weights[keep].mean()
    covariates = tuple((name, matrix[keep]) for name, matrix in found.covariates)
    return replace(
        found, panel=panel, values=found.values[keep], weights=weights, covariates=covariates,
        left_out=(*found.left_out, *gone),
    )  # fmt: skip


def _estimate(story: Story, points: engine.Points, told: tuple[str, float], setup: Setup, r: str) -> Estimate:
    method, level = story.say(f"method.{told[0]}", interval=story.say("interval.alike")), told[1]
    after = [event for event in points.events if event >= 0]
    treated = {event: _units_at(story, event) for event in points.events}
    rows = [
        effect_row(
            (("event", str(event)),),
            (event_words(story, event),),
            (float(effect), float(error) if _sure(story, told[0], [event]) else None),
            treated[event],
            (method, level),
        )
        for event, effect, error in zip(points.events, points.effects, points.errors, strict=True)
    ]
    units = sum(story.sizes[start] for start in story.cohorts if _told(story, start))
    whole, sure = points.average, _sure(story, told[0], after)
    numbers = (whole[0], whole[1] if sure else None)
    rows.append(effect_row((("event", "all"),), (story.say("label.all"),), numbers, units, (method, level)))
    cells = [(start, start + event) for start in story.cohorts for event in after if _told(story, start, event)]
    return Estimate(
        measure=story.kind,
        rows=tuple(rows),
        source=source_of(story, story.code),
        notes=(
            target(story, "imputation"),
            *common_notes(story, cells),
            *([] if sure else [story.say("note.no_error")]),
            assumption(story, setup),
            *(
                [story.say("note.engine", version=engine.version())]
                if setup.covariates or told[0] != "imputation"
                else []
            ),
        ),
        covariance=None if points.covariance is None else _with_all(points),
        unit="" if story.is_share else story.outcome,
        r=r,
        extra=sizes_as_extra(story),
    )


def _told(story: Story, start: int, event: int = 0) -> bool:
    """Whether somebody is still without the method in that period."""
    period = start + event
    return period < len(story.periods) and bool((story.starts > period).any())


def _sure(story: Story, method: str, events: Sequence[int]) -> bool:
    """Whether there is an error: some cohort has several units, and several are without the method wherever it is told.

    The regression with interactions compares with units that never adopt only.
    """
    cells = [(start, start + event) for start in story.cohorts for event in events if _told(story, start, event)]
    against = [story.never if method == "interaction" else int((story.starts > period).sum()) for _, period in cells]
    return any(story.sizes[start] > 1 for start, _ in cells) and min(against, default=0) > 1


def _units_at(story: Story, event: int) -> int:
    """How many units have this time since adoption (or before it) within the periods, where it is identified."""
    told = [start for start in story.cohorts if start + event >= 0 and _told(story, start, event)]
    return sum(story.sizes[start] for start in told)


def _with_all(points: engine.Points) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """The joint covariance of the rows by time; the average stands alone beside them."""
    assert points.covariance is not None
    size = len(points.events)
    whole = np.zeros((size + 1, size + 1))
    whole[:size, :size] = points.covariance
    whole[size, size] = points.average[1] ** 2
    return whole
