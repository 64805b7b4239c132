"""One place and the order drawn again: what is refused, what is told, and that a lot makes the test exact."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import joblib
import numpy as np
import pandas as pd
import pytest

from evaltools.estimate import rollout
from evaltools.estimate.rollout import RolloutPanel
from refused import code_of

YEARS = pd.DataFrame(
    {"period": range(2001, 2013), "count": [20, 22, 21, 25, 23, 26, 15, 14, 17, 15, 16, 14], "base": 900}
)
QUARTERS = [f"{2010 + place // 4}-Q{place % 4 + 1}" for place in range(12)]


def units(count: int = 12, *, effect: float = 0.0, seed: int = 1, treated: int = 6) -> RolloutPanel:
    chance = np.random.default_rng(seed)
    values = chance.normal(size=(count, 6)) + chance.normal(size=(count, 1))
    values[:treated, 3:] += effect
    rows = pd.DataFrame(
        {
            "unit": np.repeat([f"u{place:02d}" for place in range(count)], 6),
            "period": np.tile(np.arange(2011, 2017), count),
            "y": values.ravel(),
            "first": np.repeat([2014] * treated + [0] * (count - treated), 6),
        }
    )
    return rollout.panel(rows, first="first")


def test_rows_in_another_order_and_quarters_give_the_same_series() -> None:
    named = YEARS.assign(period=QUARTERS)
    plain = rollout.interrupted_series(rollout.series(YEARS, start=2007))
    other = rollout.interrupted_series(rollout.series(named.sample(frac=1, random_state=3), start="2011-Q3"))
    assert plain.frame["estimate"].tolist() == other.frame["estimate"].tolist()
    assert other.source.question == "Før og fra 2011-Q3"
    assert plain.row(term="level_ratio").estimate == pytest.approx(np.exp(plain.row(term="level").estimate))


def test_without_comparison_no_word_says_why() -> None:
    for language in ("da", "en"):
        found = rollout.interrupted_series(rollout.series(YEARS, start=2007, language=language))
        assert any(("ikke hvorfor" in note) or ("not why" in note) for note in found.notes)


SERIES = rollout.series(YEARS, start=2007, base="base")


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: rollout.series(YEARS, start=2007, count="counts"), "NO_SUCH_VARIABLE"),
        (lambda: rollout.series(YEARS.assign(count="few"), start=2007), "NOT_A_NUMBER"),
        (lambda: rollout.series(YEARS.assign(count=0.4), start=2007), "COUNT_NOT_WHOLE"),
        (lambda: rollout.series(YEARS.assign(base=0), start=2007, base="base"), "BASE_NOT_POSITIVE"),
        (lambda: rollout.series(pd.concat([YEARS, YEARS[:1]]), start=2007), "TWICE_IN_A_PERIOD"),
        (lambda: rollout.series(YEARS, start=2002), "SERIES_TOO_SHORT"),
        (lambda: rollout.interrupted_series(SERIES, season=2), "SERIES_NOT_SEPARABLE"),
        (lambda: rollout.interrupted_series(rollout.series(YEARS[:9], start=2005), season=4), "SERIES_TOO_SHORT"),
        (lambda: rollout.interrupted_series(SERIES, errors="ols"), "NO_SUCH_RULE"),  # type: ignore[arg-type]
        (lambda: rollout.interrupted_series(SERIES, level=95), "LEVEL_NOT_A_SHARE"),
        (
            lambda: rollout.interrupted_series(
                rollout.series(YEARS.assign(count=[5] * 6 + [0] * 6), start=2007), change="level"
            ),
            "NOT_CONVERGED",
        ),
        (lambda: rollout.synthetic_control(units(), "y"), "NOT_ONE_ADOPTER"),
        (lambda: rollout.synthetic_control(units(2, treated=1), "y"), "TOO_FEW_DONORS"),
        (lambda: rollout.randomisation_test(units(6), rollout.AverageEffect("y")), "NOTHING_TO_DRAW_AGAIN"),
        (lambda: rollout.randomisation_test(units(), not_a_number), "STATISTIC_NOT_A_NUMBER"),
        (lambda: rollout.randomisation_test(units(), rollout.AverageEffect("y"), draws=0), "REPLICATIONS_NOT_POSITIVE"),
        (lambda: rollout.AverageEffect("y", "twfe"), "NO_SUCH_RULE"),  # type: ignore[arg-type]
    ],
)
def test_what_makes_no_sense_is_refused_with_a_remedy(call: Callable[[], object], code: str) -> None:
    assert code_of(call) == code


def mixed(**columns: Any) -> RolloutPanel:
    """Seven units whose outcome follows two known things, and an eighth that is 0.4 of one and 0.6 of another."""
    chance = np.random.default_rng(8)
    wealth, youth = chance.normal(size=(2, 7))
    parts = np.array([0.4, 0.6, 0, 0, 0, 0, 0])
    wealth, youth = np.append(wealth, parts @ wealth), np.append(youth, parts @ youth)
    rise = np.arange(8)
    y = wealth[:, None] * rise + youth[:, None] * rise**1.5
    y[7, 6:] += 3.0
    frame = pd.DataFrame({"unit": np.repeat(list("abcdefgh"), 8), "period": np.tile(range(2011, 2019), 8)})
    known = {"y": y.ravel(), "wealth": np.repeat(wealth, 8), "youth": np.repeat(youth, 8), **columns}
    return rollout.panel(frame.assign(first=np.where(frame["unit"] == "h", 2017, 0), same=1, **known), first="first")


def test_a_mixture_that_meets_what_the_outcome_follows_finds_the_effect() -> None:
    predictors = [("wealth", 2011, 2016), ("youth", "2012", "2014")]
    found = rollout.synthetic_control(mixed(), "y", predictors=predictors)  # type: ignore[arg-type]  # years as numbers and as texts, as people type them
    weights = [weight for name, weight in found.extra.items() if name.startswith("weight_")]
    assert sum(weights) == pytest.approx(1.0)
    assert found.extra["squares_before"] == pytest.approx(0.0, abs=1e-3)
    assert found.row(period="mean").estimate == pytest.approx(3.0, abs=0.05)
    assert 'predictors=(("wealth", 2011, 2016), ("youth", "2012", "2014"))' in found.source.code


@pytest.mark.parametrize(
    ("predictor", "code"),
    [
        (("welth", 2011, 2016), "NO_SUCH_VARIABLE"),
        (("wealth", 2010, 2016), "NOT_A_PERIOD"),
        (("wealth", 2011, 2017), "PREDICTOR_AFTER_START"),
        (("wealth", 2014, 2012), "PREDICTOR_AFTER_START"),
        (("same", 2011, 2016), "PREDICTOR_EMPTY"),
        (("gap", 2011, 2016), "PREDICTOR_EMPTY"),
    ],
)
def test_a_predictor_that_tells_nothing_is_refused(predictor: Any, code: str) -> None:
    panel = mixed(gap=[np.nan, *range(63)])
    assert code_of(lambda: rollout.synthetic_control(panel, "y", predictors=[predictor])) == code


def not_a_number(panel: RolloutPanel) -> float:
    return float("nan") if len(panel.units) else 0.0


def difference(panel: RolloutPanel, *, column: str) -> float:
    """A statistic of the user's own."""
    last = panel.matrix(column)[:, -1]
    treated = panel.starts < panel.never
    return float(last[treated].mean() - last[~treated].mean())


