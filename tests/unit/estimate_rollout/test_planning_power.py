"""What a plan can show: held to formulas where they exist, the same wherever it runs, and told in words."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import joblib
import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from evaltools.errors import DesignError
from evaltools.estimate import result as made
from evaltools.estimate import rollout
from evaltools.estimate.rollout.planning.arithmetic import Timing, group_time, imputation
from evaltools.estimate.rollout.planning.power import world_of
from evaltools.estimate.rollout.planning.simulating import found
from evaltools.memo.expressions import evaluate_code
from evaltools.notebook import verbs
from evaltools.store.model import Snapshot
from planned_rollouts import long, plain, rows
from refused import code_of

WAVES = {2015: 24, 2016: 25, 2017: 24, 2018: 25}


def smallest(frame: pd.DataFrame, **more: Any) -> float:
    assumed = rollout.Assumed(ramp=2, **more)
    return rollout.power(rollout.baseline(frame), rollout.order_by_lot(WAVES), assumed, replications=250).extra["mde"]


def test_twice_the_placements_make_the_smallest_effect_fall() -> None:
    frame = rows()
    once, doubled = smallest(frame), smallest(frame.assign(count=2 * frame["count"], base=2 * frame["base"]))
    assert doubled < 0.92 * once
    assert smallest(frame, growth=2) == pytest.approx(doubled, rel=0.08)


def seen(baseline: rollout.Baseline, order: rollout.Order, assumed: rollout.Assumed) -> float:
    """The power at the one effect of `assumed`, without what else `power` tells."""
    world, _ = world_of(baseline, order, assumed)
    made = found(replace(world, effects=assumed.effects), 2000, 7)
    return float(made.rejected(assumed.significance)[0]) / 2000


@pytest.mark.parametrize("effect", [0.0, 0.02, 0.03])
def test_one_wave_against_others_has_the_power_of_the_formula(effect: float) -> None:
    # imputation with one wave, half of all, is a difference of differences of means: its variance is known
    units, cases, share, noise, before, after = 80, 60, 0.1, 0.02, 3, 2
    baseline = plain(units, before, cases, share, noise=noise)
    order = rollout.order_by_lot({2015: units // 2}, until=2016)
    assumed = rollout.Assumed(effects=(effect,), average="unit")
    power = seen(baseline, order, assumed)
    own = share * (1 - share) / cases + noise**2
    error = math.sqrt(own * (1 / before + 1 / after) * (4 / units))
    formula = norm.cdf(effect / error - 1.959964) + norm.cdf(-effect / error - 1.959964)
    assert power == pytest.approx(formula, abs=0.03)


def test_two_shares_have_the_power_of_the_formula_by_simulation_too() -> None:
    chance = np.random.default_rng(14)
    earlier, later = chance.binomial(57, 0.14, 20_000) / 57, chance.binomial(57, 0.22, 20_000) / 57
    middle = (earlier + later) / 2
    rejected = np.abs(later - earlier) > 1.959964 * np.sqrt(2 * middle * (1 - middle) / 57)
    assert rollout.two_proportion_power(0.14, 0.22, 57).rows[0].estimate == pytest.approx(rejected.mean(), abs=0.03)


def test_a_wedge_that_keeps_units_apart_has_the_power_of_the_formula() -> None:
    # with clusters as far apart as can be the formula compares within clusters only, as one wave's imputation does
    wedge = rollout.Wedge((40, 40), cases=60, between=5.0, period_between=0.02)
    baseline = plain(80, 1, 60, 0.1, noise=0.02)
    order = rollout.order_by_lot({2015: 40, 2016: 40})
    assumed = rollout.Assumed(effects=(0.03,), average="unit")
    power = seen(baseline, order, assumed)
    # the last wave cannot be told by imputation, and the formula's common effect makes little of it
    assert power == pytest.approx(rollout.stepped_wedge_power(wedge, 0.1, 0.13).rows[0].estimate, abs=0.12)
    assert power <= rollout.stepped_wedge_power(wedge, 0.1, 0.13).rows[0].estimate + 0.03


def test_sequential_threads_and_processes_give_the_same_power_to_the_last_bit() -> None:
    def told() -> tuple[list[float], dict[str, float]]:
        result = rollout.power(
            rollout.baseline(rows(40)), rollout.order_by_lot({2015: 20}, until=2016), replications=50
        )
        return result.frame["estimate"].tolist(), dict(result.extra)

    alone = told()
    for backend in ("threading", "loky"):
        with joblib.parallel_config(backend=backend, n_jobs=2):
            assert told() == alone


def test_the_smallest_effect_lies_where_the_rows_pass_the_goal_and_progress_ends_at_the_whole() -> None:
    told: list[tuple[int, int]] = []
    result = rollout.power(
        rollout.baseline(rows()),
        rollout.order_by_lot(WAVES),
        replications=100,
        progress=lambda *each: told.append(each),
    )
    powers = {float(row.coordinate("effect")): row.estimate for row in result.rows}
    assert max(effect for effect, power in powers.items() if power < 0.8) < result.extra["mde"] * 1.35
    assert min(effect for effect, power in powers.items() if power > 0.8) > result.extra["mde"] * 0.75
    assert result.rows[0].estimate == result.extra["false_alarms"]
    assert told[-1][0] == told[-1][1] == 500
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_an_order_that_follows_the_trend_alarms_falsely_and_a_lot_does_not() -> None:
    order = rollout.order_by_unit({str(101 + place): 2015 + place // 25 for place in range(75)})
    extra = rollout.power(rollout.baseline(rows()), order, rollout.Assumed(trend=0.004), replications=400).extra
    assert extra["false_alarms_led"] > 0.3
    assert extra["false_alarms_lot"] < 0.15


def test_the_statement_says_what_is_seen_and_what_is_not_in_both_languages() -> None:
    for language, said in (
        ("da", ("Med planen ses en ændring på", "Rækkefølgen er fastlagt", "ændringen for dem, der begynder i 2018")),
        ("en", ("The plan shows a change of", "The order is settled", "the change for those that begin in 2018")),
    ):
        baseline = rollout.baseline(rows(), language=language)  # type: ignore[arg-type]
        order = rollout.order_by_unit({str(101 + place): 2015 + place // 25 for place in range(98)})
        notes = " ".join(rollout.power(baseline, order, replications=50).notes)
        assert all(each in notes for each in said)
        assert "nan" not in notes.casefold()


def test_a_lot_is_told_as_one_and_small_waves_and_left_out_units_are_named() -> None:
    frame = rows()
    frame.loc[frame["unit"] == "150", ["count", "base"]] = 0
    order = rollout.order_by_lot({2015: 3, 2016: 40}, until=2017)
    result = rollout.power(rollout.baseline(frame, language="en"), order, replications=50)
    notes = " ".join(result.notes)
    assert "The order is drawn by lot" in notes
    assert "Fewer than 5 units begin in 2015" in notes
    assert "1 units are left out because they have a period without cases: 150" in notes


def test_the_stock_shows_less_than_new_cases_and_later() -> None:
    frame = rows(cases=75)
    result = rollout.stock_against_flow(
        rollout.baseline(frame), rollout.order_by_lot(WAVES), 0.03, rollout.Assumed(turnover=0.15), replications=200
    )
    flow, stock = result.row(measured="flow"), result.row(measured="stock")
    assert flow.estimate == pytest.approx(0.03, abs=0.004)
    assert 0.003 < stock.estimate < 0.015
    assert result.extra["power_stock"] < result.extra["power_flow"] or stock.estimate < flow.estimate / 2


def design(units: int, never: bool) -> tuple[Timing, np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    chance = np.random.default_rng(units)
    quarter = units // 4
    last = 8 if never else 7
    starts = np.repeat([4, 5, 6, last], [quarter, quarter, quarter, units - 3 * quarter])
    values = chance.normal(size=(1, units, 8)).cumsum(axis=2) * 0.3 + chance.normal(size=(1, units, 1))
    return Timing(starts, 8), values, chance.lognormal(size=(1, units))


@pytest.mark.parametrize("never", [True, False])
@pytest.mark.parametrize("average", ["unit", "size"])
def test_the_arithmetic_is_that_of_the_estimators_of_the_room(never: bool, average: Any) -> None:
    timing, values, sizes = design(41, never)
    weights = sizes if average == "size" else np.ones_like(sizes)
    panel = rollout.panel(long(timing, values, sizes), first="first", size="size")
    effects = rollout.group_time_effects(panel, "value", average=average)
    theirs = rollout.aggregate(effects, "simple").rows[0]
    (ours,), (error,), (df,) = group_time(values, weights, timing)
    assert theirs.df == (None if average == "unit" else pytest.approx(df))
    assert (ours, error) == (pytest.approx(theirs.estimate, abs=1e-10), pytest.approx(theirs.se, abs=1e-10))
    imputed = rollout.imputation(panel, "value", average=average).row(event="all")
    (ours,), (error,), (df,) = imputation(values, weights, timing)
    assert (ours, error) == (pytest.approx(imputed.estimate, abs=1e-10), pytest.approx(imputed.se, abs=1e-10))
    assert imputed.df == (None if average == "unit" else pytest.approx(df))


def test_weighted_errors_of_imputation_are_those_of_the_formula_with_all_columns_written_out() -> None:
    # Borusyak, Jaravel and Spiess (2024), equations 6 to 8, by least squares with a dummy for each unit and period
    timing, values, weights = design(24, True)
    units, periods = values.shape[1:]
    unit, period = (each.ravel() for each in np.indices((units, periods)))
    dummies = np.column_stack(
        [unit == place for place in range(units)] + [period == place for place in range(1, periods)]
    )
    dummies = dummies.astype(float)
    free, told = (period < timing.starts[unit]), timing.told.ravel()
    weight = weights[0, unit]
    root = np.sqrt(weight[free])
    solver = np.linalg.pinv(root[:, None] * dummies[free]) * root
    target = np.where(told, weight, 0.0) / weight[told].sum()
    per_value = target.copy()
    per_value[free] -= target[told] @ dummies[told] @ solver
    left = values.ravel() - dummies @ (solver @ values.ravel()[free])
    for start, time in timing.cells:
        cell = told & (timing.starts[unit] == start) & (period == time)
        rest = np.eye(cell.sum()) - per_value[cell] ** 2 / (per_value[cell] ** 2).sum()
        left[cell] = rest @ left[cell] / np.sqrt(np.diag(rest @ rest.T))  # HC2: what the mean leaves of a residual
    for time in range(periods):
        cell = free & (period == time)
        rest = np.eye(cell.sum()) - weight[cell] / weight[cell].sum()
        left[cell] /= np.sqrt(np.diag(rest @ rest.T))
    error = math.sqrt((np.bincount(unit, per_value * left * (free | told)) ** 2).sum())
    (ours,), (own,), _ = imputation(values, weights, timing)
    assert (ours, own) == (pytest.approx(per_value @ values.ravel()), pytest.approx(error))


def test_panels_that_are_estimated_together_are_those_estimated_alone() -> None:
    timing, values, weights = design(40, True)
    several = np.concatenate([values, values[:, ::-1], values * 2])
    for estimate in (group_time, imputation):
        together = estimate(several, np.repeat(weights, 3, axis=0), timing)
        for place in range(3):
            assert estimate(several[[place]], weights, timing)[0][0] == pytest.approx(together[0][place], rel=1e-12)


def test_a_memo_simulates_a_plan_again_from_its_recorded_code() -> None:
    frame, told = rollout.example_rollout(), rollout.About(code="rollout.example_rollout()")
    panel = rollout.panel(frame, unit="municipality", period="year", first="first", about=told)
    before = rollout.baseline(panel, count="new_network", base="new")
    early = frame[frame["year"] < 2015].rename(columns={"municipality": "unit", "year": "period"})
    alike = rollout.baseline(early, count="new_network", base="new")
    assert (before.units, before.periods, before.noise) == (alike.units, alike.periods, alike.noise)
    adopter = int(np.flatnonzero(panel.starts == 4)[0])
    one = panel.of_units((panel.starts == panel.never) | (np.arange(98) == adopter))
    results: list[Any] = [
        rollout.power(before, rollout.order_by_lot({2015: 30}), replications=25, seed=4),
        rollout.stock_against_flow(
            before, rollout.order_by_lot({2015: 30}), 0.03, rollout.Assumed(turnover=0.2), replications=25
        ),
        rollout.randomisation_test(panel, rollout.AverageEffect(("new_network", "new")), draws=20),
    ]
    known = verbs.recorded_verbs(Snapshot.__new__(Snapshot), {})
    for result in results:
        again: Any = evaluate_code(result.source.code, known, {})
        if isinstance(result, made.Test):
            assert (again.statistic, again.p_value) == (result.statistic, result.p_value)
        else:
            assert (again.rows, again.extra) == (result.rows, result.extra)
    assert "rollout.synthetic_control" in known
    assert rollout.synthetic_control(one, ("new_network", "new")).source.code.startswith("rollout.synthetic_control(")


FRAME = rows(12)
BASELINE = rollout.baseline(FRAME)
ORDER = rollout.order_by_lot({2015: 6})


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: rollout.baseline(FRAME, count="counts"), "NO_SUCH_VARIABLE"),
        (lambda: rollout.baseline(FRAME[:0]), "NO_ROWS"),
        (lambda: rollout.baseline(FRAME.assign(base="many")), "NOT_A_NUMBER"),
        (lambda: rollout.baseline(FRAME.assign(count=0.08)), "COUNT_NOT_WHOLE"),
        (lambda: rollout.baseline(FRAME.assign(count=FRAME["base"] + 1)), "COUNT_ABOVE_BASE"),
        (lambda: rollout.baseline(pd.concat([FRAME, FRAME[:1]])), "TWICE_IN_A_PERIOD"),
        (lambda: rollout.baseline(FRAME[1:]), "INCOMPLETE_BASELINE"),
        (lambda: rollout.baseline(FRAME.assign(base=0, count=0)), "NO_UNITS_LEFT"),
        (lambda: rollout.baseline(FRAME.assign(count=0)), "NOTHING_COUNTED"),
        (lambda: rollout.baseline(rows(12, 1)), "BASELINE_TOO_SHORT"),
        (lambda: rollout.baseline(FRAME, noise=-0.1), "DEVIATION_NEGATIVE"),
        (lambda: rollout.order_by_lot({}), "NO_ADOPTERS"),
        (lambda: rollout.order_by_lot({2015: 0}), "NOT_A_WHOLE_NUMBER"),
        (lambda: rollout.order_by_unit({"101": None}), "NO_ADOPTERS"),
        (lambda: rollout.power(BASELINE, rollout.order_by_lot({2014: 6})), "ADOPTION_IN_BASELINE"),
        (lambda: rollout.power(BASELINE, rollout.order_by_lot({2015: 99})), "MORE_THAN_THERE_ARE"),
        (lambda: rollout.power(BASELINE, rollout.order_by_unit({"Aarhus": 2015})), "NO_SUCH_UNIT"),
        (lambda: rollout.power(BASELINE, rollout.order_by_lot({2015: 12})), "NOTHING_IDENTIFIED"),
        (lambda: rollout.power(BASELINE, ORDER, replications=0), "REPLICATIONS_NOT_POSITIVE"),
        (lambda: rollout.Assumed(ramp=0), "NOT_A_WHOLE_NUMBER"),
        (lambda: rollout.Assumed(estimator="twfe"), "NO_SUCH_RULE"),  # type: ignore[arg-type]
        (lambda: rollout.Assumed(effects=(2.0,)), "EFFECT_NOT_A_SHARE"),
        (lambda: rollout.Assumed(effects=(float("nan"),)), "EFFECT_NOT_A_SHARE"),
        (lambda: rollout.Assumed(turnover=0), "TURNOVER_IMPOSSIBLE"),
        (lambda: rollout.Assumed(growth=0), "ASSUMED_IMPOSSIBLE"),
        (lambda: rollout.Assumed(goal=80), "NOT_BETWEEN_ZERO_AND_ONE"),
        (lambda: rollout.stock_against_flow(BASELINE, ORDER, 0.03), "STOCK_ALL_NEW"),
        (lambda: rollout.stock_against_flow(BASELINE, ORDER, 0, rollout.Assumed(turnover=0.1)), "NO_CHANGE"),
        (lambda: rollout.Wedge((6,), cases=100, between=0.01), "TOO_FEW_WAVES"),
        (lambda: rollout.Wedge((6, 6), cases=0, between=0.01), "NOT_A_WHOLE_NUMBER"),
        (lambda: rollout.two_proportion_power(14, 22, 57), "NOT_BETWEEN_ZERO_AND_ONE"),
        (lambda: rollout.two_proportion_size(0.2, 0.2), "NO_CHANGE"),
        (
            lambda: rollout.stepped_wedge_change(rollout.Wedge((1, 1), cases=1, between=0.4), 0.9),
            "NOTHING_LARGE_ENOUGH",
        ),
        (lambda: rollout.pool_numbers([0.1], [0.1]), "TOO_FEW_PROJECTS"),
        (lambda: rollout.pool_numbers([0.1, 0.2], [0.1]), "LENGTHS_DIFFER"),
        (lambda: rollout.pool_numbers([0.1, 0.2], [0.1, 0.0]), "STANDARD_ERROR_NOT_POSITIVE"),
        (lambda: rollout.pool_numbers([0.1, float("nan")], [0.1, 0.1]), "STANDARD_ERROR_NOT_POSITIVE"),
        (lambda: rollout.pool_numbers([0.1, 0.2], [0.1, 0.1], between="ml"), "NO_SUCH_RULE"),  # type: ignore[arg-type]
        (lambda: rollout.pool_numbers([0.1, 0.2], [0.1, 0.1], level=95), "LEVEL_NOT_A_SHARE"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_remedy(call: Callable[[], object], code: str) -> None:
    assert code_of(call) == code


def test_a_message_names_the_users_own_unit_and_period() -> None:
    with pytest.raises(DesignError, match=r"101 has no row in 2011\. Give each unit a row in every period"):
        rollout.baseline(FRAME[1:])


def test_quarters_and_months_go_on_after_the_baseline() -> None:
    quarters = FRAME.assign(
        period=FRAME["period"].map({2011: "2014-Q1", 2012: "2014-Q2", 2013: "2014-Q3", 2014: "2014-Q4"})
    )
    order = rollout.order_by_lot({"2015-Q2": 6}, until="2015-Q3")
    result = rollout.power(rollout.baseline(quarters), order, rollout.Assumed(effects=(0.1,)), replications=25)
    assert result.rows[0].n == 25
    assert result.source.code.startswith('rollout.power(rollout.baseline(frame), rollout.order_by_lot({"2015-Q2": 6}')
