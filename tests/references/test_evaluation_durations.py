"""Durations: the reference values of R through the public face, and a twin on made-up placements that runs everywhere.

`data/placements.csv` and `data/duration_twin.json` are made by `duration_twin.R` (R 4.2, survival 3.5, cmprsk 2.2).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from evaltools.estimate import Curve, Estimate, durations
from evaltools.estimate.durations import Spells
from evaltools.estimate.durations.limits import Scale

DATA = Path(__file__).parent / "data"
KINDS = {"breakdown": (4, 5, 6, 7), "home": (1,), "age_18": (3,)}
AT = ("3", "6", "12", "24")


@cache
def rows() -> pd.DataFrame:
    """The made-up register, months as a municipality writes them."""
    return pd.read_csv(DATA / "placements.csv")


@cache
def everybody() -> Spells:
    """All placements, those that were going on when the register opened only from then on."""
    return durations.spells(
        rows(), start="start_month", end="end_month", ending="end_type", endings=KINDS, entry="followed_from",
        until="2018-12",
    )  # fmt: skip


@cache
def fresh() -> Spells:
    """Placements that the register followed from their beginning."""
    new = rows()[rows()["start_month"] == rows()["followed_from"]]
    return durations.spells(
        new.assign(ages=pd.cut(new["age"], [-1, 5, 11, 17], labels=["small", "middle", "large"]).astype(str)),
        start="start_month", end="end_month", ending="end_type", endings=KINDS, until="2018-12",
    )  # fmt: skip


@cache
def twin() -> dict[str, list[float]]:
    found: dict[str, list[float]] = json.loads((DATA / "duration_twin.json").read_text("utf-8"))
    return found


def read(curve: Curve, names: Sequence[str], **line: str) -> list[float]:
    """Columns of a curve at the fixed times, one after the other."""
    points = [curve.point(at, **line) for at in AT]
    return [getattr(point, name) for name in names for point in points]


def numbers(result: Estimate, *names: str) -> list[float]:
    """Columns of an estimate, one after the other."""
    return [getattr(row, name) for name in names for row in result.rows]


@pytest.mark.parametrize("interval", ["log-log", "log", "plain"])
def test_kaplan_meier_with_delayed_entry_is_rs(interval: Scale) -> None:
    curve = durations.kaplan_meier(everybody(), interval=interval)
    ours = read(curve, ("y", "se", "low", "high"))
    assert ours == pytest.approx(twin()[f"survival_{interval.replace('-', '_')}"], abs=1e-12)


@pytest.mark.parametrize("ending", ["breakdown", "home", "age_18"])
def test_cumulative_incidence_with_delayed_entry_is_rs(ending: str) -> None:
    curve = durations.cumulative_incidence(everybody())
    assert read(curve, ("y", "se"), ending=ending) == pytest.approx(twin()[f"incidence_{ending}"], abs=1e-12)


@pytest.mark.parametrize("interval", ["log-log", "log"])
def test_the_median_and_its_limits_are_rs(interval: Scale) -> None:
    ours = numbers(durations.median(fresh(), interval=interval), "estimate", "low", "high")
    assert ours == pytest.approx(twin()[f"median_{interval.replace('-', '_')}"], abs=1e-12)


def test_the_restricted_mean_is_rs() -> None:
    ours = numbers(durations.restricted_mean(fresh(), until=24, by="type"), "estimate", "se")
    assert ours == pytest.approx(twin()["restricted_mean"], abs=1e-12)


def test_the_log_rank_test_is_rs() -> None:
    assert durations.log_rank(fresh(), "type").statistic == pytest.approx(twin()["log_rank"][0], abs=1e-10)
    of_breakdowns = durations.log_rank(fresh(), "type", ending="breakdown")
    assert of_breakdowns.statistic == pytest.approx(twin()["log_rank_breakdown"][0], abs=1e-10)


def test_grays_test_of_two_and_of_three_groups_is_that_of_cmprsk() -> None:
    for by, name in (("type", "gray"), ("ages", "gray_three")):
        found = [durations.gray_test(fresh(), by, ending) for ending in KINDS]
        assert [*(each.statistic for each in found), *(each.p_value for each in found)] == pytest.approx(
            twin()[name], abs=1e-9
        )


def test_cox_with_ties_and_delayed_entry_is_rs() -> None:
    model = durations.cox(everybody(), ["type", "age"], ending="breakdown")
    ours = [*numbers(model, "estimate", "se"), model.extra["lr_statistic"]]
    assert ours == pytest.approx(twin()["cox"], rel=1e-6)


def test_rates_and_their_ratio_are_rs() -> None:
    rates = durations.breakdown_rate(everybody(), ending="breakdown", by="type")
    ours = [*numbers(rates, "estimate"), *(limit for row in rates.rows for limit in (row.low, row.high))]
    assert ours == pytest.approx(twin()["rates"], rel=1e-10)
    ratio = durations.rate_ratio(everybody(), by="type", ending="breakdown")
    ours = [*numbers(ratio, "estimate", "low", "high"), ratio.extra["p_value"]]
    assert ours == pytest.approx(twin()["rate_ratio"], rel=1e-8)
