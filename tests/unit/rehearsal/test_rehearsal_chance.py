import math
from statistics import correlation, fmean

import pytest

from evaltools.collect import Answers
from evaltools.rehearsal.chance import Chance, binomial, even, pick, poisson, share_of
from evaltools.rehearsal.drivers import driver, predict
from evaltools.schema import Missing

MANY = [even("many", place) for place in range(20_000)]


def test_the_same_purpose_gives_the_same_number_and_another_another() -> None:
    assert even(1, "a", 2) == even(1, "a", 2)
    assert even(1, "a", 2) != even(1, "a2")
    assert all(0 < each < 1 for each in MANY)
    assert fmean(MANY) == pytest.approx(0.5, abs=0.01)


def test_a_binomial_draw_has_the_mean_and_spread_of_a_binomial() -> None:
    drawn = [binomial(u, 40, 0.3) for u in MANY]
    assert fmean(drawn) == pytest.approx(12, abs=0.1)
    assert fmean((each - 12) ** 2 for each in drawn) == pytest.approx(40 * 0.3 * 0.7, rel=0.05)
    assert (binomial(0.5, 0, 0.3), binomial(0.5, 7, 0.0), binomial(0.5, 7, 1.0)) == (0, 0, 7)


@pytest.mark.parametrize("mean", [0.4, 6.0, 300.0])
def test_a_count_has_the_mean_and_spread_of_a_poisson(mean: float) -> None:
    drawn = [poisson(u, mean) for u in MANY]
    assert fmean(drawn) == pytest.approx(mean, rel=0.03)
    assert fmean((each - mean) ** 2 for each in drawn) == pytest.approx(mean, rel=0.06)


def test_a_step_up_the_ladder_multiplies_the_odds_at_every_cut() -> None:
    weights = [3, 5, 2]
    for cut in (1, 2):
        plain = fmean(pick(u, weights) >= cut for u in MANY)
        moved = fmean(pick(u, weights, 0.8) >= cut for u in MANY)
        assert math.log(moved / (1 - moved)) - math.log(plain / (1 - plain)) == pytest.approx(0.8, abs=0.08)


def test_two_waves_of_one_unit_are_tied_as_told_and_each_is_even() -> None:
    first = [Chance(1, str(unit), "2015", 0.7) for unit in range(5_000)]
    second = [Chance(1, str(unit), "2018", 0.7) for unit in range(5_000)]
    left, right = ([each.normal("cases") for each in wave] for wave in (first, second))
    assert correlation(left, right) == pytest.approx(0.7, abs=0.03)
    assert fmean(each.tied("cases") for each in first) == pytest.approx(0.5, abs=0.015)
    assert share_of(0) == 0.5


def test_a_driver_is_a_number_of_the_frame_the_wave_or_an_answer() -> None:
    frame = {"size": "4: 60.000-99.999", "region": "Region Sjælland"}
    answers: Answers = {"placed": 20, "stage": "4", "why": ("1", "3"), "network": Missing.DONT_KNOW}
    wanted = {
        "size": 4,
        "region:Region Sjælland": 1,
        "region:Region Nordjylland": 0,
        "wave": 1,
        "placed": 20,
        "log:placed": math.log(20),
        "log:nothing": math.log(0.5),
        "stage:4|5": 1,
        "stage:5": 0,
        "why:3": 1,
        "why:2": 0,
        "network": 0,
        "stage": 4,
    }
    assert {name: driver(name, frame, 1, answers) for name in wanted} == wanted
    assert predict({"start": 2, "size": 0.5, "wave": -1}, frame, 1, answers) == 3
