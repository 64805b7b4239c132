"""Curves, tests and rates of spells: numbers worked out by hand, laws that must hold, and what is refused."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from inspect import getdoc, isfunction, signature
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaltools.estimate import Curve, contrast, durations
from evaltools.estimate.durations import Spells, spells
from refused import code_of

CODELIST = Path(__file__).parents[3] / "data_dictionary" / "codelists" / "endings.csv"
ROWS = pd.DataFrame(
    {"t": [2, 3, 3, 5, 8, 8, 9, 12], "how": ["b", "h", "b", "x", "b", "h", "x", "x"], "sex": ["f", "m"] * 4}
)
"""b and h are endings; x was still going on."""


def made(frame: pd.DataFrame = ROWS) -> Spells:
    return spells(frame, end="t", ending="how", going_on="x")


def drawn(seed: int, *, n: int = 60, late: bool = False, censored: bool = True) -> pd.DataFrame:
    """Spells with many ties, three kinds of ending, and rows that came in late."""
    chance = np.random.default_rng(seed)
    entry = np.maximum(chance.integers(-12, 8, n), 0) if late else np.zeros(n, int)
    codes = np.array(["x", "a", "b", "c"] if censored else ["a", "b", "c"])
    return pd.DataFrame(
        {"t": entry + chance.integers(1, 15, n), "from": entry, "how": chance.choice(codes, n), "g": chance.choice(list("pq"), n)}
    )  # fmt: skip


def told(curve: Curve, column: str = "y", **line: str) -> list[float]:
    return [getattr(point, column) for point in (curve.only(**line) if line else curve).points]


def test_kaplan_meier_by_hand() -> None:
    """8 at risk, 1 ends at 2; of 7, 2 at 3; of 4, 2 at 8."""
    curve = durations.kaplan_meier(made(), at=[4])
    assert [(point.at, point.n, point.count) for point in curve.points] == [
        ("0", 8, 0), ("2", 8, 1), ("3", 7, 2), ("4", 5, 0), ("8", 4, 2), ("12", 1, 0),
    ]  # fmt: skip
    assert told(curve) == pytest.approx([1, 7 / 8, 5 / 8, 5 / 8, 5 / 16, 5 / 16])
    greenwood = 5 / 8 * math.sqrt(1 / (8 * 7) + 2 / (7 * 5))
    assert curve.point("3").se == pytest.approx(greenwood)
    assert curve.point("4").flags == ("fixed",)


def test_competing_endings_by_hand() -> None:
    """Breakdown: 1/8, then 7/8 x 1/7 twice over, then 5/8 x 1/4."""
    curve = durations.cumulative_incidence(made(), at=[4])
    assert curve.point("8", ending="b").y == pytest.approx(1 / 8 + 1 / 8 + 5 / 32)
    assert curve.point("8", ending="h").y == pytest.approx(1 / 8 + 5 / 32)


def test_before_anything_happened_and_after_everything_there_is_no_interval() -> None:
    curve = durations.kaplan_meier(made(ROWS.assign(how="b")))
    assert (curve.points[0].low, curve.points[0].high) == (None, None)
    assert (curve.points[-1].y, curve.points[-1].low, curve.points[-1].se) == (0.0, None, None)


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10_000), st.booleans())
def test_the_shares_ended_and_the_share_still_going_on_make_up_everything(seed: int, late: bool) -> None:
    rows = drawn(seed, late=late)
    some = spells(rows, end="t", ending="how", going_on="x", entry="from")
    ended, still = durations.cumulative_incidence(some), durations.kaplan_meier(some)
    total = np.sum([told(ended, ending=kind) for kind in some.kinds], axis=0) + told(still)
    assert total == pytest.approx(np.ones(len(total)))


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10_000))
def test_without_censoring_the_curve_is_the_share_that_lasted_longer(seed: int) -> None:
    rows = drawn(seed, censored=False)
    curve = durations.kaplan_meier(spells(rows, end="t"))
    assert told(curve) == pytest.approx([(rows["t"] > point.x).mean() for point in curve.points])
    shares = np.array(told(curve)[1:-1])
    binomial = np.sqrt(shares * (1 - shares) / len(rows))
    assert told(curve, "se")[1:-1] == pytest.approx(binomial)


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10_000), st.booleans())
def test_with_one_kind_of_ending_the_incidence_is_one_minus_the_curve(seed: int, late: bool) -> None:
    rows = drawn(seed, late=late).replace({"how": {"b": "a", "c": "a"}})
    some = spells(rows, end="t", ending="how", going_on="x", entry=None if not late else "from")
    ended, still = durations.cumulative_incidence(some), durations.kaplan_meier(some)
    assert told(ended) == pytest.approx([1 - share for share in told(still)])
    if not late:
        pairs = zip(told(ended, "se"), told(still, "se"), strict=True)
        assert all(other is None or one == pytest.approx(other, abs=1e-12) for one, other in pairs)


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10_000))
def test_an_entry_at_the_start_changes_nothing(seed: int) -> None:
    rows = drawn(seed)
    plain, entered = (spells(rows, end="t", ending="how", going_on="x", entry=entry) for entry in (None, "from"))
    assert not entered.delayed
    for verb in (durations.kaplan_meier, durations.cumulative_incidence):
        pd.testing.assert_frame_equal(verb(plain).frame, verb(entered).frame)
    assert durations.gray_test(plain, "g", "a").statistic == durations.gray_test(entered, "g", "a").statistic


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10_000))
def test_the_order_of_rows_and_the_names_of_endings_and_groups_change_nothing(seed: int) -> None:
    rows = drawn(seed)
    one = spells(rows, end="t", ending="how", going_on="x")
    turned = rows.sample(frac=1, random_state=seed).replace({"how": {"a": "c", "c": "a"}, "g": {"p": "q", "q": "p"}})
    other = spells(turned, end="t", ending="how", going_on="x")
    if "a" not in one.kinds or rows["g"].nunique() < 2:
        return
    for column in ("y", "se", "n", "count"):
        ours = told(durations.cumulative_incidence(one), column, ending="a")
        assert ours == pytest.approx(told(durations.cumulative_incidence(other), column, ending="c"), abs=1e-12)
    same = durations.gray_test(other, "g", "c").statistic
    assert durations.gray_test(one, "g", "a").statistic == pytest.approx(same, abs=1e-8)
    assert durations.log_rank(one, "g").statistic == pytest.approx(durations.log_rank(other, "g").statistic, abs=1e-9)


def test_the_standard_error_of_an_incidence_is_the_spread_of_leaving_rows_out() -> None:
    """With delayed entry: the infinitesimal jackknife is close to the one that leaves one row out at a time."""
    rows = drawn(5, n=300, late=True)
    options: dict[str, Any] = {"end": "t", "ending": "how", "going_on": "x", "entry": "from"}
    whole = durations.cumulative_incidence(spells(rows, **options), at=[8]).point("8", ending="b")
    left = [
        durations.cumulative_incidence(spells(rows.drop(index=row), **options), at=[8]).point("8", ending="b").y
        for row in rows.index
    ]
    values = np.array(left, dtype=float)
    jackknife = math.sqrt((len(values) - 1) / len(values) * ((values - values.mean()) ** 2).sum())
    assert whole.se == pytest.approx(jackknife, rel=0.02)


def test_where_the_curve_stands_at_one_half_the_median_is_the_middle() -> None:
    assert durations.median(made(pd.DataFrame({"t": [1, 2, 4, 7], "how": "b"}))).rows[0].estimate == 3.0


def test_a_median_that_is_not_reached_is_told_in_words_and_never_a_number() -> None:
    rows = pd.DataFrame({"t": [1, 2, 3, 4, 9, 9], "how": ["b", "b", "b", "x", "x", "x"], "g": ["p"] * 3 + ["q"] * 3})
    found = durations.median(made(rows), by="g")
    assert [row.coordinates for row in found.rows] == [(("g", "p"),)]
    assert any("q: Halvdelen er ikke nået" in note for note in found.notes)
    assert code_of(lambda: durations.median(made(rows[rows["g"] == "q"]))) == "MEDIAN_NOT_REACHED"


def test_the_restricted_mean_is_the_area_by_hand_and_groups_can_be_contrasted() -> None:
    """1 up to 2, then 7/8 up to 3, then 5/8 up to 8."""
    assert durations.restricted_mean(made(), until=8).rows[0].estimate == pytest.approx(2 + 7 / 8 + 5 * 5 / 8)
    groups = durations.restricted_mean(made(), until=8, by="sex")
    difference = contrast(groups, {"m": 1, "f": -1}).rows[0]
    assert difference.se == pytest.approx(math.hypot(*(row.se or 0 for row in groups.rows)))


def test_log_rank_by_hand() -> None:
    """Savage's example: 1, 2, 3 against 4, 5, 6. Expected of the first: 1/2 + 2/5 + 1/4 = 1.15; seen 3."""
    rows = pd.DataFrame({"t": [1, 2, 3, 4, 5, 6], "g": ["f"] * 3 + ["m"] * 3})
    variance = sum(share * (1 - share) for share in (3 / 6, 2 / 5, 1 / 4))
    found = durations.log_rank(spells(rows, end="t"), "g")
    assert found.statistic == pytest.approx((3 - 1.15) ** 2 / variance)
    assert found.p_value == pytest.approx(math.erfc(math.sqrt(found.statistic / 2)))


