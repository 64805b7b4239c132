"""Counts over time and between units: what charts show, what they see, and what they say of gaps and small bases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest

import evaltools as ev
from evaltools.estimate import Curve
from evaltools.estimate.monitor import (
    Counts,
    counts,
    counts_between,
    counts_of,
    counts_per,
    funnel,
    g_chart,
    merged,
    p_chart,
    p_prime_chart,
    run_chart,
    u_chart,
)
from evaltools.estimate.monitor.rules import runs_of


def quarters(found: Sequence[float], new: Sequence[float], names: Sequence[str] = ()) -> Counts:
    names = names or [f"{2015 + place // 4}-Q{place % 4 + 1}" for place in range(len(found))]
    table = pd.DataFrame({"quarter": names, "found": found, "new": new})
    return counts(table, at="quarter", count="found", base="new", about="Fundet i netværket", unit="placement")


def weeks(held: Sequence[float]) -> Counts:
    names = [f"2019-W{place + 1:02d}" for place in range(len(held))]
    return counts(pd.DataFrame({"week": names, "held": held}), at="week", count="held", unit="meeting", language="en")


def rules(curve: Curve) -> list[str]:
    return [signal.rule for signal in curve.signals]


def test_periods_stand_in_the_order_of_the_calendar_and_the_missing_ones_are_gaps_that_are_said() -> None:
    chart = p_chart(quarters([9, 6, 8], [90, 60, 80], ["2018-Q4", "2018-Q1", "2018-Q2"]))
    assert [point.at for point in chart.points] == [f"{part}. kvartal 2018" for part in (1, 2, 3, 4)]
    gap = chart.points[2]
    assert (gap.y, gap.n, gap.low, gap.flags) == (None, 0, None, ("absent",))
    assert np.diff([point.x for point in chart.points]).tolist() == [1, 1, 1]
    assert "Ikke med i tallene og derfor intet punkt: 3. kvartal 2018." in chart.notes


def test_a_period_without_cases_has_no_point_and_does_not_move_the_lines() -> None:
    with_empty, without = p_chart(quarters([9, 0, 8], [90, 0, 80])), p_chart(quarters([9, 8], [90, 80]))
    assert with_empty.points[1].flags == ("empty",)
    assert with_empty.points[2].high == without.points[1].high
    assert "Ingen tilfælde og derfor intet punkt: 2. kvartal 2015." in with_empty.notes


def test_iso_weeks_cross_the_year_as_the_calendar_does() -> None:
    table = pd.DataFrame({"week": ["2020-W53", "2021-W01", "2020-W52"], "held": [1, 2, 3]})
    made = counts(table, at="week", count="held", language="en")
    assert [row.at for row in made.rows] == ["week 52, 2020", "week 53, 2020", "week 1, 2021"]
    assert made.absent == ()


def test_records_are_counted_by_iso_week_and_a_week_without_any_counts_none() -> None:
    days = [dt.date(2018, 12, 31), dt.date(2019, 1, 6), dt.date(2019, 1, 21)]
    made = counts_per(pd.DataFrame({"day": days}), "week", date="day", language="en")
    assert [(row.at, row.count) for row in made.rows] == [
        ("week 1, 2019", 2), ("week 2, 2019", 0), ("week 3, 2019", 0), ("week 4, 2019", 1),
    ]  # fmt: skip


def test_a_share_of_records_has_a_base_and_an_empty_month_is_a_gap() -> None:
    records = pd.DataFrame({"day": ["2019-01-03", "2019-01-20", "2019-03-02"], "kept": [True, False, True]})
    made = counts_per(records, "month", date="day", where="kept", language="en")
    assert [(row.count, row.base) for row in made.rows] == [(1, 2), (1, 1)]
    assert [row.at for row in made.absent] == ["February 2019"]


def test_merging_adds_up_counts_and_bases_and_a_week_belongs_to_its_thursday() -> None:
    assert merged(quarters([1, 2, 3, 4, 5], [10, 20, 30, 40, 50]), "year").frame["base"].tolist() == [100, 50]
    table = pd.DataFrame({"week": ["2019-W05", "2019-W06"], "held": [2, 3]})  # its Monday is in January
    assert merged(counts(table, at="week", count="held", language="en"), "month").frame["at"].tolist() == [
        "January 2019",
        "February 2019",
    ]


def test_a_shift_is_seen_as_a_long_run_in_words_that_tell_where_and_never_why() -> None:
    chart = run_chart(weeks([2, 4, 3, 5, 2, 4, 3, 5, 6, 7, 8, 6, 9, 7, 6, 8]), baseline="2019-W08")
    assert "long_run" in rules(chart)
    run = next(signal for signal in chart.signals if signal.rule == "long_run")
    assert (
        run.words
        == "9 points in a row lie above the median (week 8, 2019 to week 16, 2019); chance makes up to 7 usual."
    )
    assert all("run" in chart.point(at).flags for at in run.at)
    assert "It does not say why." in chart.verdict


def test_chance_gives_no_signal_and_that_is_said_without_claiming_that_nothing_changed() -> None:
    chart = run_chart(weeks([2, 4, 3, 5, 2, 4, 3, 5, 4, 2, 5, 3, 2, 5, 4, 3]))
    assert chart.signals == ()
    assert chart.verdict == "None of the rules sees more than chance; that does not show that nothing has changed."


def test_a_trend_crosses_the_median_too_seldom() -> None:
    assert "few_crossings" in rules(run_chart(weeks(list(range(1, 21)))))


def test_points_on_the_median_neither_make_nor_break_a_run() -> None:
    runs = runs_of(np.array([1.0, 2, 3, 1, 3, 2, 5, 6]), 3.0)
    assert (runs.useful, runs.longest, runs.crossings) == (6, 4, 1)


def test_a_share_beyond_its_limits_is_flagged_and_told() -> None:
    chart = p_chart(quarters([10, 11, 9, 10, 30, 10], [100] * 6))
    assert [point.at for point in chart.points if "beyond" in point.flags] == ["1. kvartal 2016"]
    assert "Ét punkt ligger uden for grænserne (1. kvartal 2016)." in [signal.words for signal in chart.signals]


def test_each_phase_has_its_own_lines_and_a_day_finds_its_quarter() -> None:
    made = quarters([10, 11, 9, 10, 20, 22, 21, 19], [100] * 8)
    chart = p_chart(made, phases={"2016-01-01": "Efter projektstart"})
    before, after = chart.only(phase="before"), chart.only(phase="2016-01-01")
    assert (before.points[0].centre, after.points[0].centre) == pytest.approx((0.10, 0.205))
    assert (before.points[0].labels, after.points[0].labels) == (("Før",), ("Efter projektstart",))
    assert chart.extra["centre:Efter projektstart"] == pytest.approx(0.205)


def test_a_baseline_keeps_its_lines_for_all_that_follows() -> None:
    chart = p_chart(quarters([10, 11, 9, 10, 30, 32], [100] * 6), baseline="2015-Q4")
    assert {point.centre for point in chart.points} == {0.10}
    assert ["baseline" in point.flags for point in chart.points] == [True] * 4 + [False] * 2
    assert any("til og med 4. kvartal 2015" in note for note in chart.notes)


def test_limits_of_a_share_that_is_none_or_all_lie_on_it() -> None:
    for verb in (p_chart, p_prime_chart):
        chart = verb(quarters([0, 0, 0], [10, 20, 30]))
        assert {(point.low, point.high) for point in chart.points} == {(0.0, 0.0)}
        assert chart.signals == ()


def test_small_expected_counts_make_the_limits_of_a_share_rough_and_that_is_said() -> None:
    assert any("omtrentlige" in note for note in p_chart(quarters([1, 2, 1], [20, 30, 25])).notes)


def test_cases_between_events_are_counted_in_order_of_their_days() -> None:
    cases = pd.DataFrame(
        {"day": ["2019-03-01", "2019-01-01", "2019-02-01", "2019-04-01"], "broke": [True, False, False, False]}
    )
    made = counts_between(cases, date="day", event="broke")
    assert [(row.at, row.count, row.n) for row in made.rows] == [("1. marts 2019", 2, 3)]
    assert made.since == 1


def test_a_long_time_since_the_last_event_is_a_signal_of_the_rare() -> None:
    days = pd.date_range("2016-01-01", periods=240, freq="W")
    broke = [place % 8 == 7 and place < 100 for place in range(240)]
    chart = g_chart(
        counts_between(pd.DataFrame({"day": days, "broke": broke}), date="day", event="broke", language="en")
    )
    assert [signal.rule for signal in chart.signals if signal.rule == "since"] == ["since"]
    assert "Cases since the last event: 144." in chart.notes


def test_counting_to_every_fifth_event_lets_points_rest_on_five() -> None:
    days = pd.date_range("2016-01-01", periods=240, freq="W")
    frame = pd.DataFrame({"day": days, "broke": [place % 8 == 7 for place in range(240)]})
    made = counts_between(frame, date="day", event="broke", every=5)
    assert [(row.count, row.n) for row in made.rows] == [(35, 40)] * 6
    single, fifth = ev.release(g_chart(counts_between(frame, date="day", event="broke"))), ev.release(g_chart(made))
    assert (len(single.hidden), len(fifth.hidden)) == (30, 0)


def test_two_events_on_one_day_have_names_of_their_own() -> None:
    frame = pd.DataFrame({"day": ["2019-01-01"] * 2 + ["2019-01-02"], "broke": [True, True, True]})
    assert [row.at for row in counts_between(frame, date="day", event="broke", language="en").rows] == [
        "1 January 2019", "1 January 2019 (2)", "2 January 2019",
    ]  # fmt: skip


def test_an_estimate_by_period_brings_its_counts_and_its_source() -> None:
    frame = pd.DataFrame({"quarter": ["2018-Q1"] * 40 + ["2018-Q2"] * 50, "found": (["yes"] + ["no"] * 4) * 18})
    share = ev.proportion(ev.survey_design(frame), "found", category="yes", by="quarter")
    made = counts_of(share)
    assert made.frame["count"].tolist() == [8, 10]
    assert made.source.code == f"counts_of({share.source.code})"
    assert p_chart(made).source.code == f"p_chart(counts_of({share.source.code}))"


TOWNS = {"Aarhus": (30, 310), "Randers": (29, 98), "Vejle": (2, 12), "Odense": (18, 210), "Ribe": (0, 0)}


def towns(shares: dict[str, tuple[int, int]]) -> Counts:
    table = pd.DataFrame([(name, *pair) for name, pair in shares.items()], columns=["town", "found", "new"])
    return counts(table, at="town", count="found", base="new", language="en")


def test_a_funnel_tells_units_beyond_its_limits_small_bases_and_units_without_cases() -> None:
    made = funnel(towns(TOWNS))
    assert [signal.words for signal in made.signals] == ["Randers lies above the 99.8% limit."]
    assert made.point("Vejle").flags == ("small",)
    assert "Ribe" not in [point.at for point in made.points]
    assert "Units without cases, and so without a point: 1." in made.notes
    assert any("base under 20" in note for note in made.notes)


def test_a_funnel_of_units_that_differ_by_chance_sees_none() -> None:
    made = funnel(towns({"a": (10, 100), "b": (12, 110), "c": (8, 90), "d": (11, 100), "e": (9, 95)}))
    assert made.signals == ()
    assert made.verdict == "None of the 5 units lies outside the 99.8% limits."


def test_units_that_differ_by_more_than_chance_are_noted_and_wider_limits_name_their_measure() -> None:
    shares = {name: (share, 400) for name, share in zip("abcdefgh", (20, 90, 35, 80, 25, 100, 30, 95), strict=True)}
    plain = funnel(towns(shares))
    assert any("differ by more than chance" in note and "phi" in note for note in plain.notes)
    for kind, name in (("multiplicative", "phi"), ("additive", "standard deviation between units")):
        wide = funnel(towns(shares), overdispersion=kind)  # type: ignore[arg-type]
        assert (wide.points[0].high or 0) > (plain.points[0].high or 0)
        assert len(wide.signals) < len(plain.signals) or wide.extra["beyond"] < plain.extra["beyond"]
        assert any(name in note for note in wide.notes)


def test_limits_are_never_narrowed_where_units_differ_by_less_than_chance() -> None:
    shares = dict.fromkeys("abcdefgh", (40, 400))
    for kind in ("multiplicative", "additive"):
        wide, plain = funnel(towns(shares), overdispersion=kind), funnel(towns(shares))
        assert wide.points[0].high == pytest.approx(plain.points[0].high)


def test_a_rate_per_hundred_years_names_its_base() -> None:
    table = pd.DataFrame({"year": [2016, 2017], "broke": [9, 6], "time": [101.5, 96.2]})
    chart = u_chart(counts(table, at="year", count="broke", base="time", unit="year"), per=100)
    assert chart.unit == "pr. 100 år"
    assert chart.measure == "rate"
    assert chart.points[0].base == 101.5
