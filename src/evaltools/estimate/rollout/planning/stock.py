"""Why new cases are measured and not the stock: the same change seen in both, by simulation."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from evaltools.errors import DesignError, Fault
from evaltools.estimate.calls import call
from evaltools.estimate.result import NO_R, Estimate, Row
from evaltools.estimate.rollout.planning.baseline import Baseline
from evaltools.estimate.rollout.planning.orders import Order
from evaltools.estimate.rollout.planning.power import USUAL, Assumed, world_of
from evaltools.estimate.rollout.planning.simulating import Found, Outcome, found
from evaltools.estimate.rollout.planning.statement import Plan, plan_source, points
from evaltools.estimate.spreading import Progress
from evaltools.language import percent

_OUTCOMES: Final[tuple[Outcome, ...]] = ("flow", "stock")


def stock_against_flow(
    baseline: Baseline,
    order: Order,
    effect: float,
    assumed: Assumed = USUAL,
    *,
    replications: int = 2000,
    seed: int = 1,
    progress: Progress | None = None,
) -> Estimate:
    """The same change among new cases, estimated from new cases and from the stock.

    baseline : counts of the stock, such as all children in care at the end of each quarter. effect : the whole change
    in the share among new cases, as a share (0.03). assumed : as in `power`; its `turnover` is the share of the stock
    that is new in each period. order, replications, seed, progress : as in `power`.

    Returns the rows `flow` and `stock`: the mean estimate, a difference between shares, with the standard deviation of
    estimates as `se`. `extra` has `power_flow`, `power_stock` and `effect`.
    Raises `DesignError`: EFFECT_NOT_A_SHARE, NO_CHANGE, STOCK_ALL_NEW, and those of `power`.
    Source: simulation, as in `power`. Whoever leaves the stock does so whatever the case is.

    >>> import pandas as pd
    >>> from evaltools.estimate.rollout import baseline, order_by_lot
    >>> rows = pd.DataFrame({"unit": [f"u{place}" for place in range(20)], "period": 2014, "count": 8, "base": 100})
    >>> plan = baseline(rows, noise=0.01), order_by_lot({2015: 10}, until=2016)
    >>> found = stock_against_flow(*plan, 0.1, Assumed(turnover=0.2), replications=25)
    >>> found.row(measured="stock").estimate < found.row(measured="flow").estimate / 2
    True
    """
    if assumed.turnover == 1:
        problem = "with a turnover of 1 the stock is new in every period, and there is nothing to compare"
        remedy = "Say which share is new in each period: Assumed(turnover=0.1)."
        raise DesignError(Fault("STOCK_ALL_NEW", "turnover", problem, remedy))
    if effect == 0:
        raise DesignError(Fault("NO_CHANGE", "effect", "the effect is 0", "Give the change that you hope to see."))
    here = replace(assumed, effects=(effect,))
    made: dict[Outcome, Found] = {}
    for place, outcome in enumerate(_OUTCOMES):
        growth = here.growth * (here.turnover if outcome == "flow" else 1.0)
        world, periods = world_of(baseline, order, replace(here, outcome=outcome, growth=growth))
        tell = _further(progress, place)
        made[outcome] = found(replace(world, effects=(effect,)), replications, seed, tell)
    plan = Plan(baseline, order, periods, world.timing)
    seen = {name: float(each.rejected(here.significance)[0]) / replications for name, each in made.items()}
    inner = f"{baseline.code}, {order.code}, {effect!r}" + ("" if assumed == USUAL else f", {assumed.code}")
    told = {"replications": replications if replications != 2000 else None, "seed": seed if seed != 1 else None}
    source = plan_source(plan, call("rollout.stock_against_flow", inner, told))
    language = baseline.language
    means = {name: float(each.estimates.mean()) for name, each in made.items()}
    words = {f"{name}_mean": points(round(mean, 4), language) for name, mean in means.items()}
    words |= {f"{name}_power": percent(each, 0, language) for name, each in seen.items()}
    shown = {"effect": points(effect, language), "turnover": percent(here.turnover, 0, language)}
    return Estimate(
        "difference",
        tuple(_row(plan, name, each) for name, each in made.items()),
        source,
        (plan.say("note.stock_against_flow", **shown, **words), plan.say("note.simulated", seed=seed)),
        extra={"effect": effect, "power_flow": seen["flow"], "power_stock": seen["stock"]},
        r=f"{NO_R}it is a simulation of this plan",
    )


def _further(progress: Progress | None, place: int) -> Progress | None:
    """The progress of one of several simulations as part of all."""
    if progress is None:
        return None
    return lambda done, count: progress(done + place * count, len(_OUTCOMES) * count)


def _row(plan: Plan, outcome: Outcome, made: Found) -> Row:
    return Row(
        coordinates=(("measured", outcome),),
        labels=(plan.say(f"label.{outcome}"),),
        estimate=float(made.estimates.mean()),
        n=made.replications,
        base=float(made.replications),
        method=plan.say("method.simulated_mean"),
        se=float(made.estimates.std(ddof=1)),
    )