def test_grays_test_of_a_lone_ending_is_close_to_the_log_rank_test() -> None:
    rows = drawn(3, n=400).replace({"how": {"b": "a", "c": "a"}})
    some = spells(rows, end="t", ending="how", going_on="x")
    gray, plain = durations.gray_test(some, "g", "a").statistic, durations.log_rank(some, "g").statistic
    assert gray == pytest.approx(plain, rel=0.1)


def test_a_rate_is_exact_and_none_seen_still_has_an_upper_limit() -> None:
    """Garwood's limits of 0: 0 to -log(0.025); of 1: 0.0253 to 5.572 (Garwood 1936, table)."""
    nothing = durations.breakdown_rate(made(ROWS.assign(t=150, how="x")), per=1)
    assert (nothing.rows[0].base, nothing.rows[0].low) == (100.0, 0.0)
    assert 100 * (nothing.rows[0].high or 0) == pytest.approx(-math.log(0.025))
    once = durations.breakdown_rate(made(ROWS.assign(t=150, how=["b", *"xxxxxxx"])), per=100)
    assert (once.rows[0].low, once.rows[0].high) == pytest.approx((0.0253, 5.5716), abs=1e-4)


def test_a_late_entry_takes_the_time_before_it_away_from_a_rate() -> None:
    rows = pd.DataFrame({"t": [36, 24], "from": [24, 0], "how": ["b", "x"]})
    assert durations.breakdown_rate(spells(rows, end="t", ending="how", going_on="x", entry="from")).rows[0].base == 3.0


