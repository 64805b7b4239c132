"""How often monitoring charts signal where nothing but chance happens, and where something does. Seeded simulation."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import pytest

from evaltools.estimate import Curve
from evaltools.estimate.arrays import Floats
from evaltools.estimate.monitor import Counts, counts, funnel, p_chart, p_prime_chart, run_chart

SEED = 20181231
SHARE, BASE = 0.10, 80
MUNICIPALITIES = 98


def over_time(shares: Floats, base: int, rng: np.random.Generator) -> Counts:
    table = pd.DataFrame({"at": np.arange(len(shares)), "r": rng.binomial(base, shares), "n": base})
    return counts(table.assign(at=[f"no {place}" for place in table["at"]]), at="at", count="r", base="n")


def signals(
    make: Callable[[Counts], Curve], shares: Callable[[], Floats], base: int, times: int, rng: np.random.Generator
) -> float:
    """The share of made-up histories in which a chart signals anything."""
    return sum(bool(make(over_time(shares(), base, rng)).signals) for _ in range(times)) / times


def units(shares: Floats, sizes: Floats, rng: np.random.Generator) -> Counts:
    table = pd.DataFrame(
        {
            "unit": [f"no {place}" for place in range(len(sizes))],
            "r": rng.binomial(sizes.astype(int), shares),
            "n": sizes,
        }
    )
    return counts(table, at="unit", count="r", base="n")


def alarms(times: int, lengths: Sequence[int], countries: int) -> dict[str, float]:
    """The figures of the proof, by what they are the share of. countries : how many funnels."""
    rng = np.random.default_rng(SEED)
    found: dict[str, float] = {}
    for periods in lengths:
        level = np.full(periods, SHARE)
        half = np.where(np.arange(periods) < periods // 2, SHARE, 2 * SHARE)
        for shares, name in ((level, "chance"), (half, "doubled half way")):
            found[f"run chart, {periods} periods, {name}"] = signals(run_chart, shares.copy, BASE, times, rng)
    steady = np.full(24, SHARE)

    def restless() -> Floats:
        return np.clip(rng.normal(SHARE, 0.02, 24), 0.001, 1)

    found["p-chart, 24 periods, chance"] = signals(p_chart, lambda: steady, BASE, times, rng)
    found["p-chart, 24 periods of 3,000, sd 2 points between them"] = signals(p_chart, restless, 3000, times, rng)
    found["p'-chart, 24 periods of 3,000, sd 2 points between them"] = signals(
        p_prime_chart, restless, 3000, times, rng
    )
    return found | funnels(countries, rng)


def funnels(times: int, rng: np.random.Generator) -> dict[str, float]:
    """The share of municipalities outside the limits, by chance and where they differ by a standard deviation of 3 points."""
    sizes: Floats = np.clip(np.round(np.exp(rng.normal(np.log(75), 0.75, MUNICIPALITIES))), 5, None)
    same, apart = np.zeros((times, 2)), np.zeros((times, 3))
    for place in range(times):
        plain = funnel(units(np.full(MUNICIPALITIES, SHARE), sizes, rng)).extra
        same[place] = plain["beyond"] + plain["beyond_inner"], plain["beyond"]
        spread = units(np.clip(rng.normal(SHARE, 0.03, MUNICIPALITIES), 0.001, 1), sizes, rng)
        apart[place] = [
            funnel(spread, overdispersion=kind).extra["beyond"] for kind in ("none", "multiplicative", "additive")
        ]
    outside, far = same.mean(axis=0) / MUNICIPALITIES
    names = ("limits of chance", "phi", "tau2")
    return {"funnel, chance, outside 95 per cent": outside, "funnel, chance, outside 99.8 per cent": far} | {
        f"funnel, sd 3 points, outside 99.8 per cent, {name}": value
        for name, value in zip(names, apart.mean(axis=0) / MUNICIPALITIES, strict=True)
    }


def check(found: dict[str, float], slack: float) -> None:
    """What a reader of the charts relies on."""
    chance = [value for name, value in found.items() if name.startswith("run chart") and name.endswith("chance")]
    assert max(chance) < 0.10 + slack
    assert found["run chart, 24 periods, doubled half way"] > 0.75 - slack
    assert (
        found["p'-chart, 24 periods of 3,000, sd 2 points between them"]
        < found["p-chart, 24 periods of 3,000, sd 2 points between them"] - 0.2
    )
    assert abs(found["funnel, chance, outside 95 per cent"] - 0.05) < 0.01 + slack / 10
    assert found["funnel, chance, outside 99.8 per cent"] < 0.004 + slack / 10
    assert (
        found["funnel, sd 3 points, outside 99.8 per cent, tau2"]
        < found["funnel, sd 3 points, outside 99.8 per cent, limits of chance"]
    )


def test_charts_seldom_signal_by_chance_and_mostly_where_a_share_doubles() -> None:
    check(alarms(40, (24,), 8), slack=0.10)


@pytest.mark.proof
def test_alarms_of_every_chart() -> None:
    found = alarms(2000, (12, 24, 36), 2000)
    print("\n".join(f"{name:70} {value:.4f}" for name, value in found.items()))  # noqa: T201 the proof's figures
    check(found, slack=0.0)
