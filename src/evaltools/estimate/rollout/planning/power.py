"""What a rollout plan can show: power and the smallest effect seen, by simulation on the user's own baseline."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final, get_args

import numpy as np
from scipy.special import ndtri

from evaltools.errors import DesignError, Fault, near
from evaltools.estimate.arrays import Codes
from evaltools.estimate.calls import call
from evaltools.estimate.result import NO_R, Estimate, Row
from evaltools.estimate.rollout.planning.arithmetic import Estimator
from evaltools.estimate.rollout.planning.baseline import Baseline
from evaltools.estimate.rollout.planning.checking import check_inside, check_whole
from evaltools.estimate.rollout.planning.orders import Order, starts_of
from evaltools.estimate.rollout.planning.simulating import Average, Found, Outcome, World, found
from evaltools.estimate.rollout.planning.statement import Plan, label, plan_source, statement
from evaltools.estimate.spreading import Progress, check_replications
from evaltools.language import Language, texts

_PILOT: Final = 200
_MULTIPLES: Final = (0.0, 0.4, 0.7, 0.85, 1.0, 1.15, 1.4, 1.8)
"""Effects that are tried, as multiples of a first guess at the smallest one that is seen."""
_MOST_SHARE: Final = 1.0


@dataclass(frozen=True, slots=True)
class Assumed:
    """What is assumed of a rollout, and how it will be analysed.

    effects : whole effects to try, as shares (0.02 is 2 percentage points); none: chosen around the smallest one seen.
    ramp : periods until the effect is whole, the first one counting (2: half at first). outcome : `flow`, the share of
    new cases, or `stock`, of all cases. turnover : share of the stock that is new in each period (stock only).
    estimator : `imputation` or `group_time`. average : `size` (each case counts alike) or `unit` (each unit does).
    trend : standard deviation of units' own steady movement per period, as a share, for what an order that follows it
    would do. significance : of the two-sided test. goal : the power that is wanted. growth : cases per unit against
    the baseline (2: twice as many).
    """

    effects: tuple[float, ...] = ()
    ramp: int = 1
    outcome: Outcome = "flow"
    turnover: float = 1.0
    estimator: Estimator = "imputation"
    average: Average = "size"
    trend: float = 0.002
    significance: float = 0.05
    goal: float = 0.8
    growth: float = 1.0

    def __post_init__(self) -> None:
        check_whole("ramp", self.ramp, 1)
        for name, kinds in (("outcome", Outcome), ("estimator", Estimator), ("average", Average)):
            chosen, known = getattr(self, name), get_args(kinds)
            if chosen not in known:
                raise DesignError(Fault("NO_SUCH_RULE", name, f'there is no {name} "{chosen}"', near(chosen, known)))
        check_inside("significance", self.significance)
        check_inside("goal", self.goal)
        for effect in self.effects:
            if not abs(effect) <= _MOST_SHARE:
                remedy = f"Write {effect / 100:g} for {effect:g} percentage points."
                raise DesignError(Fault("EFFECT_NOT_A_SHARE", "effects", f"{effect:g} is no effect on a share", remedy))
        if not 0 < self.turnover <= 1:
            problem = f"a turnover of {self.turnover:g} is not above 0 and at most 1"
            raise DesignError(Fault("TURNOVER_IMPOSSIBLE", "turnover", problem, "Write 0.1 where a tenth is new."))
        if not (self.trend >= 0 and 0 < self.growth < math.inf):
            problem = f"a trend of {self.trend:g} and a growth of {self.growth:g} are impossible"
            raise DesignError(
                Fault("ASSUMED_IMPOSSIBLE", "assumed", problem, "Give a trend from 0 and a growth above 0.")
            )

    @property
    def critical(self) -> float:
        """How many standard errors from 0 count as seen."""
        return float(ndtri(1 - self.significance / 2))

    @property
    def code(self) -> str:
        """The expression that gives it again."""
        usual = {name: field.default for name, field in self.__dataclass_fields__.items()}
        said = {name: getattr(self, name) for name in usual if getattr(self, name) != usual[name]}
        return call("rollout.Assumed", "", said).replace("(, ", "(")


USUAL: Final = Assumed()


def power(
    baseline: Baseline,
    order: Order,
    assumed: Assumed = USUAL,
    *,
    replications: int = 2000,
    seed: int = 1,
    progress: Progress | None = None,
) -> Estimate:
    """How likely a rollout plan is to show an effect of each size, and the smallest effect that it shows.

    baseline : from `baseline`. order : from `order_by_lot` or `order_by_unit`. assumed : effects, ramp, analysis.
    replications : made-up rollouts for each question. seed : gives them again. progress : told how many are done.

    Returns a row for each effect: the share of replications in which the test sees it, with Wilson's interval for the
    number of replications; `n` is that number. `extra`: `goal`; `mde` and `mde_se`, the smallest whole effect seen
    with the power `goal` and the error of simulating it (where an effect that was tried reaches it); `average`, what
    the estimate is at that effect, on average; `sd` of the estimate without effect; `false_alarms` without effect, and
    `false_alarms_led`, `false_alarms_lot` where units move by themselves and those that rise fastest come first, or
    the order is drawn by lot; `waiting`, the power at `mde` where the last wave waits one period more. The notes say it
    in words.
    Raises `DesignError`: ADOPTION_IN_BASELINE, MORE_THAN_THERE_ARE, NO_SUCH_UNIT, NOTHING_IDENTIFIED,
    REPLICATIONS_NOT_POSITIVE, SPREADING_NOT_INSTALLED.
    Source: simulation; counts are binomial around each unit's own level, its noise drawn anew in each period (no
    memory between periods). Morris, White and Crowther (2019), Statistics in Medicine 38, on how to report it.

    >>> import pandas as pd
    >>> from evaltools.estimate.rollout import baseline, order_by_lot
    >>> rows = pd.DataFrame({"unit": [f"u{place}" for place in range(20)], "period": 2014, "count": 4, "base": 50})
    >>> plan = baseline(rows, noise=0.01), order_by_lot({2015: 10}, until=2016)
    >>> found = power(*plan, Assumed(effects=(0.0, 0.2)), replications=25)
    >>> [row.estimate for row in found.rows][-1]
    1.0
    """
    check_replications(replications)
    world, periods = world_of(baseline, order, assumed)
    steps = _Steps(replications, seed, progress)
    pilot = found(world, min(_PILOT, replications), seed)
    effects = assumed.effects or _around(pilot, assumed, world)
    main = steps.next(replace(world, effects=effects))
    rows = tuple(_row(effect, main, place, assumed, baseline.language) for place, effect in enumerate(effects))
    extra = {"goal": assumed.goal, **_smallest(main, effects, assumed)}
    extra |= _null(steps, world, assumed)
    if "mde" in extra:
        extra |= _waiting(steps, world, extra["mde"], assumed)
    plan = Plan(baseline, order, periods, world.timing)
    inner = f"{baseline.code}, {order.code}" + ("" if assumed == USUAL else f", {assumed.code}")
    told = {"replications": replications if replications != 2000 else None, "seed": seed if seed != 1 else None}
    source = plan_source(plan, call("rollout.power", inner, told))
    notes = statement(plan, assumed, extra, seed)
    r = f"{NO_R}it is a simulation of this plan"
    return Estimate("share", rows, source, notes, extra=extra, r=r)


@dataclass(slots=True)
class _Steps:
    """Simulations one after another, whose progress is told as one."""

    replications: int
    seed: int
    progress: Progress | None
    done: int = 0
    expected: int = 5

    def next(self, world: World) -> Found:
        """The replications of one more world."""
        started, told = self.done, self.progress

        def tell(done: int, count: int) -> None:
            if told is not None:
                told(started + done, self.expected * count)

        self.done += self.replications
        return found(world, self.replications, self.seed, tell)

    def skip(self) -> None:
        """One simulation less than expected."""
        self.expected -= 1


def world_of(baseline: Baseline, order: Order, assumed: Assumed) -> tuple[World, tuple[str, ...]]:
    """The rollout as it is simulated, without effect, and its periods. Raises `DesignError` NOTHING_IDENTIFIED."""
    starts, periods = starts_of(baseline, order)
    world = World(
        level=baseline.level,
        bases=_bases(baseline, len(periods), assumed),
        starts=starts,
        noise=baseline.noise,
        effects=(0.0,),
        by_lot=order.by_lot,
        ramp=assumed.ramp,
        outcome=assumed.outcome,
        turnover=assumed.turnover,
        estimator=assumed.estimator,
        average=assumed.average,
    )
    if not world.timing.cells:
        problem = "in every period with the method no unit is left without it"
        remedy = "Let some units wait one period more, or never adopt."
        raise DesignError(Fault("NOTHING_IDENTIFIED", "order", problem, remedy))
    return world, periods


def _bases(baseline: Baseline, periods: int, assumed: Assumed) -> Codes:
    """Cases by unit and period: those of the baseline, and their mean in all periods after it."""
    mean = baseline.bases.mean(axis=1)
    known = baseline.bases if assumed.outcome == "flow" else np.repeat(mean[:, None], len(baseline.periods), axis=1)
    after = np.repeat(mean[:, None], periods - len(baseline.periods), axis=1)
    return np.maximum(np.rint(np.column_stack([known, after]) * assumed.growth), 1).astype(np.int64)


def _around(pilot: Found, assumed: Assumed, world: World) -> tuple[float, ...]:
    """Effects around the smallest one that is seen, as far as a few replications tell."""
    whole = replace(world, effects=(0.01,))
    per_effect = float(found(whole, 25, 0).truths.mean()) / 0.01
    if world.outcome == "stock":
        per_effect *= min(1.0, assumed.turnover)
    guess = (assumed.critical + float(ndtri(assumed.goal))) * float(pilot.estimates.std()) / max(per_effect, 0.05)
    digits = 1 - math.floor(math.log10(guess)) if guess > 0 else 3
    return tuple(dict.fromkeys(round(min(multiple * guess, 0.9), digits) for multiple in _MULTIPLES))


def _row(effect: float, main: Found, place: int, assumed: Assumed, language: Language) -> Row:
    seen, count = int(main.rejected(assumed.significance)[place]), main.replications
    low, high = _wilson(seen, count)
    return Row(
        coordinates=(("effect", f"{effect:g}"),),
        labels=(label(effect, language),),
        estimate=seen / count,
        n=count,
        base=float(count),
        method=texts(language).say(f"planning.method.simulated_{assumed.estimator}"),
        low=low,
        high=high,
        count=seen,
    )


def _wilson(count: int, n: int) -> tuple[float, float]:
    z, share = float(ndtri(0.975)), count / n
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * math.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return (0.0 if count == 0 else centre - half, 1.0 if count == n else centre + half)


def _smallest(main: Found, effects: tuple[float, ...], assumed: Assumed) -> dict[str, float]:
    """Where the power passes the goal, along the normal scale between the effects around it."""
    seen, count = main.rejected(assumed.significance), main.replications
    shares = np.clip(seen / count, 0.5 / count, 1 - 0.5 / count)
    for before, after in zip(*(np.argsort(np.abs(effects))[part] for part in (slice(-1), slice(1, None))), strict=True):
        if shares[before] < assumed.goal <= shares[after]:
            low, high, goal = (float(ndtri(each)) for each in (shares[before], shares[after], assumed.goal))
            part = (goal - low) / (high - low)
            step = abs(effects[after]) - abs(effects[before])
            density = math.exp(-(goal**2) / 2) / math.sqrt(2 * math.pi)
            error = math.sqrt(assumed.goal * (1 - assumed.goal) / count) / density * step / (high - low)
            means = main.estimates.mean(axis=0)
            average = abs(float(means[before] + part * (means[after] - means[before])))
            return {"mde": abs(effects[before]) + part * step, "mde_se": error, "average": average}
    return {}


def _null(steps: _Steps, world: World, assumed: Assumed) -> dict[str, float]:
    """The estimate without any effect; and where units move by themselves, led by that movement or by lot."""
    plain = steps.next(replace(world, effects=(0.0,)))
    led = steps.next(replace(world, effects=(0.0,), trend=assumed.trend, led=True))
    lot = steps.next(replace(world, effects=(0.0,), trend=assumed.trend, by_lot=True))
    alarms = [float(each.rejected(assumed.significance)[0]) / steps.replications for each in (plain, led, lot)]
    names = ("false_alarms", "false_alarms_led", "false_alarms_lot")
    return {"sd": float(plain.estimates.std(ddof=1)), **dict(zip(names, alarms, strict=True))}


def _waiting(steps: _Steps, world: World, effect: float, assumed: Assumed) -> dict[str, float]:
    """The power at an effect where the last wave adopts one period later, within the same measured periods."""
    last = int(world.starts[world.starts < world.timing.periods].max())
    starts = np.where(world.starts == last, last + 1, world.starts)
    later = replace(world, starts=starts, effects=(effect,))
    if not later.timing.cells:
        steps.skip()
        return {}
    seen = steps.next(later).rejected(assumed.significance)[0]
    return {"waiting": float(seen) / steps.replications}