def test_a_large_effect_is_rare_among_orders_and_none_is_not() -> None:
    effect = rollout.AverageEffect("y")
    seen = rollout.randomisation_test(units(effect=4.0), effect, draws=200)
    assert seen.p_value < 0.02
    assert seen.statistic == effect(units(effect=4.0))
    own = rollout.randomisation_test(units(effect=4.0), partial(difference, column="y"), draws=200)
    assert own.p_value < 0.02


def test_p_values_are_even_where_a_lot_decides() -> None:
    p = [
        rollout.randomisation_test(units(seed=each), rollout.AverageEffect("y"), draws=25).p_value for each in range(40)
    ]
    assert 0.35 < np.mean(np.array(p) <= 0.5) < 0.65
    assert np.mean(np.array(p) <= 0.05) < 0.15


def test_all_orders_of_a_small_panel_are_met_by_the_draws() -> None:
    # 4 of 8 begin: 70 orders, so that the share of draws at least as far must be near the share of orders
    small = units(8, effect=1.0, seed=4, treated=4)
    effect = rollout.AverageEffect("y")
    found = rollout.randomisation_test(small, effect, draws=1500)
    from_all = [abs(effect(rollout_with(small, chosen))) >= abs(found.statistic) - 1e-12 for chosen in choices(8, 4)]
    assert found.p_value == pytest.approx(np.mean(from_all), abs=0.04)


def choices(count: int, chosen: int) -> list[list[int]]:
    return [
        [place for place in range(count) if number >> place & 1]
        for number in range(2**count)
        if number.bit_count() == chosen
    ]


def rollout_with(panel: RolloutPanel, chosen: list[int]) -> RolloutPanel:
    frame = panel.frame.assign(first=np.repeat([2014 if place in chosen else 0 for place in range(8)], 6))
    return rollout.panel(frame, first="first")


def test_orders_drawn_in_threads_are_the_same() -> None:
    effect = rollout.AverageEffect("y", "group_time", "unit")
    alone = rollout.randomisation_test(units(), effect, draws=60)
    with joblib.parallel_config(backend="threading", n_jobs=2):
        assert rollout.randomisation_test(units(), effect, draws=60).p_value == alone.p_value
    assert alone.source.code == (
        'rollout.randomisation_test(rollout.panel(frame, first="first"), '
        'rollout.AverageEffect("y", estimator="group_time"), draws=60)'
    )