def test_one_breakdown_in_38_placements_is_a_share_with_its_exact_interval() -> None:
    rows = pd.DataFrame({"t": [12] * 38, "how": ["b"] + ["x"] * 37})
    row = durations.ended_share(made(rows), ending="b").rows[0]
    assert (row.count, row.n) == (1, 38)
    assert (row.low, row.high) == pytest.approx((0.00067, 0.1381), abs=1e-4)


def test_hazard_ratios_are_the_exponentials_of_the_coefficients() -> None:
    model = durations.cox(made(drawn(1).rename(columns={"from": "zero"})), "g")
    ratio, row = durations.hazard_ratios(model).rows[0], model.rows[0]
    theirs = [math.exp(each or 0) for each in (row.estimate, row.low, row.high)]
    assert [ratio.estimate, ratio.low, ratio.high] == pytest.approx(theirs)
    assert row.coordinates == (("variable", "g"), ("category", "q"))
    assert "Sammenlignet med: g: p." in model.notes


def test_a_curve_that_few_were_seen_at_the_start_of_says_so() -> None:
    rows = pd.DataFrame({"t": [1, *[20] * 30], "from": [0, *[10] * 30], "how": ["b"] * 31})
    late = spells(rows, end="t", ending="how", entry="from")
    assert any("kurven er derfor 0 fra da af" in note for note in durations.kaplan_meier(late).notes)
    assert told(durations.kaplan_meier(durations.after(late, 12)))[0] == 1.0


