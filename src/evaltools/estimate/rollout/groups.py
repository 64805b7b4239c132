"""Effects by cohort and period after Callaway and Sant'Anna: the ground that all averages and diagnostics stand on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from evaltools.errors import DesignError, Fault
from evaltools.estimate.calls import call
from evaltools.estimate.levels import check_level
from evaltools.estimate.result import Estimate
from evaltools.estimate.rollout import engine
from evaltools.estimate.rollout.comparing import check_identified, widened_cells
from evaltools.estimate.rollout.doubly import doubly_robust
from evaltools.estimate.rollout.outcomes import Average, Measured, Outcome, measured
from evaltools.estimate.rollout.panels import RolloutPanel
from evaltools.estimate.rollout.rcode import r_group_time
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
from evaltools.language import listed

Controls = Literal["not_yet_treated", "never_treated"]
Adjustment = Literal["regression", "doubly_robust"]
Base = Literal["varying", "universal"]

_ADJUSTMENTS: Final = ("regression", "doubly_robust")


@dataclass(frozen=True, slots=True)
class Setup:
    """How units with the method are compared with others."""

    controls: Controls = "not_yet_treated"
    covariates: tuple[str, ...] = ()
    adjustment: Adjustment = "regression"
    anticipation: int = 0
    base: Base = "varying"
    average: Average = "unit"
    level: float = 0.95


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class GroupTimeEffects(Estimate):
    """Effects by cohort and period, with the story of the rollout, which their averages need."""

    story: Story | None = None
    setup: Setup = Setup()

    @property
    def cells(self) -> tuple[tuple[int, int], ...]:
        """Places of the start and the period of each row."""
        assert self.story is not None
        place = {name: index for index, name in enumerate(self.story.periods)}
        return tuple((place[row.coordinate("cohort")], place[row.coordinate("period")]) for row in self.rows)


def group_time_effects(  # noqa: PLR0913 the parts of a comparison are these
    panel: RolloutPanel,
    outcome: Outcome,
    *,
    controls: Controls = "not_yet_treated",
    covariates: Sequence[str] = (),
    adjustment: Adjustment = "regression",
    anticipation: int = 0,
    base: Base = "varying",
    average: Average = "unit",
    level: float = 0.95,
) -> GroupTimeEffects:
    """The effect in each cohort and period: how its outcome moved, against units without the method.

    panel : from `panel`. outcome : a column of numbers, or count and base, whose share is taken.
    controls : compared with units that do not have the method yet, or with those that never had it only.
    covariates : columns that trends may depend on, with their values in the period before adoption. adjustment : by
    `regression` of the outcome, or `doubly_robust`. anticipation : how many periods ahead the method may show.
    base : before adoption, differences from the period before (`varying`) or from the last period before adoption
    (`universal`, which `sensitivity` needs). average : over units, or by their size. level : of the intervals,
    which are normal; where units count by size, errors and limits are widened for it (`df`).

    Returns rows with the coordinates `cohort`, `period`, `event` (periods since adoption); of a share, in percentage
    points. Cohorts of one unit have no standard error. What no effect can be told of stands in the notes.
    Raises `DesignError`: those of `panel` about columns, ZERO_BASE, INCOMPLETE_PANEL, COUNT_ABOVE_BASE, SIZE_NOT_GIVEN,
    NO_SUCH_CONTROLS, NO_NEVER_TREATED, NOTHING_IDENTIFIED, NOT_WHOLE_PERIODS, ROLLOUT_NOT_INSTALLED, ENGINE_REFUSES,
    LEVEL_NOT_A_SHARE.
    Source: Callaway and Sant'Anna (2021), Journal of Econometrics 225; Sant'Anna and Zhao (2020), same 219.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> y = [1, 2, 3, 1, 2, 3, 1, 2, 5, 1, 2, 5.5]
    >>> rows = pd.DataFrame({"unit": [u for u in "abcd" for _ in range(3)], "period": [2015, 2016, 2017] * 4, "y": y,
    ...                      "first": [None] * 6 + [2017] * 6})
    >>> effects = ev.rollout.group_time_effects(ev.rollout.panel(rows, first="first"), "y")
    >>> round(effects.row(period="2017").estimate, 2)
    2.25
    """
    setup = Setup(controls, tuple(covariates), adjustment, anticipation, base, average, level)
    _check(panel, setup)
    found = measured(panel, outcome, average=average, covariates=setup.covariates)
    code = _code(panel, outcome, setup)
    layout = engine.Layout(found.values, found.panel.starts, found.weights, found.covariates)
    check_identified(layout, controls=controls, anticipation=anticipation)
    fit = doubly_robust if adjustment == "doubly_robust" and setup.covariates else engine.group_time
    cells = fit(layout, controls=controls, anticipation=anticipation, base=base)
    cells = widened_cells(layout, cells, controls=controls, anticipation=anticipation, base=base)
    return _estimate(found, cells, setup, story_of(found, code, cells.heard), r_group_time(panel, outcome, setup))


def _estimate(found: Measured, cells: engine.Cells, setup: Setup, story: Story, r: str) -> GroupTimeEffects:
    order = sorted(range(len(cells.cells)), key=lambda place: cells.cells[place])
    method = method_of(story, setup)
    errors = np.sqrt((cells.influence**2).sum(axis=0))
    df = story.degrees(cells.influence)
    rows = []
    for place in order:
        start, period = cells.cells[place]
        size = story.sizes[start]
        event = period - start
        rows.append(
            effect_row(
                (("cohort", story.periods[start]), ("period", story.periods[period]), ("event", str(event))),
                (
                    story.say("label.cohort", period=story.periods[start]),
                    story.periods[period],
                    event_words(story, event),
                ),
                (float(cells.effects[place]), float(errors[place]) if min(size, cells.controls[place]) > 1 else None),
                size,
                (method, setup.level),
                df[place],
            )
        )
    influence = cells.influence[:, order]
    told = [cells.cells[place] for place in order]
    lonely = [start for start, size in story.sizes.items() if size == 1]
    alone = {period for (_, period), count in zip(cells.cells, cells.controls, strict=True) if count == 1}
    notes = [target(story, "group_time"), *common_notes(story, [cell for cell in told if cell[1] >= cell[0]])]
    notes += [story.say("note.one_unit", period=story.periods[start]) for start in lonely]
    if alone:
        which = listed([story.periods[period] for period in sorted(alone)], story.about.language)
        notes.append(story.say("note.one_compared", periods=which))
    return GroupTimeEffects(
        measure=story.kind,
        rows=tuple(rows),
        source=source_of(story, story.code),
        notes=(*notes, assumption(story, setup), story.say("note.engine", version=engine.version())),
        covariance=influence.T @ influence,
        influence=influence,
        unit="" if found.is_share else story.outcome,
        r=r,
        extra={**sizes_as_extra(story), "anticipation": float(setup.anticipation)},
        story=story,
        setup=setup,
    )


def method_of(story: Story, setup: Setup) -> str:
    """How the effects were found, in words."""
    how = f"adjustment.{setup.adjustment}" if setup.covariates else "adjustment.none"
    return story.say(
        "method.group_time",
        controls=story.say(f"controls.{setup.controls}"),
        adjustment=story.say(how, covariates=", ".join(setup.covariates)),
        interval=story.interval,
    )


def assumption(story: Story, setup: Setup) -> str:
    """What must hold for the numbers to be effects, in words."""
    early = "none" if not setup.anticipation else "some"
    return story.say(f"assumes.{early}", early=event_words(story, -setup.anticipation))


def _check(panel: RolloutPanel, setup: Setup) -> None:
    check_level(setup.level)
    for value, known, where in (
        (setup.controls, ("not_yet_treated", "never_treated"), "controls"),
        (setup.adjustment, _ADJUSTMENTS, "adjustment"),
        (setup.base, ("varying", "universal"), "base"),
    ):
        if value not in known:
            raise DesignError(
                Fault("NO_SUCH_CONTROLS", where, f'there is no choice "{value}"', f"Say {' or '.join(known)}.")
            )
    if isinstance(setup.anticipation, bool) or not isinstance(setup.anticipation, int) or setup.anticipation < 0:
        problem = f"anticipation is {setup.anticipation!r}"
        raise DesignError(
            Fault("NOT_WHOLE_PERIODS", "anticipation", problem, "Give a whole number of periods, 0 or more.")
        )
    if setup.controls == "never_treated" and not (panel.starts == panel.never).any():
        problem = "every unit adopts, so that no unit never had the method"
        remedy = 'Compare with those that do not have it yet: controls="not_yet_treated".'
        raise DesignError(Fault("NO_NEVER_TREATED", panel.names[2], problem, remedy))


def _code(panel: RolloutPanel, outcome: Outcome, setup: Setup) -> str:
    """The call that gives the effects again; arguments at their defaults are left out."""
    plain = Setup()
    told = {
        name: getattr(setup, name)
        for name in ("controls", "covariates", "adjustment", "anticipation", "base", "average", "level")
        if getattr(setup, name) != getattr(plain, name)
    }
    return call("rollout.group_time_effects", panel.code, told, outcome)
