"""Small places: shares pulled towards the common level, and how much places differ beyond chance."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import betaln, comb, expit
from scipy.stats import beta

from evaltools.estimate import indicators
from evaltools.estimate.indicators import Rate
from refused import code_of
from unlike_rates import SHARE

COUNTS = [(1, 9), (4, 31), (12, 40), (0, 6), (20, 58), (3, 44), (15, 37), (2, 12), (9, 90), (7, 21)]
"""Made up: ten municipalities, their network placements of all placements."""


def places(counts: Sequence[tuple[int, int]] = COUNTS, when: str = "") -> list[Rate]:
    return [indicators.rate(SHARE, x, n, place=f"K{at}", when=when) for at, (x, n) in enumerate(counts)]


def two_years() -> list[Rate]:
    after = [(min(x + 1 + n // 15, n), n) for x, n in COUNTS]
    return [*places(when="2014"), *places(after, when="2018")]


def test_the_common_level_is_that_of_the_beta_binomial_with_the_greatest_likelihood() -> None:
    found = indicators.shrunken(places())
    a, b = found.extra["a"], found.extra["b"]
    count, n = (np.array(each) for each in zip(*COUNTS, strict=True))

    def lost(at: np.ndarray) -> float:
        first, second = np.exp(at)
        return -float((betaln(count + first, n - count + second) - betaln(first, second)).sum())

    best = minimize(lost, [0.0, 1.0], method="Nelder-Mead", options={"xatol": 1e-10, "fatol": 1e-13, "maxiter": 9000})
    assert lost(np.log([a, b])) <= best.fun + 1e-9
    assert (a, b) == pytest.approx(tuple(np.exp(best.x)), rel=1e-4)
    for row, (x, size) in zip(found.rows, COUNTS, strict=True):
        assert row.estimate == pytest.approx((a + x) / (a + b + size))
        assert (row.low, row.high) == pytest.approx(beta.ppf([0.025, 0.975], a + x, b + size - x))
        assert (row.count, row.n) == (x, size)


def test_small_places_are_pulled_most_and_the_words_say_how_far() -> None:
    found = indicators.shrunken(places())
    weight = found.extra["weight"]
    pulled = {row.n: weight / (weight + row.n) for row in found.rows}
    assert pulled[6] == max(pulled.values())
    assert pulled[90] == min(pulled.values())
    own = {row.n: abs(row.estimate - x / n) for row, (x, n) in zip(found.rows, COUNTS, strict=True)}
    assert own[6] > own[90]
    assert f"som om hvert sted havde {weight:.0f} tilfælde mere" in found.notes[0]
    assert found.notes[4].startswith("K3: 0")
    assert len(found.notes) == 1 + len(COUNTS)


def test_places_that_differ_by_chance_only_get_the_common_level() -> None:
    found = indicators.shrunken(places([(10, 100), (11, 100), (9, 100), (10, 100)]))
    assert {row.estimate for row in found.rows} == {0.1}
    assert (found.rows[0].low, found.rows[0].high) == pytest.approx(indicators.clopper_pearson(40, 400))
    assert found.notes == (
        "Andelene varierer ikke mere, end tilfældet alene giver. Derfor har alle steder fået det fælles niveau.",
    )
    nothing = indicators.shrunken(places([(0, 10), (0, 20), (0, 30)]))
    assert [row.estimate for row in nothing.rows] == [0, 0, 0]
    assert nothing.rows[0].high == pytest.approx(indicators.clopper_pearson(0, 60)[1])


def test_the_spread_between_places_has_the_greatest_likelihood_there_is() -> None:
    # the integral over the difference of each place, by quadrature; Laplace's approximation comes close to it
    found = indicators.variation(places())
    nodes, shares = np.polynomial.hermite_e.hermegauss(80)

    def whole(at: np.ndarray) -> float:
        chance = expit(at[0] + abs(at[1]) * nodes)
        each = [comb(n, x) * (chance**x * (1 - chance) ** (n - x)) @ shares for x, n in COUNTS]
        return -float(np.log(np.array(each) / math.sqrt(2 * math.pi)).sum())

    best = minimize(whole, [-1.5, 0.7], method="Nelder-Mead", options={"xatol": 1e-5, "fatol": 1e-7})
    assert found.rows[0].estimate == pytest.approx(best.x[0], abs=0.05)
    assert found.extra["sd"] == pytest.approx(best.x[1], abs=0.05)
    assert found.extra["log_likelihood"] == pytest.approx(-best.fun, abs=0.1)
    low, high = (expit(found.rows[0].estimate + side * found.extra["sd"]) for side in (-1, 1))
    assert f"mellem {100 * low:.0f}" in found.notes[0]
    assert f"og {100 * high:.0f}" in found.notes[0]


def test_a_later_time_is_held_against_the_first_within_places() -> None:
    found = indicators.variation(two_years())
    assert [row.coordinates for row in found.rows] == [(("when", "2014"),), (("when", "2018"),)]
    change = found.rows[1]
    assert change.se is not None
    assert change.low is not None
    assert change.estimate > change.low > 0
    assert change.estimate - change.low == pytest.approx(1.959964 * change.se, rel=1e-6)


def test_places_that_do_not_differ_have_no_spread_and_the_errors_of_a_plain_model() -> None:
    found = indicators.variation(places([(10, 100), (11, 100), (9, 100), (10, 100), (10, 100)]))
    assert found.extra["sd"] < 1e-3
    assert found.rows[0].estimate == pytest.approx(math.log(0.1 / 0.9), abs=1e-5)
    assert found.rows[0].se == pytest.approx(1 / math.sqrt(500 * 0.1 * 0.9), rel=1e-3)


def test_too_few_places_and_times_without_odds_are_refused() -> None:
    assert code_of(lambda: indicators.shrunken(places(COUNTS[:2]))) == "TOO_FEW_PLACES"
    assert code_of(lambda: indicators.variation(places(COUNTS[:4]))) == "TOO_FEW_PLACES"
    assert code_of(lambda: indicators.variation([indicators.rate(SHARE, 1, 9)] * 6)) == "NO_PLACES"
    assert code_of(lambda: indicators.variation(places([(0, 9)] * 6))) == "NOT_FITTED"
    assert code_of(lambda: indicators.shrunken(places(), level=95)) == "LEVEL_NOT_A_SHARE"
    assert code_of(lambda: indicators.variation(places(), level=0)) == "LEVEL_NOT_A_SHARE"
    assert code_of(lambda: indicators.shrunken(indicators.two_proportions(places()[1], places()[2]))) == "NOT_A_SHARE"
