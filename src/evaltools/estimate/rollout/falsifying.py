"""Could it be something else? Effects at times when nothing happened, and effects without one cohort at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from evaltools.errors import DesignError, Fault
from evaltools.estimate.calls import call
from evaltools.estimate.result import NO_R, Estimate, Row
from evaltools.estimate.rollout.aggregating import Kind, aggregate, cell_average
from evaltools.estimate.rollout.groups import Controls, GroupTimeEffects, group_time_effects
from evaltools.estimate.rollout.outcomes import Average, Outcome
from evaltools.estimate.rollout.panels import RolloutPanel
from evaltools.estimate.rollout.wording import Story, effect_row
from evaltools.language import number


def placebo_dates(
    panel: RolloutPanel,
    outcome: Outcome,
    *,
    earlier: Sequence[int] = (1, 2),
    controls: Controls = "not_yet_treated",
    average: Average = "unit",
    level: float = 0.95,
) -> Estimate:
    """The effect that would be found if each unit had adopted some periods earlier than it did; it should be about 0.

    Only periods before the true adoption are used, so that no true effect is in it.
    panel, outcome, controls, average, level : as in `group_time_effects`. earlier : how many periods, one row each.
    Returns rows with the coordinate `earlier`, the average over cohorts and the periods between the two dates.
    Raises `DesignError`: those of `group_time_effects`, NOT_WHOLE_PERIODS, NO_PERIODS_BEFORE.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> y = [1, 2, 3, 1, 2.2, 3, 1, 2, 5, 1, 2.1, 5.5]
    >>> rows = pd.DataFrame({"unit": [u for u in "abcd" for _ in range(3)], "period": [2015, 2016, 2017] * 4, "y": y,
    ...                      "first": [None] * 6 + [2017] * 6})
    >>> found = ev.rollout.placebo_dates(ev.rollout.panel(rows, first="first"), "y", earlier=[1])
    >>> round(found.row(earlier="1").estimate, 2)
    -0.05
    """
    if not earlier or any(isinstance(each, bool) or not isinstance(each, int) or each < 1 for each in earlier):
        problem = f"earlier is {list(earlier)!r}"
        raise DesignError(Fault("NOT_WHOLE_PERIODS", "earlier", problem, "Give whole numbers of periods, 1 or more."))
    rows, influences, last = [], [], None
    for periods in earlier:
        effects = group_time_effects(
            panel, outcome, controls=controls, anticipation=periods, base="universal", average=average, level=level
        )
        places = [p for p, (start, period) in enumerate(effects.cells) if start - periods <= period < start]
        if not places:
            problem = f"no cohort has more than {periods} periods before its adoption"
            remedy = "Give more periods before the first adoption, or fewer in `earlier`."
            raise DesignError(Fault("NO_PERIODS_BEFORE", "earlier", problem, remedy))
        story, found = _story(effects), cell_average(effects, places)
        shown = number(periods, 0, story.about.language)
        rows.append(
            effect_row(
                (("earlier", str(periods)),),
                (story.say(f"label.earlier{'_one' if periods == 1 else ''}", periods=shown),),
                (found.effect, found.error),
                sum(story.sizes[start] for start in found.starts),
                (story.say("method.placebo", cells=effects.rows[0].method), level),
                story.degrees(found.influence[:, None])[0],
            )
        )
        influences.append(found.influence)
        last = effects
    assert last is not None
    influence = np.stack(influences, axis=1)
    told: dict[str, object] = {
        "earlier": tuple(earlier),
        "controls": None if controls == "not_yet_treated" else controls,
    }
    told |= {"average": None if average == "unit" else average, "level": level}
    return Estimate(
        measure=last.measure,
        rows=tuple(rows),
        source=replace(last.source, code=call("rollout.placebo_dates", panel.code, told, outcome)),
        notes=(_story(last).say("note.placebo"), *last.notes[1:2], *_unsure(last, rows)),
        covariance=influence.T @ influence,
        influence=influence,
        unit=last.unit,
        r=f'{NO_R}att_gt with anticipation and base_period = "universal" gives the cells, to be averaged by hand',
        extra=last.extra,
    )


def leave_one_cohort_out(
    panel: RolloutPanel,
    outcome: Outcome,
    *,
    kind: Kind = "simple",
    controls: Controls = "not_yet_treated",
    average: Average = "unit",
    level: float = 0.95,
) -> Estimate:
    """The average effect without one cohort at a time, which shows whether it rests on one of them.

    panel, outcome, controls, average, level : as in `group_time_effects`. kind : as in `aggregate`.
    Returns a row for all (coordinate `without`: `none`), then one per cohort that is left out. Cohorts without which
    nothing can be told are not left out. Raises `DesignError`: those of `group_time_effects`, ONE_COHORT.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> y = [1, 2, 3, 1, 2.2, 3, 1, 2, 5, 1, 4.1, 5.5]
    >>> rows = pd.DataFrame({"unit": [u for u in "abcd" for _ in range(3)], "period": [2015, 2016, 2017] * 4, "y": y,
    ...                      "first": [None] * 6 + [2017] * 3 + [2016] * 3})
    >>> found = ev.rollout.leave_one_cohort_out(ev.rollout.panel(rows, first="first"), "y")
    >>> [row.coordinate("without") for row in found.rows]
    ['none', '2016', '2017']
    """
    whole = group_time_effects(panel, outcome, controls=controls, average=average, level=level)
    story, overall = _story(whole), aggregate(whole, kind)
    if len(story.cohorts) < 2:
        problem = "all units that adopt do so in one period"
        raise DesignError(Fault("ONE_COHORT", panel.names[2], problem, "There is nothing to leave out."))
    rows = [_row(overall, "none", story.say("label.all"), overall.rows[-1].method)]
    for start in story.cohorts:
        rest = panel.of_units(panel.starts != start)
        try:
            part = aggregate(group_time_effects(rest, outcome, controls=controls, average=average, level=level), kind)
        except DesignError:
            continue
        label = story.say("label.without", period=story.periods[start])
        rows.append(_row(part, story.periods[start], label, story.say("method.leave_one_out", cells=rows[0].method)))
    told: dict[str, object] = {
        "kind": None if kind == "simple" else kind,
        "controls": None if controls == "not_yet_treated" else controls,
    }
    told |= {"average": None if average == "unit" else average, "level": level}
    return Estimate(
        measure=overall.measure,
        rows=tuple(rows),
        source=replace(overall.source, code=call("rollout.leave_one_cohort_out", panel.code, told, outcome)),
        notes=(story.say("note.leave_one_out"), *overall.notes),
        unit=overall.unit,
        r=f"{NO_R}aggte of att_gt, on the data without each cohort in turn",
        extra=overall.extra,
    )


def _unsure(effects: GroupTimeEffects, rows: Sequence[Row]) -> list[str]:
    return [] if all(row.se is not None for row in rows) else [_story(effects).say("note.no_error")]


def _row(found: Estimate, without: str, label: str, method: str) -> Row:
    return replace(found.rows[-1], coordinates=(("without", without),), labels=(label,), method=method)


def _story(effects: GroupTimeEffects) -> Story:
    assert effects.story is not None
    return effects.story
