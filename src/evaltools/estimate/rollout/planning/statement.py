"""What a plan can show, in words: for those who decide about it and need not be statisticians."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from evaltools.estimate.result import Source
from evaltools.estimate.rollout.planning.arithmetic import Timing
from evaltools.estimate.rollout.planning.baseline import Baseline
from evaltools.estimate.rollout.planning.orders import Order
from evaltools.language import Language, listed, number, percent, texts

FEW: Final = 5
_TOO_MANY: Final = 0.08
"""A share of false alarms that calls for a warning, where 0.05 is meant."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is simulated, for the words about it."""

    baseline: Baseline
    order: Order
    periods: tuple[str, ...]
    timing: Timing

    @property
    def language(self) -> Language:
        """Of the words."""
        return self.baseline.language

    def say(self, key: str, **values: object) -> str:
        """A text of this room in the language of the plan."""
        return texts(self.language).say(f"planning.{key}", **values)


class Assumptions(Protocol):
    """What the words need of `Assumed`."""

    @property
    def ramp(self) -> int: ...  # noqa: D102
    @property
    def outcome(self) -> str: ...  # noqa: D102
    @property
    def turnover(self) -> float: ...  # noqa: D102
    @property
    def average(self) -> str: ...  # noqa: D102
    @property
    def trend(self) -> float: ...  # noqa: D102
    @property
    def goal(self) -> float: ...  # noqa: D102
    @property
    def significance(self) -> float: ...  # noqa: D102


def label(effect: float, language: Language) -> str:
    """An effect in percentage points.

    >>> label(0.025, "en")
    '2.5 percentage points'
    """
    return texts(language).say("planning.label.effect", points=points(effect, language))


def points(share: float, language: Language) -> str:
    """A difference between shares as percentage points, with as many decimals as it needs.

    >>> points(0.025, "en"), points(0.02, "en"), points(0.00481, "en")
    ('2.5', '2', '0.48')
    """
    value = 100 * share
    digits = next((digits for digits in (0, 1) if abs(round(value, digits) - value) < 1e-9), 2 if abs(value) < 1 else 1)
    return number(value, digits, language)


def plan_source(plan: Plan, code: str) -> Source:
    """Where the numbers come from: a simulation on a baseline."""
    return Source(
        origin=plan.baseline.origin,
        survey=plan.say("label.plan"),
        question=plan.say("label.power"),
        universe=plan.say("universe.replications"),
        weight=plan.say("weight.none"),
        confidentiality="practice",
        code=code,
        language=plan.language,
    )


def statement(plan: Plan, assumed: Assumptions, extra: Mapping[str, float], seed: int) -> tuple[str, ...]:
    """The whole statement: what is seen, of what, from which baseline, and what order and waiting would add."""
    return (
        _seen(plan, assumed, extra),
        _average(plan, assumed, extra),
        *_not_told(plan),
        _alarms(plan, assumed, extra),
        _order(plan, assumed, extra),
        *_waiting(plan, assumed, extra),
        *_baseline(plan, assumed),
        plan.say("note.simulated", seed=seed),
    )


def _share(plan: Plan, value: float) -> str:
    return percent(value, 0, plan.language)


def _seen(plan: Plan, assumed: Assumptions, extra: Mapping[str, float]) -> str:
    goal = _share(plan, assumed.goal)
    if "mde" not in extra:
        return plan.say("note.none_seen", goal=goal)
    told = {name: points(extra[name], plan.language) for name in ("mde", "mde_se")}
    return plan.say("note.seen", goal=goal, **told)


def _average(plan: Plan, assumed: Assumptions, extra: Mapping[str, float]) -> str:
    whole = plan.say(f"ramp.{'at_once' if assumed.ramp == 1 else 'slowly'}", ramp=assumed.ramp)
    of = plan.say(f"average.{assumed.average}")
    if assumed.outcome == "stock":
        return plan.say("note.stock", turnover=_share(plan, assumed.turnover), of=of, ramp=whole)
    told = points(extra["average"], plan.language) if "average" in extra else ""
    key = "note.average" if told else "note.average_unknown"
    return plan.say(key, of=of, ramp=whole, average=told)


def _not_told(plan: Plan) -> list[str]:
    """Waves and periods whose effect cannot be told, and waves that are small."""
    timing, found = plan.timing, []
    adopting = [int(start) for start in np.unique(timing.starts) if start < timing.periods]
    told = {start for start, _ in timing.cells}
    lost = [plan.periods[start] for start in adopting if start not in told]
    if lost:
        found.append(plan.say("note.wave_not_told", waves=listed(lost, plan.language)))
    last = int(timing.starts.max())
    empty = [plan.periods[time] for time in range(last, timing.periods)]
    if empty:
        found.append(plan.say("note.period_not_told", periods=listed(empty, plan.language)))
    small = [plan.periods[start] for start in adopting if (timing.starts == start).sum() < FEW]
    if small:
        found.append(plan.say("note.small_waves", limit=FEW, waves=listed(small, plan.language)))
    return found


def _alarms(plan: Plan, assumed: Assumptions, extra: Mapping[str, float]) -> str:
    key = "alarms_many" if extra["false_alarms"] > max(_TOO_MANY, 1.6 * assumed.significance) else "alarms"
    told = {"alarms": _share(plan, extra["false_alarms"]), "meant": _share(plan, assumed.significance)}
    return plan.say(f"note.{key}", **told)


def _order(plan: Plan, assumed: Assumptions, extra: Mapping[str, float]) -> str:
    told = {
        "trend": points(assumed.trend, plan.language),
        "led": _share(plan, extra["false_alarms_led"]),
        "lot": _share(plan, extra["false_alarms_lot"]),
    }
    return plan.say("note.order_by_lot" if plan.order.by_lot else "note.order_settled", **told)


def _waiting(plan: Plan, assumed: Assumptions, extra: Mapping[str, float]) -> list[str]:
    if "waiting" not in extra:
        return []
    told = {"mde": points(extra["mde"], plan.language), "power": _share(plan, extra["waiting"])}
    return [plan.say("note.waiting", goal=_share(plan, assumed.goal), **told)]


def _baseline(plan: Plan, assumed: Assumptions) -> list[str]:
    known = plan.baseline
    told = {
        "units": len(known.units),
        "periods": f"{known.periods[0]}" if len(known.periods) == 1 else f"{known.periods[0]}-{known.periods[-1]}",
        "cases": number(float(np.median(known.bases)), 0, plan.language),
        "share": percent(known.mean, 1, plan.language),
        "between": points(known.between, plan.language),
        "noise": points(known.noise, plan.language),
    }
    found = [plan.say("note.baseline", **told)]
    if known.times > 1:
        found.append(plan.say("note.multiplied", times=known.times))
    if known.left_out:
        found.append(
            plan.say("note.left_out", units=len(known.left_out), names=listed(known.left_out[:6], plan.language))
        )
    return found
