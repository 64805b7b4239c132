"""Monitoring charts against R: qicharts2 where its values lie beside the project, base R and hand formulas everywhere."""

from __future__ import annotations

import math
import subprocess
from itertools import pairwise
from shutil import which

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom, nbinom

from evaltools.estimate import Curve
from evaltools.estimate.monitor import (
    Counts,
    counts,
    counts_between,
    funnel,
    funnel_limits,
    g_chart,
    p_chart,
    p_prime_chart,
    run_chart,
    u_chart,
)

FOUND = [266, 301, 198, 240, 255, 310, 221, 260, 240, 205, 233, 290, 246, 201]
NEW = [2804, 2768, 2016, 2361, 2423, 2858, 2338, 2652, 2444, 2225, 2296, 2839, 2466, 2180]
TOWNS = {"a": (8, 57), "b": (41, 291), "c": (30, 90), "d": (2, 12), "e": (22, 98), "f": (9, 140), "g": (60, 310)}


def quarterly() -> Counts:
    quarters = [f"{2015 + place // 4}-Q{place % 4 + 1}" for place in range(len(NEW))]
    table = pd.DataFrame({"quarter": quarters, "found": FOUND, "new": NEW})
    return counts(table, at="quarter", count="found", base="new")


def towns() -> Counts:
    table = pd.DataFrame([(name, *pair) for name, pair in TOWNS.items()], columns=["town", "found", "new"])
    return counts(table, at="town", count="found", base="new")


def placements() -> Counts:
    days = pd.date_range("2014-01-01", periods=200, freq="9D").strftime("%Y-%m-%d")
    broke = [place in (11, 60, 61, 97, 140, 177) for place in range(200)]
    return counts_between(pd.DataFrame({"day": days, "broke": broke}), date="day", event="broke")


def test_the_p_chart_is_the_hand_formula() -> None:
    centre = sum(FOUND) / sum(NEW)
    for point, n in zip(p_chart(quarterly()).points, NEW, strict=True):
        half = 3 * math.sqrt(centre * (1 - centre) / n)
        assert point.centre == pytest.approx(centre, abs=1e-14)
        assert (point.low, point.high) == pytest.approx((centre - half, centre + half), abs=1e-14)


def test_the_p_prime_chart_is_the_hand_formula_of_laney() -> None:
    # Laney (2002): sigma_z is the mean moving range of the z-values over 1.128.
    centre = sum(FOUND) / sum(NEW)
    errors = [math.sqrt(centre * (1 - centre) / n) for n in NEW]
    z = [(r / n - centre) / error for r, n, error in zip(FOUND, NEW, errors, strict=True)]
    sigma = sum(abs(later - earlier) for earlier, later in pairwise(z)) / (len(z) - 1) / 1.128
    chart = p_prime_chart(quarterly())
    assert chart.extra["sigma_z"] == pytest.approx(sigma, abs=1e-12)
    for point, error in zip(chart.points, errors, strict=True):
        assert point.high == pytest.approx(centre + 3 * sigma * error, abs=1e-14)


def test_the_u_chart_is_the_hand_formula() -> None:
    years = pd.DataFrame({"year": [2014, 2015, 2016, 2017], "broke": [9, 6, 11, 4], "time": [101.5, 96.2, 120.4, 88.0]})
    chart = u_chart(counts(years, at="year", count="broke", base="time"), per=100)
    rate = 30 / (101.5 + 96.2 + 120.4 + 88.0)
    point = chart.point("2016")
    assert point.y == pytest.approx(100 * 11 / 120.4)
    assert point.high == pytest.approx(100 * (rate + 3 * math.sqrt(rate / 120.4)))
    assert point.low == pytest.approx(max(0.0, 100 * (rate - 3 * math.sqrt(rate / 120.4))))


def test_the_g_chart_has_quantiles_of_the_negative_binomial_distribution_of_scipy() -> None:
    chart = g_chart(placements())
    gaps = [point.y for point in chart.points]
    assert gaps == [11, 48, 0, 35, 42, 36]
    share = 6 / (6 + sum(gap or 0 for gap in gaps))
    first = chart.points[0]
    assert first.centre == nbinom.ppf(0.5, 1, share)
    assert (first.low, first.high) == (nbinom.ppf(0.00135, 1, share), nbinom.ppf(0.99865, 1, share))


