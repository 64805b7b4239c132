"""Wrong rollouts are refused in the user's own names, with what to do; a number that cannot be told is never NaN."""

from __future__ import annotations

import builtins
import math
import sys
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import evaltools as ev
from evaltools.errors import DesignError
from evaltools.estimate.rollout import engine
from rollout_panels import rollout_frame

FRAME = rollout_frame(seed=3)
SHARE = ("network", "placements")


def panel_of(frame: pd.DataFrame = FRAME, **more: Any) -> Any:
    return ev.rollout.panel(frame, **{"unit": "kommune", "period": "year", "first": "first", **more})


def effects_of(**more: Any) -> Any:
    return ev.rollout.group_time_effects(panel_of(), SHARE, **more)


def changed(**cells: Any) -> pd.DataFrame:
    """The frame with the values of its first row changed."""
    frame = FRAME.astype({name: object for name in cells if name not in ("network", "placements")})
    for name, value in cells.items():
        frame.loc[0, name] = value
    return frame


@dataclass(frozen=True)
class Wrong:
    """A call that makes no sense, and what its refusal must say."""

    call: Callable[[], object]
    code: str
    says: str


STUDY = {-2: 0.0, 0: 1.0, 1: 1.0}
WRONG = {
    "no column": Wrong(lambda: panel_of(unit="kommun"), "NO_SUCH_VARIABLE", "kommune"),
    "no outcome": Wrong(lambda: ev.rollout.imputation(panel_of(), "netvork"), "NO_SUCH_VARIABLE", "network"),
    "no rows": Wrong(lambda: panel_of(FRAME.iloc[:0]), "NO_ROWS", "no row"),
    "no adoption": Wrong(lambda: panel_of(first=None), "ADOPTION_NOT_GIVEN", "`first`"),
    "two adoptions": Wrong(lambda: panel_of(treated="network"), "ADOPTION_NOT_GIVEN", "2 columns"),
    "twice": Wrong(lambda: panel_of(pd.concat([FRAME, FRAME.iloc[:1]])), "TWICE_IN_A_PERIOD", "K00 has 2 rows in 2011"),
    "first varies": Wrong(lambda: panel_of(changed(first=2012)), "FIRST_PERIOD_VARIES", "K00 has several values"),
    "words for a year": Wrong(
        lambda: panel_of(FRAME.assign(first=FRAME["first"].map(lambda y: f"in {y:.0f}" if y == y else None))),
        "NOT_A_PERIOD",
        'in "first" is not a period such as 2011',
    ),
    "half treated": Wrong(lambda: panel_of(first=None, treated="children"), "NOT_TREATED_OR_NOT", "children"),
    "one year": Wrong(lambda: panel_of(FRAME[FRAME.year == 2011]), "TOO_FEW_PERIODS", "one period"),
    "nobody": Wrong(lambda: panel_of(FRAME[FRAME["first"].isna()]), "NO_ADOPTERS", "2011 to 2018"),
    "no name": Wrong(lambda: panel_of(changed(kommune=None)), "UNIT_WITHOUT_NAME", '"kommune"'),
    "rule": Wrong(lambda: panel_of(incomplete="ignore"), "NO_SUCH_RULE", "leave_out"),
    "text": Wrong(
        lambda: ev.rollout.imputation(panel_of(FRAME.assign(y="many")), "y"), "NOT_A_NUMBER", '"many" in "y"'
    ),
    "no placements": Wrong(
        lambda: ev.rollout.imputation(panel_of(changed(placements=0, network=0)), SHARE), "ZERO_BASE", "K00 2011"
    ),
    "swapped": Wrong(
        lambda: ev.rollout.imputation(panel_of(), ("placements", "network")), "COUNT_ABOVE_BASE", "swapped"
    ),
    "lacking": Wrong(
        lambda: ev.rollout.imputation(panel_of(FRAME.iloc[1:]), SHARE), "INCOMPLETE_PANEL", "K00"
    ),
    "none left": Wrong(
        lambda: ev.rollout.imputation(panel_of(FRAME[FRAME.year.ne(2013) | FRAME["first"].isna()], incomplete="leave_out"), SHARE),
        "NO_UNITS_LEFT",
        "no unit that adopts",
    ),
    "no size": Wrong(lambda: ev.rollout.imputation(panel_of(), "network", average="size"), "SIZE_NOT_GIVEN", "size="),
    "empty size": Wrong(
        lambda: ev.rollout.imputation(panel_of(FRAME.assign(children=0), size="children"), SHARE, average="size"),
        "SIZE_NOT_POSITIVE",
        "children",
    ),
    "average": Wrong(lambda: effects_of(average="child"), "NO_SUCH_AVERAGE", '"unit" or "size"'),
    "kind": Wrong(lambda: ev.rollout.aggregate(effects_of(), "simpel"), "NO_SUCH_AVERAGE", "simple"),  # type: ignore[arg-type]
    "bands": Wrong(lambda: ev.rollout.event_study(effects_of(), bands="both"), "NO_SUCH_AVERAGE", "pointwise"),  # type: ignore[arg-type]  # no such bands, which is what is tried
    "controls": Wrong(lambda: effects_of(controls="all"), "NO_SUCH_CONTROLS", "not_yet_treated or never_treated"),
    "base": Wrong(lambda: effects_of(base="first"), "NO_SUCH_CONTROLS", "varying or universal"),
    "level": Wrong(lambda: effects_of(level=95), "LEVEL_NOT_A_SHARE", "0.95"),
    "half a year": Wrong(lambda: effects_of(anticipation=0.5), "NOT_WHOLE_PERIODS", "0.5"),
    "no earlier": Wrong(lambda: ev.rollout.placebo_dates(panel_of(), SHARE, earlier=[]), "NOT_WHOLE_PERIODS", "earlier"),
    "too early": Wrong(
        lambda: ev.rollout.placebo_dates(panel_of(FRAME[FRAME.year >= 2014]), SHARE, earlier=[6]),
        "NOTHING_IDENTIFIED",
        "adoption(panel)",
    ),
    "no never": Wrong(
        lambda: ev.rollout.group_time_effects(panel_of(FRAME[FRAME["first"].notna()]), SHARE, controls="never_treated"),
        "NO_NEVER_TREATED",
        "not_yet_treated",
    ),
    "no never for sun": Wrong(
        lambda: ev.rollout.sun_abraham(panel_of(FRAME[FRAME["first"].notna()]), SHARE), "NO_NEVER_TREATED", "imputation"
    ),
    "all at once": Wrong(
        lambda: ev.rollout.group_time_effects(panel_of(FRAME[FRAME["first"] == 2016]), SHARE),
        "NOTHING_IDENTIFIED",
        "nobody is without the method",
    ),
    "from the start": Wrong(
        lambda: ev.rollout.imputation(panel_of(FRAME.assign(first=FRAME["first"].mask(FRAME["first"].notna(), 2011))), SHARE),
        "NOTHING_IDENTIFIED",
        "first period",
    ),
    "told apart": Wrong(
        lambda: ev.rollout.group_time_effects(
            panel_of(FRAME.assign(x=FRAME["first"].fillna(0))), SHARE, covariates=["x"], adjustment="doubly_robust"
        ),
        "TOO_FEW_TO_ADJUST",
        "fewer covariates",
    ),
    "power": Wrong(lambda: ev.rollout.pre_trend_power(effects_of(), power=80), "POWER_NOT_A_SHARE", "0.8"),
    "no covariance": Wrong(
        lambda: ev.rollout.sensitivity(ev.rollout.two_way_fixed_effects(panel_of(), SHARE)),
        "NO_JOINT_COVARIANCE",
        "event_study",
    ),
    "no covariance to test": Wrong(
        lambda: ev.rollout.pre_trend_test(ev.rollout.two_way_fixed_effects(panel_of(), SHARE)),
        "NO_JOINT_COVARIANCE",
        "sun_abraham",
    ),
    "imputation tells nothing before": Wrong(
        lambda: ev.rollout.sensitivity(ev.rollout.imputation(panel_of(), SHARE)), "NO_PERIODS_BEFORE", "event_study"
    ),
    "imputation has nothing to test": Wrong(
        lambda: ev.rollout.pre_trend_test(ev.rollout.imputation(panel_of(), SHARE)), "NO_PERIODS_BEFORE", "event_study"
    ),
    "an endless bound": Wrong(
        lambda: ev.rollout.sensitivity(
            ev.rollout.event_study(ev.rollout.group_time_effects(panel_of(), SHARE, base="universal")), bounds=[math.inf]
        ),
        "BOUND_BELOW_ZERO",
        "inf",
    ),
    "bands of imputation": Wrong(
        lambda: ev.rollout.imputation(panel_of(), SHARE, bands="both"),  # type: ignore[arg-type]  # no such bands, which is what is tried
        "NO_SUCH_AVERAGE",
        "pointwise",
    ),
    "no years before": Wrong(
        lambda: ev.rollout.pre_trend_test(
            ev.rollout.group_time_effects(panel_of(FRAME[FRAME.year >= 2017]), SHARE)
        ),
        "NO_PERIODS_BEFORE",
        "before the first adoption",
    ),
    "varying base": Wrong(
        lambda: ev.rollout.sensitivity(ev.rollout.event_study(effects_of())), "VARYING_BASE", 'base="universal"'
    ),
    "gaps": Wrong(
        lambda: ev.rollout.sensitivity(ev.rollout.published_event_study({-4: 0.0, 0: 1.0, 1: 1.0}, np.eye(3))),
        "GAPS_IN_EVENTS",
        "-4, 0, 1",
    ),
    "bound": Wrong(
        lambda: ev.rollout.sensitivity(ev.rollout.published_event_study(STUDY, np.eye(3)), bounds=[-1.0]),
        "BOUND_BELOW_ZERO",
        "-1",
    ),
    "choice": Wrong(
        lambda: ev.rollout.sensitivity(ev.rollout.published_event_study(STUDY, np.eye(3)), "wild"),  # type: ignore[arg-type]
        "NO_SUCH_CHOICE",
        "relative or smooth",
    ),
    "covariance": Wrong(lambda: ev.rollout.published_event_study(STUDY, np.eye(2)), "COVARIANCE_WRONG", "3 x 3"),
    "one cohort": Wrong(
        lambda: ev.rollout.leave_one_cohort_out(panel_of(FRAME[FRAME["first"].isin([2016]) | FRAME["first"].isna()]), SHARE),
        "ONE_COHORT",
        "one period",
    ),
    "no unit": Wrong(
        lambda: ev.rollout.synthetic_difference(panel_of(), SHARE, units=["Aalborg"]), "NO_SUCH_UNIT", "Aalborg"
    ),
    "several starts": Wrong(lambda: ev.rollout.synthetic_difference(panel_of(), SHARE), "NOT_ONE_START", "units="),
    "few donors": Wrong(
        lambda: ev.rollout.synthetic_difference(panel_of(FRAME[FRAME["first"] == 2016]), SHARE),
        "TOO_FEW_TO_COMPARE",
        "0 units never adopt",
    ),
    "few draws": Wrong(lambda: ev.rollout.synthetic_difference(panel_of(), SHARE, draws=2), "TOO_FEW_DRAWS", "10 or more"),
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_it_is_refused_in_the_users_own_names(wrong: Wrong) -> None:
    with pytest.raises(DesignError) as refused:
        wrong.call()
    assert refused.value.code == wrong.code
    assert wrong.says in str(refused.value)
    assert refused.value.faults[0].remedy.endswith((".", "?", "]"))


def test_without_the_extra_the_refusal_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def missing(name: str, *rest: Any, **more: Any) -> Any:
        if name == "diff_diff":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", missing)
    monkeypatch.delitem(sys.modules, "diff_diff", raising=False)
    with pytest.raises(DesignError, match=r"pip install .evaltools\[rollout\].*ROLLOUT_NOT_INSTALLED"):
        effects_of()


def test_an_engine_that_keeps_other_numbers_than_it_tells_is_not_believed() -> None:
    with pytest.raises(DesignError, match="ENGINE_DIFFERS"):
        engine._check_same(np.array([0.1]), np.array([0.2]))


def test_no_word_of_the_engine_reaches_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def __init__(self, **_: Any) -> None: ...

        def fit(self, *_: Any, **__: Any) -> None:
            raise ValueError("Some English sentence of the engine")

    monkeypatch.setattr(engine, "_engine", lambda: SimpleNamespace(CallawaySantAnna=Broken, __version__="3.13"))
    with pytest.raises(DesignError, match="ENGINE_REFUSES") as refused:
        effects_of()
    assert "English sentence" not in str(refused.value)


def test_incomplete_units_are_left_out_where_that_is_asked_for_and_the_result_says_so() -> None:
    frame = changed(placements=0, network=0)
    found = ev.rollout.group_time_effects(panel_of(frame, incomplete="leave_out"), SHARE)
    rest = ev.rollout.group_time_effects(panel_of(FRAME[FRAME.kommune != "K00"]), SHARE)
    assert [row.estimate for row in found.rows] == [row.estimate for row in rest.rows]
    assert found.extra["left_out"] == 1.0
    assert any("1 kommune er udeladt" in note for note in found.notes)


def test_no_result_holds_a_number_that_is_none() -> None:
    panel = panel_of(size="children")
    results = [
        ev.rollout.group_time_effects(panel, SHARE, average="size"),
        ev.rollout.event_study(effects_of()),
        ev.rollout.imputation(panel, SHARE),
        ev.rollout.sun_abraham(panel, SHARE),
        ev.rollout.goodman_bacon(panel, SHARE),
        ev.rollout.placebo_dates(panel, SHARE),
        ev.rollout.leave_one_cohort_out(panel, SHARE),
        ev.rollout.sensitivity(ev.rollout.event_study(effects_of(base="universal"))),
    ]
    for result in results:
        numbers = [value for row in result.rows for value in (row.estimate, row.se, row.low, row.high)]
        assert all(value is None or np.isfinite(value) for value in numbers)
