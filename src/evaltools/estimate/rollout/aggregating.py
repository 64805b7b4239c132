"""Averages of effects by cohort and period: over all, by cohort, by calendar period, by time since adoption."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final, Literal

import numpy as np

from evaltools.errors import DesignError, Fault, near
from evaltools.estimate.arrays import Floats
from evaltools.estimate.calls import call
from evaltools.estimate.levels import check_level
from evaltools.estimate.result import Estimate, Row
from evaltools.estimate.rollout.bands import critical_value, least
from evaltools.estimate.rollout.groups import GroupTimeEffects
from evaltools.estimate.rollout.rcode import r_aggregate
from evaltools.estimate.rollout.wording import Story, effect_row, event_words, target

Kind = Literal["simple", "dynamic", "group", "calendar"]
Bands = Literal["simultaneous", "pointwise"]


@dataclass(frozen=True, slots=True, eq=False)
class Average:
    """One average: its effect, the influence of every unit, the starts of the cohorts in it, whether it has an error.

    It has none where all its cohorts are of one unit, or some of it is set against one unit only.
    """

    effect: float
    influence: Floats
    starts: tuple[int, ...]
    sure: bool = True

    @property
    def error(self) -> float | None:
        """The standard error; None where one unit tells nothing of it."""
        return float(np.sqrt((self.influence**2).sum())) if self.sure else None


def aggregate(effects: GroupTimeEffects, kind: Kind = "simple") -> Estimate:
    """One average of the effects of all cohorts and periods with the method, and what it is an average of.

    effects : from `group_time_effects`. kind : `simple` weighs each cohort and period by the size of the cohort;
    `group` takes each cohort's own average, then weighs cohorts by size; `calendar` and `dynamic` give equal weight to
    each calendar period, or to each time since adoption.
    Returns a row `all`, and before it a row per cohort (`group`), period (`calendar`) or time since adoption
    (`dynamic`). Intervals are as in `group_time_effects`; standard errors count that the sizes of the cohorts are from
    these units.
    Raises `DesignError`: NO_SUCH_AVERAGE, NOTHING_IDENTIFIED.
    Source: Callaway and Sant'Anna (2021), section 3.1.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> y = [1, 2, 3, 1, 2, 3, 1, 2, 5, 1, 2, 5.5]
    >>> rows = pd.DataFrame({"unit": [u for u in "abcd" for _ in range(3)], "period": [2015, 2016, 2017] * 4, "y": y,
    ...                      "first": [None] * 6 + [2017] * 6})
    >>> effects = ev.rollout.group_time_effects(ev.rollout.panel(rows, first="first"), "y")
    >>> round(ev.rollout.aggregate(effects).row().estimate, 2)
    2.25
    """
    if kind not in _KINDS:
        raise DesignError(Fault("NO_SUCH_AVERAGE", "kind", f'there is no average "{kind}"', near(kind, _KINDS)))
    story = _story(effects)
    parts, whole = _KINDS[kind](effects)
    rows = [*parts, *_named(story, kind, whole)]
    method = story.say("method.average", kind=story.say(f"kind.{kind}"), cells=effects.rows[0].method)
    return _estimate(effects, rows, (method, target(story, kind)), ("rollout.aggregate", {"kind": kind}))


def event_study(effects: GroupTimeEffects, *, bands: Bands = "simultaneous", level: float = 0.95) -> Estimate:
    """The average effect by time since adoption, before and after, with bands.

    effects : from `group_time_effects`. bands : `simultaneous` limits hold for all points at once with probability
    `level` (sup-t), `pointwise` for each by itself. Before adoption the differences should be about 0.
    Returns rows with the coordinate `event`; `extra` has `critical_value` (standard errors to each side) and
    `common_base` (1 where all points are differences from the same period, as `sensitivity` needs).
    Raises `DesignError`: NO_SUCH_AVERAGE, LEVEL_NOT_A_SHARE, NOTHING_IDENTIFIED.
    Source: Callaway and Sant'Anna (2021), section 3; Montiel Olea and Plagborg-Møller (2019).

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> y = [1, 2, 3, 1, 2, 3, 1, 2, 5, 1, 2, 5.5]
    >>> rows = pd.DataFrame({"unit": [u for u in "abcd" for _ in range(3)], "period": [2015, 2016, 2017] * 4, "y": y,
    ...                      "first": [None] * 6 + [2017] * 6})
    >>> effects = ev.rollout.group_time_effects(ev.rollout.panel(rows, first="first"), "y")
    >>> [row.coordinate("event") for row in ev.rollout.event_study(effects).rows]
    ['-1', '0']
    """
    check_level(level)
    check_bands(bands)
    story = _story(effects)
    found = _by_event(effects)
    influence = np.stack(
        [average.influence for _, average in found if average.sure] or [np.zeros(len(story.starts))], axis=1
    )
    joint = influence.T @ influence
    wide = critical_value(joint, level, least(story.degrees(influence))) if bands == "simultaneous" else None
    method = story.say(f"method.{bands}", cells=effects.rows[0].method)
    pairs = [("event", str(event), event_words(story, event), average) for event, average in found]
    made = _estimate(
        effects,
        pairs,
        (method, target(story, "event")),
        ("rollout.event_study", {"bands": bands, "level": level}),
        level,
    )
    rows = made.rows if wide is None else tuple(banded(row, wide) for row in made.rows)
    common = float(effects.setup.base == "universal")
    extra = {**made.extra, "critical_value": wide or _half(level), "common_base": common}
    notes = made.notes if common else (*made.notes, story.say("note.varying_base"))
    return replace(made, rows=rows, extra=extra, notes=notes)


def check_bands(bands: str) -> None:
    """`DesignError` NO_SUCH_AVERAGE unless they hold for all points at once or for each by itself."""
    if bands not in ("simultaneous", "pointwise"):
        problem = f'there are no bands "{bands}"'
        raise DesignError(Fault("NO_SUCH_AVERAGE", "bands", problem, "Say simultaneous or pointwise."))


def banded(row: Row, wide: float) -> Row:
    """The row with limits so many standard errors to each side."""
    if row.se is None:
        return row
    return replace(row, low=row.estimate - wide * row.se, high=row.estimate + wide * row.se)


def _half(level: float) -> float:
    return critical_value(np.eye(1), level)


_Line = tuple[str, str, str, Average]
"""Coordinate, value, label and average of a row."""


def _estimate(
    effects: GroupTimeEffects,
    lines: Sequence[_Line],
    told: tuple[str, str],
    made: tuple[str, Mapping[str, object]],
    level: float | None = None,
) -> Estimate:
    story, how = _story(effects), effects.setup
    influence = np.stack([average.influence for *_, average in lines], axis=1)
    rows = tuple(
        effect_row(
            ((name, value),),
            (label,),
            (average.effect, average.error),
            sum(story.sizes[start] for start in average.starts),
            (told[0], level or how.level),
            df,
        )
        for (name, value, label, average), df in zip(lines, story.degrees(influence), strict=True)
    )
    code = call(made[0], effects.source.code, {name: value for name, value in made[1].items() if value not in _PLAIN})
    return Estimate(
        measure=effects.measure,
        rows=rows,
        source=replace(effects.source, code=code),
        notes=(told[1], *effects.notes[1:]),
        covariance=influence.T @ influence,
        influence=influence,
        unit=effects.unit,
        r=r_aggregate(effects.r, str(made[1].get("kind", "dynamic"))),
        extra=effects.extra,
    )


_PLAIN: Final = ("simple", "simultaneous")


def _story(effects: GroupTimeEffects) -> Story:
    if not any(period >= start for start, period in effects.cells):
        problem = "there is no effect after adoption to average"
        remedy = "See `adoption(panel)`: nobody is without the method in the periods where others have it."
        raise DesignError(Fault("NOTHING_IDENTIFIED", effects.source.question, problem, remedy))
    return _known(effects)


def _known(effects: GroupTimeEffects) -> Story:
    assert effects.story is not None
    return effects.story


def _after(effects: GroupTimeEffects) -> list[int]:
    """Places of the cells with the method."""
    return [place for place, (start, period) in enumerate(effects.cells) if period >= start]


def cell_average(effects: GroupTimeEffects, places: Sequence[int]) -> Average:
    """The average of some cells, each weighing as much as its cohort; the weights are estimated too."""
    story = _known(effects)
    starts = [story.periods.index(effects.rows[place].coordinate("cohort")) for place in places]
    values = np.array([effects.rows[place].estimate for place in places])
    influence = _influence(effects)[:, list(places)]
    return replace(_by_size(story, starts, values, influence), sure=_sure(effects, places))


def _sure(effects: GroupTimeEffects, places: Sequence[int]) -> bool:
    """Whether the average of some cells has an error: see `Average`."""
    known = [effects.rows[place].se is not None for place in places]
    several = [_known(effects).sizes[effects.cells[place][0]] > 1 for place in places]
    return any(known) and all(here for here, more in zip(known, several, strict=True) if more)


def _by_size(story: Story, starts: Sequence[int], values: Floats, influence: Floats) -> Average:
    """The average of numbers of cohorts, each weighing as much as its cohort, with the influence through its weights.

    With p the share of a cohort among all units, the weights are p / sum(p); a unit moves the p of its own cohort.
    """
    units = len(story.starts)
    share = {start: float(story.weights[story.starts == start].sum()) / units for start in set(starts)}
    p = np.array([share[start] for start in starts])
    effect = float(p @ values / p.sum())
    moved = np.zeros(units)
    for start, value in zip(starts, values.tolist(), strict=True):
        mine = story.starts == start
        moved[mine] += story.weights[mine] * (value - effect)
    return Average(effect, influence @ (p / p.sum()) + moved / (p.sum() * units), tuple(sorted(set(starts))))


def _mean(parts: Sequence[Average]) -> Average:
    """The plain mean of averages."""
    starts = sorted({start for part in parts for start in part.starts})
    influence = np.mean([part.influence for part in parts], axis=0)
    sure = all(part.sure for part in parts)
    return Average(float(np.mean([part.effect for part in parts])), influence, tuple(starts), sure)


def _influence(effects: GroupTimeEffects) -> Floats:
    assert effects.influence is not None
    return effects.influence


def _by_event(effects: GroupTimeEffects) -> list[tuple[int, Average]]:
    events: dict[int, list[int]] = {}
    for place, (start, period) in enumerate(effects.cells):
        events.setdefault(period - start, []).append(place)
    return [(event, cell_average(effects, events[event])) for event in sorted(events)]


def _simple(effects: GroupTimeEffects) -> tuple[list[_Line], Average]:
    return [], cell_average(effects, _after(effects))


def _dynamic(effects: GroupTimeEffects) -> tuple[list[_Line], Average]:
    story = _story(effects)
    found = [(event, average) for event, average in _by_event(effects) if event >= 0]
    lines = [("event", str(event), event_words(story, event), average) for event, average in found]
    return lines, _mean([average for _, average in found])


def _group(effects: GroupTimeEffects) -> tuple[list[_Line], Average]:
    story = _story(effects)
    cohorts: dict[int, list[int]] = {}
    cells = effects.cells
    for place in _after(effects):
        cohorts.setdefault(cells[place][0], []).append(place)
    means = {
        start: Average(
            float(np.mean([effects.rows[place].estimate for place in places])),
            _influence(effects)[:, places].mean(axis=1),
            (start,),
            _sure(effects, places),
        )
        for start, places in cohorts.items()
    }
    lines = [
        ("cohort", story.periods[start], story.say("label.cohort", period=story.periods[start]), mean)
        for start, mean in means.items()
    ]
    values = np.array([mean.effect for mean in means.values()])
    influence = np.stack([mean.influence for mean in means.values()], axis=1)
    whole = _by_size(story, list(means), values, influence)
    return lines, replace(whole, sure=_sure(effects, _after(effects)))


def _calendar(effects: GroupTimeEffects) -> tuple[list[_Line], Average]:
    story = _story(effects)
    periods: dict[int, list[int]] = {}
    cells = effects.cells
    for place in _after(effects):
        periods.setdefault(cells[place][1], []).append(place)
    found = [(period, cell_average(effects, periods[period])) for period in sorted(periods)]
    lines = [("period", story.periods[period], story.periods[period], average) for period, average in found]
    return lines, _mean([average for _, average in found])


def _named(story: Story, kind: str, whole: Average) -> list[_Line]:
    coordinate = {"group": "cohort", "calendar": "period", "dynamic": "event"}.get(kind, "cohort")
    return [(coordinate, "all", story.say("label.all"), whole)]


_KINDS: Final[Mapping[str, Callable[[GroupTimeEffects], tuple[list[_Line], Average]]]] = MappingProxyType(
    {"simple": _simple, "dynamic": _dynamic, "group": _group, "calendar": _calendar}
)