@pytest.mark.parametrize(("share", "n"), [(0.14, 57), (0.14, 291), (0.03, 12), (0.5, 4), (0.9, 1000), (0.002, 40000)])
def test_funnel_limits_are_those_of_the_appendix_of_spiegelhalter_with_scipys_binomial(share: float, n: int) -> None:
    units = pd.DataFrame({"unit": ["a", "b"], "count": [0, n], "base": [n, n]})
    made = funnel(counts(units, at="unit", count="count", base="base"), target=share)

    def limit(chance: float) -> float:
        count = binom.ppf(chance, n, share)
        above = binom.cdf(count, n, share) - chance
        return float(np.clip((count - above / binom.pmf(count, n, share)) / n, 0, 1))

    wanted = [limit(chance) for chance in (0.001, 0.025, 0.975, 0.999)]
    assert funnel_limits(made, [n])[0] == pytest.approx(wanted, abs=1e-9)


def test_over_dispersion_is_the_hand_formula_of_spiegelhalter() -> None:
    theta = sum(r for r, _ in TOWNS.values()) / sum(n for _, n in TOWNS.values())
    variance = np.array([theta * (1 - theta) / n for _, n in TOWNS.values()])
    z = (np.array([r / n for r, n in TOWNS.values()]) - theta) / np.sqrt(variance)
    low, high = np.sort(z)[[0, 1]] @ [0.4, 0.6], np.sort(z)[[5, 6]] @ [0.6, 0.4]  # place 0.6 of 0..6, 5.4 of 0..6
    phi = float(np.mean(np.minimum(np.maximum(z, low), high) ** 2))
    weight = 1 / variance
    tau2 = (7 * phi - 6) / (weight.sum() - (weight**2).sum() / weight.sum())
    made = funnel(towns(), overdispersion="additive")
    assert made.extra["phi"] == pytest.approx(phi, abs=1e-12)
    assert made.extra["tau2"] == pytest.approx(tau2, abs=1e-12)
    plain = funnel(towns()).point("b").high
    wide = made.point("b").high
    assert plain is not None
    assert wide == pytest.approx(theta + (plain - theta) * math.sqrt(1 + tau2 / variance[1]), abs=1e-12)


def in_r(code: str) -> list[float]:
    """The numbers that R prints for the last value of some code, row by row."""
    program = which("Rscript")
    if program is None:
        pytest.skip("R is not found: install Debian's r-base-core")
    *before, last = code.replace("\n  ", " ").splitlines()
    quiet = [line for line in before if not line.startswith("cbind")]
    script = "\n".join([*quiet, f"cat(format(as.vector(t(as.matrix({last}))), digits = 15), sep = '\\n')"])
    done = subprocess.run([program, "-e", script], capture_output=True, text=True, check=True, timeout=60)
    return [float(line) for line in done.stdout.split()]


def lines_of(chart: Curve) -> list[float]:
    return [value or 0.0 for point in chart.points for value in (point.y, point.centre, point.low, point.high)]


@pytest.mark.parametrize("verb", [p_chart, p_prime_chart, u_chart])
def test_the_r_code_of_a_control_chart_gives_its_lines(verb: object) -> None:
    assert callable(verb)
    chart = verb(quarterly(), baseline="2016-Q4")
    assert in_r(chart.r_code()) == pytest.approx(lines_of(chart), abs=1e-12)


def test_the_r_code_of_a_g_chart_gives_its_lines() -> None:
    chart = g_chart(placements())
    assert in_r(chart.r_code()) == pytest.approx(lines_of(chart), abs=1e-12)


def test_the_r_code_of_a_run_chart_gives_its_runs() -> None:
    chart = run_chart(quarterly())
    names = ("longest_run", "longest_run_limit", "crossings", "crossings_limit")
    assert in_r(chart.r_code()) == [chart.extra[name] for name in names]


def test_the_r_code_of_a_funnel_gives_its_limits_and_its_over_dispersion() -> None:
    made = funnel(towns())
    code = made.r_code().splitlines()
    at = next(place for place, line in enumerate(code) if line.startswith("cbind"))
    wanted = [
        value or 0.0
        for point in made.points
        for value in (point.y, point.low, point.inner_low, point.inner_high, point.high)
    ]
    assert in_r("\n".join(code[: at + 1])) == pytest.approx(wanted, abs=1e-9)
    assert in_r("\n".join(code)) == pytest.approx([made.extra["phi"]], abs=1e-12)
