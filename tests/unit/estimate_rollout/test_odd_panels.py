"""Odd panels: one unit, nothing that moves, endless numbers. Each gives a right number or says why there is none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

import evaltools as ev
from evaltools.estimate.rollout import RolloutPanel
from refused import code_of

pytestmark = pytest.mark.filterwarnings("error")


def frame_of(cohorts: dict[int, int], never: int, *, seed: int = 1) -> pd.DataFrame:
    """Six years of as many units as are asked for in each cohort, and some that never adopt."""
    first = [year for year, units in cohorts.items() for _ in range(units)] + [0] * never
    rows = pd.DataFrame({"unit": np.repeat(np.arange(len(first)), 6), "period": np.tile(range(2011, 2017), len(first))})
    return rows.assign(first=np.repeat(first, 6), y=np.random.default_rng(seed).normal(size=len(rows)), size=3.0)


def panel_of(frame: pd.DataFrame) -> RolloutPanel:
    return ev.rollout.panel(frame, first="first", size="size", about=ev.rollout.About(language="en"))


EFFECTS: dict[str, Callable[[RolloutPanel], Any]] = {
    "simple": lambda panel: ev.rollout.aggregate(ev.rollout.group_time_effects(panel, "y")),
    "group": lambda panel: ev.rollout.aggregate(ev.rollout.group_time_effects(panel, "y"), "group"),
    "dynamic": lambda panel: ev.rollout.aggregate(ev.rollout.group_time_effects(panel, "y"), "dynamic"),
    "calendar": lambda panel: ev.rollout.aggregate(ev.rollout.group_time_effects(panel, "y"), "calendar"),
    "event study": lambda panel: ev.rollout.event_study(ev.rollout.group_time_effects(panel, "y")),
    "imputation": lambda panel: ev.rollout.imputation(panel, "y"),
    "by size": lambda panel: ev.rollout.imputation(panel, "y", average="size"),
    "sun_abraham": lambda panel: ev.rollout.sun_abraham(panel, "y"),
    "placebo": lambda panel: ev.rollout.placebo_dates(panel, "y", earlier=[1]),
}


@pytest.mark.parametrize("verb", EFFECTS)
@pytest.mark.parametrize(("cohorts", "never"), [({2013: 1}, 1), ({2013: 2}, 1), ({2013: 1, 2014: 1}, 5)])
def test_one_unit_alone_gives_no_error_to_any_average(cohorts: dict[int, int], never: int, verb: str) -> None:
    found = EFFECTS[verb](panel_of(frame_of(cohorts, never)))
    assert {(row.se, row.low, row.high) for row in found.rows} == {(None, None, None)}
    assert "uncertainty cannot be found" in " ".join(found.notes)


def test_one_cohort_of_one_unit_among_others_leaves_the_average_its_error() -> None:
    found = EFFECTS["simple"](panel_of(frame_of({2013: 1, 2014: 6}, 6)))
    assert found.rows[0].se > 0


WRONG: dict[str, tuple[str, Callable[[], object]]] = {
    "nothing moves": ("OUTCOME_CONSTANT", lambda: EFFECTS["simple"](panel_of(frame_of({2013: 5}, 5).assign(y=4)))),
    "an endless number": (
        "NOT_A_NUMBER",
        lambda: EFFECTS["imputation"](panel_of(frame_of({2013: 5}, 5).replace({"y": {0.0: 1.0}}).assign(y=np.inf))),
    ),
    "all adopt at once": (
        "NOTHING_IDENTIFIED",
        lambda: ev.rollout.two_way_fixed_effects(panel_of(frame_of({2013: 9}, 0)), "y"),
    ),
    "one unit": ("NOTHING_IDENTIFIED", lambda: ev.rollout.two_way_fixed_effects(panel_of(frame_of({2013: 1}, 0)), "y")),
    "breaks that nobody knows": (
        "NO_JOINT_COVARIANCE",
        lambda: ev.rollout.sensitivity(
            ev.rollout.event_study(
                ev.rollout.group_time_effects(panel_of(frame_of({2014: 1}, 1)), "y", base="universal")
            )
        ),
    ),
    "differences that do not vary": (
        "NO_PERIODS_BEFORE",
        lambda: ev.rollout.pre_trend_test(
            ev.rollout.group_time_effects(
                panel_of(
                    frame_of({2014: 5}, 5).assign(y=lambda rows: rows.period + 2.0 * (rows["first"] == rows.period))
                ),
                "y",
            )
        ),
    ),
    "no error to divide by": (
        "STATISTIC_NOT_A_NUMBER",
        lambda: ev.rollout.randomisation_test(
            panel_of(frame_of({2013: 1}, 1)), ev.rollout.AverageEffect("y", "group_time"), draws=10
        ),
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_cannot_be_told_is_refused(what: str) -> None:
    code, call = WRONG[what]
    assert code_of(call) == code
