"""How far trends may break before an effect is gone: sensitivity after Rambachan and Roth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from evaltools.errors import DesignError, Fault
from evaltools.estimate.arrays import Floats
from evaltools.estimate.calls import call
from evaltools.estimate.levels import check_level
from evaltools.estimate.result import Estimate, Row, Source
from evaltools.estimate.rollout import engine
from evaltools.estimate.rollout.conditional import relative_limits
from evaltools.estimate.rollout.panels import About
from evaltools.estimate.rollout.wording import interval
from evaltools.language import number, texts

Break = Literal["relative", "smooth"]
Which = Literal["first", "average"]

_RELATIVE: Final = (0.5, 1.0, 1.5, 2.0)
_SMOOTH: Final = (0.0, 0.25, 0.5, 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class _Path:
    """An event study without its base. weights : of the effects after adoption in the one that is asked about."""

    effects: Floats
    covariance: Floats
    before: int
    weights: Floats
    n: int

    @property
    def effect(self) -> tuple[float, float]:
        """The effect that is asked about, and its standard error where trends are parallel."""
        after = self.covariance[self.before :, self.before :]
        return float(self.weights @ self.effects[self.before :]), float(np.sqrt(self.weights @ after @ self.weights))


def sensitivity(
    events: Estimate,
    kind: Break = "relative",
    *,
    bounds: Sequence[float] = (),
    effect: Which = "average",
    level: float = 0.95,
) -> Estimate:
    """The interval of an effect when trends need not be parallel, for several bounds on how far they may break.

    events : from `event_study` of effects with base="universal", from `sun_abraham` or `published_event_study`.
    kind : `relative`: after adoption the trend breaks at most `bound` times as much per period as it ever did before;
    `smooth`: the slope of the difference in trends changes by at most `bound` per period (0: it is a straight line).
    bounds : 0.5, 1, 1.5 and 2 where none are given; for `smooth` 0, 0.25, 0.5 and 1 standard errors of the effect.
    effect : the `first` after adoption, or the `average` of all after it. level : of the intervals.

    Returns a row `original` (trends parallel), then one per bound (coordinate `bound`) with the robust interval.
    `extra` has `breakdown`, the largest bound whose interval (and that of every smaller one) excludes 0; -1 if none.
    Raises `DesignError`: NO_JOINT_COVARIANCE, VARYING_BASE, NO_PERIODS_BEFORE, GAPS_IN_EVENTS, BOUND_BELOW_ZERO,
    NO_SUCH_CHOICE, LEVEL_NOT_A_SHARE, ROLLOUT_NOT_INSTALLED.
    Source: Rambachan and Roth (2023), Review of Economic Studies 90: conditional and hybrid test for `relative`,
    shortest interval of fixed length for `smooth`.

    >>> import numpy as np
    >>> import evaltools as ev
    >>> study = ev.rollout.published_event_study({-3: 0.1, -2: 0.0, 0: 1.0, 1: 1.2}, np.eye(4) * 0.01)
    >>> found = ev.rollout.sensitivity(study, bounds=[0.5], effect="first")
    >>> found.row(bound="0.5").low < found.row(bound="original").low
    True
    """
    check_level(level)
    for value, known, where in ((kind, ("relative", "smooth"), "kind"), (effect, ("first", "average"), "effect")):
        if value not in known:
            raise DesignError(Fault("NO_SUCH_CHOICE", where, f'there is no "{value}"', f"Say {' or '.join(known)}."))
    path = _path(events, effect)
    limits = _bounds(bounds, kind, path)
    say = texts(events.source.language).say
    rows = [_original(path, say("rollout.label.original"), events.rows[0].method, level)]
    for bound in limits:
        low, high = _interval(path, kind, bound, level)
        shown = number(bound, _digits(bound), events.source.language)
        rows.append(
            replace(
                rows[0],
                coordinates=(("bound", f"{bound:g}"),),
                labels=(say(f"rollout.label.bound_{kind}", bound=shown),),
                se=None,
                low=low,
                high=high,
                method=say(f"rollout.method.{kind}", bound=shown),
            )
        )
    told = {"bounds": tuple(bounds), "effect": None if effect == "average" else effect, "level": level}
    breakdown = _breakdown(rows[1:], limits)
    key = "breakdown" if breakdown >= 0 else "no_breakdown"
    shown = number(max(breakdown, 0.0), _digits(breakdown), events.source.language)
    return Estimate(
        measure=events.measure,
        rows=tuple(rows),
        source=replace(events.source, code=call("rollout.sensitivity", events.source.code, told, kind)),
        notes=(say(f"rollout.note.{kind}"), say(f"rollout.note.{key}", bound=shown), *events.notes),
        unit=events.unit,
        r=_r(kind, limits, effect),
        extra={**events.extra, "breakdown": breakdown},
    )


def published_event_study(
    estimates: Mapping[int, float], covariance: Floats, *, about: About | None = None, n: int = 0
) -> Estimate:
    """An event study that others have published, so that `sensitivity` and `pre_trend_test` can be asked of it.

    estimates : by event time, in order, without the period that all are differences from (-1). covariance : joint.
    about : words for the results. n : units that adopted, where it is known.
    Returns rows with the coordinate `event`. Raises `DesignError` COVARIANCE_WRONG.

    >>> import numpy as np
    >>> study = published_event_study({-2: 0.0, 0: 1.0}, np.eye(2))
    >>> study.row(event="0").se
    1.0
    """
    told, joint = about or About(), np.asarray(covariance, dtype=float)
    size = len(estimates)
    if joint.shape != (size, size) or not np.allclose(joint, joint.T) or (np.diag(joint) <= 0).any():
        problem = f"the covariance of {size} estimates is {size} x {size}, symmetric, with variances above 0"
        raise DesignError(Fault("COVARIANCE_WRONG", "covariance", problem, "Give both in the same order."))
    say = texts(told.language).say
    method = say("rollout.method.published")
    rows = []
    for place, (event, value) in enumerate(sorted(estimates.items())):
        se = float(np.sqrt(joint[place, place]))
        low, high = interval(value, se, 0.95)
        coordinates, labels = (("event", str(event)),), (number(event, 0, told.language),)
        rows.append(Row(coordinates, labels, value, n, float(n), method, se=se, low=low, high=high))
    source = Source(
        told.origin, told.title, told.outcome, "", say("estimate.weight.none"), told.confidentiality,
        call("rollout.published_event_study", "estimates, covariance", {}), unit=told.unit, language=told.language,
    )  # fmt: skip
    return Estimate("coefficient", tuple(rows), source, covariance=joint, extra={"common_base": 1.0})


def _path(events: Estimate, effect: Which) -> _Path:
    where = events.source.question
    if events.covariance is None:
        remedy = "Take `event_study`, `sun_abraham` or `published_event_study`."
        raise DesignError(Fault("NO_JOINT_COVARIANCE", where, "these effects have no joint uncertainty", remedy))
    if not any(_whole(text := row.coordinate("event")) and int(text) < 0 for row in events.rows):
        problem = "there is no difference before adoption to measure breaks by"
        remedy = (
            "Give periods before the first adoption, and take `event_study` or `sun_abraham`; `imputation` tells none."
        )
        raise DesignError(Fault("NO_PERIODS_BEFORE", where, problem, remedy))
    if not events.extra.get("common_base", 0.0):
        problem = "the points before adoption are differences from the period before each, not from one period"
        remedy = 'Take group_time_effects(..., base="universal") and its event_study.'
        raise DesignError(Fault("VARYING_BASE", where, problem, remedy))
    places = {int(text): place for place, row in enumerate(events.rows) if _whole(text := row.coordinate("event"))}
    times = sorted(places)
    missing = sorted(set(range(times[0], times[-1] + 1)) - set(times)) if times else []
    if len(missing) != 1 or missing[0] > -1 or times[-1] < 0:
        problem = f"the points at {', '.join(map(str, times))} leave out more than the one period before adoption"
        remedy = "Give points for consecutive periods, with one before the base and one after it."
        raise DesignError(Fault("GAPS_IN_EVENTS", where, problem, remedy))
    order = [places[time] for time in times]
    before = sum(time < missing[0] for time in times)
    after = len(times) - before
    weights = np.ones(after) / after
    if effect == "first":
        weights = np.eye(after)[sum(missing[0] < time < 0 for time in times)]
    values = np.array([events.rows[place].estimate for place in order])
    if not all(events.rows[place].se for place in order):
        problem = "some of these effects do not vary between units, or rest on one unit"
        raise DesignError(Fault("NO_JOINT_COVARIANCE", where, problem, "Give more units in each cohort."))
    return _Path(values, events.covariance[np.ix_(order, order)], before, weights, min(events.rows[p].n for p in order))


def _whole(text: str) -> bool:
    return text.lstrip("-").isdigit()


def _bounds(bounds: Sequence[float], kind: Break, path: _Path) -> tuple[float, ...]:
    if any(not np.isfinite(bound) or bound < 0 for bound in bounds):
        problem = f"a bound of {next(each for each in bounds if not 0 <= each < np.inf):g} makes no sense"
        raise DesignError(Fault("BOUND_BELOW_ZERO", "bounds", problem, "Give bounds of 0 or more."))
    if bounds:
        return tuple(sorted(float(bound) for bound in bounds))
    return _RELATIVE if kind == "relative" else tuple(share * path.effect[1] for share in _SMOOTH)


def _interval(path: _Path, kind: Break, bound: float, level: float) -> tuple[float, float]:
    found = relative_limits if kind == "relative" else engine.smooth_interval
    return found(path.effects, path.covariance, path.before, path.weights, bound, level)


def _original(path: _Path, label: str, method: str, level: float) -> Row:
    effect, se = path.effect
    low, high = interval(effect, se, level)
    return Row(
        (("bound", "original"),),
        (label,),
        effect,
        path.n,
        float(path.n),
        method,
        se=se,
        low=low,
        high=high,
        level=level,
    )


def _breakdown(rows: Sequence[Row], limits: Sequence[float]) -> float:
    """The largest bound up to which every interval excludes 0; -1 where not even the smallest does."""
    reached = -1.0
    for row, bound in zip(rows, limits, strict=True):
        assert row.low is not None
        assert row.high is not None
        if row.low <= 0 <= row.high:
            break
        reached = bound
    return reached


def _digits(bound: float) -> int:
    return next((digits for digits in range(5) if abs(round(bound, digits) - bound) < 1e-9), 4)


def _r(kind: Break, limits: Sequence[float], effect: Which) -> str:
    """R's HonestDiD for the same estimates and covariance."""
    vector = ", ".join(f"{bound:g}" for bound in limits)
    which = "basisVector(1, numPost)" if effect == "first" else "rep(1 / numPost, numPost)"
    name, bounds = ("createSensitivityResults_relativeMagnitudes", "Mbarvec") if kind == "relative" else (
        "createSensitivityResults", "Mvec")  # fmt: skip
    arguments = (
        f"betahat, sigma, numPrePeriods = numPre, numPostPeriods = numPost, {bounds} = c({vector}), l_vec = {which}"
    )
    return f"# betahat, sigma: estimates and covariance of the event study\nlibrary(HonestDiD)\n{name}({arguments})"