def test_endings_that_no_row_had_and_endings_that_censor_are_told() -> None:
    some = spells(ROWS, end="t", ending="how", going_on="x", endings={"breakdown": "b", "home": "h", "death": "d"})
    notes = durations.kaplan_meier(some, ending="breakdown").notes
    assert any(note == "Ingen sluttede med: Død." for note in notes)
    assert any("Hjem efter planen" in note for note in notes)
    assert told(durations.cumulative_incidence(some), ending="death")[-1] == 0.0


def test_every_code_of_the_list_of_endings_belongs_to_one_kind() -> None:
    codes = sorted(pd.read_csv(CODELIST, comment="#", dtype=str)["code"])
    for kinds in (durations.PLACEMENT_ENDINGS, durations.BREAKDOWN_BY_WHOM, durations.BREAKDOWN_OR_NOT):
        assert sorted(code for several in kinds.values() for code in several) == codes


WAITS = pd.DataFrame(
    {
        "asked": ["2018-01", "2018-01", "2018-02", "2018-03", "2018-04"],
        "began": ["2018-03", None, None, None, "2018-06"],
        "stopped": [None, "2018-02", None, None, None],
    }
)


def waits(**given: Any) -> Spells:
    return durations.waiting(
        WAITS, request="asked", start="began", broken_off="stopped", **{"until": "2018-05", **given}
    )


def test_a_waiting_list_is_counted_from_its_requests() -> None:
    curve = durations.waiting_list(waits())
    assert told(curve, flow="waiting") == [2, 2, 2, 3, 3]
    assert told(curve, flow="asked") == [2, 1, 1, 1, 0]
    assert told(curve, flow="started") == [0, 0, 1, 0, 0]
    assert told(curve, flow="broken_off") == [0, 1, 0, 0, 0]


def test_a_waiting_list_by_quarter_adds_its_months_up() -> None:
    curve = durations.waiting_list(waits(), every="quarter")
    assert [point.at for point in curve.only(flow="waiting").points] == ["2018-K1", "2018-K2"]
    assert (told(curve, flow="waiting"), told(curve, flow="asked")) == ([2, 3], [4, 1])
    assert "ikke hel" in curve.notes[-1]
    assert [point.at for point in durations.waiting_list(waits(), every="year").only(flow="asked").points] == ["2018"]


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10_000))
def test_waiting_now_is_waiting_before_and_asked_and_not_ended(seed: int) -> None:
    chance = np.random.default_rng(seed)
    asked = chance.integers(0, 20, 40)
    over = asked + chance.integers(0, 9, 40)
    named = [f"{2016 + month // 12}-{month % 12 + 1:02d}" for month in range(40)]
    rows = pd.DataFrame({"asked": [named[each] for each in asked], "began": [named[each] for each in over]})
    curve = durations.waiting_list(durations.waiting(rows, request="asked", start="began", until="2017-08"))
    waiting, came, went = (np.array(told(curve, flow=flow)) for flow in ("waiting", "asked", "started"))
    assert (np.diff(waiting, prepend=0) == came - went).all()
    assert waiting.min() >= 0


def test_those_still_waiting_are_censored_when_the_wait_is_told() -> None:
    assert waits().exit.tolist() == [2.0, 1.0, 3.5, 2.5, 1.5]
    assert waits().ending.tolist() == [1, 2, 0, 0, 0]
    assert waits().source.confidentiality == "families"


REFUSED: dict[str, Callable[[], object]] = {
    "NO_SUCH_ENDING": lambda: durations.kaplan_meier(made(), ending="breakdwn"),
    "NO_SUCH_INTERVAL": lambda: durations.kaplan_meier(made(), interval="loglog"),  # type: ignore[arg-type]
    "LEVEL_NOT_A_SHARE": lambda: durations.cumulative_incidence(made(), level=95),
    "NO_SUCH_VARIABLE": lambda: durations.kaplan_meier(made(), by="sx"),
    "ONE_GROUP": lambda: durations.log_rank(made(ROWS.assign(sex="f")), "sex"),
    "NO_EVENTS": lambda: durations.log_rank(made(ROWS.assign(how="x")), "sex"),
    "NO_DELAYED_ENTRY": lambda: durations.gray_test(
        spells(ROWS.assign(late=1), end="t", ending="how", going_on="x", entry="late"), "sex", "b"
    ),
    "FOLLOWED_TOO_SHORT": lambda: durations.restricted_mean(made(), until=24),
    "NOT_TWO_GROUPS": lambda: durations.rate_ratio(made(ROWS.assign(sex=list("abcabcab"))), by="sex"),
    "NO_TIME_FOLLOWED": lambda: durations.breakdown_rate(made(ROWS.assign(t=0))),
    "NOTHING_TO_EXPLAIN": lambda: durations.cox(made(ROWS.assign(one=1, two=1)), ["one", "two"]),
    "SEPARATED": lambda: durations.cox(made(ROWS.assign(sex=["f" if how == "b" else "m" for how in ROWS["how"]], t=5)), "sex", ending="b"),
    "NO_RATIOS": lambda: durations.hazard_ratios(durations.breakdown_rate(made())),
    "NO_CALENDAR": lambda: durations.waiting_list(made()),
    "NO_SUCH_PERIOD": lambda: durations.waiting_list(waits(), every="week"),  # type: ignore[arg-type]
    "SINCE_AFTER_UNTIL": lambda: durations.waiting_list(waits(), since="2019-01"),
    "STARTED_AND_BROKEN_OFF": lambda: durations.waiting(
        WAITS.assign(stopped="2018-05"), request="asked", start="began", broken_off="stopped", until="2018-06"
    ),
}  # fmt: skip


@pytest.mark.parametrize("code", REFUSED)
def test_what_makes_no_sense_is_refused(code: str) -> None:
    assert code_of(REFUSED[code]) == code


def test_a_ratio_to_a_group_without_endings_is_refused() -> None:
    rows = ROWS.assign(how=["x" if sex == "f" else "b" for sex in ROWS["sex"]])
    assert code_of(lambda: durations.rate_ratio(made(rows), by="sex")) == "NO_EVENTS"
    turned = durations.rate_ratio(made(rows.assign(sex=rows["sex"].map({"f": "z", "m": "m"}))), by="sex").rows[0]
    assert (turned.estimate, turned.low) == (0.0, 0.0)


VERBS = [name for name in durations.__all__ if isfunction(getattr(durations, name))]


@pytest.mark.parametrize("name", VERBS)
def test_a_verb_tells_of_its_parameters_what_it_returns_and_raises_and_shows_an_example(name: str) -> None:
    verb = getattr(durations, name)
    words = getdoc(verb) or ""
    assert [each for each in signature(verb).parameters if not re.search(rf"\b{each}\b", words)] == []
    assert all(re.search(rf"\b{word}\b", words) for word in ("Returns", "Raises"))
    assert ">>> " in words
