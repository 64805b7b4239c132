"""Change between two waves of one population: what pairs them, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from evaltools.dataset import Dataset
from evaltools.estimate import Estimate, change, design, mean, proportion, survey_design
from evaltools.present import release
from evaltools.present.charts import before_after
from evaltools.schema.missing import Missing
from municipal_survey import municipal_data
from refused import code_of

LATER = municipal_data()
HIDDEN = "use_fgc"


def wave(answered: np.ndarray, users: np.ndarray, numbers: np.ndarray | None = None) -> Dataset:
    """The municipal survey with other answers: who answered (98), who uses the first method, and a count."""
    numbers = np.arange(98.0) if numbers is None else numbers
    kinds = np.where(answered, 0, Missing.UNIT_NONRESPONSE).astype(np.int8)
    use = pd.array(np.where(users, "1", "0"), dtype="string")
    frame = LATER.frame.assign(responded=answered, use_fgc=use, placed=np.where(answered, numbers, np.nan))
    frame[HIDDEN] = frame[HIDDEN].mask(~answered)
    return replace(LATER, frame=frame, missing=LATER.missing.assign(use_fgc=kinds, placed=kinds))


def changed(earlier: Dataset, later: Dataset, strata: str | None = None) -> Estimate:
    return change(design(earlier, strata=strata), design(later, strata=strata), "use_fgc", category="1")


def test_a_change_is_later_minus_earlier_with_the_covariance_of_those_who_answered_both_times() -> None:
    rng = np.random.default_rng(4)
    first, second = rng.random(98) < 0.7, rng.random(98) < 0.8
    before = rng.random(98) < 0.4
    after = before | (rng.random(98) < 0.2)
    row = changed(wave(first, before), wave(second, after)).rows[0]
    m, n, both = first.sum(), second.sum(), first & second
    s = np.cov(before[both], after[both])[0, 1]
    across = s * (both.sum() / (m * n) - 1 / 98)
    own = before[first].var(ddof=1) * (1 / m - 1 / 98) + after[second].var(ddof=1) * (1 / n - 1 / 98)
    assert row.estimate == pytest.approx(after[second].mean() - before[first].mean())
    assert row.se == pytest.approx(np.sqrt(own - 2 * across))
    assert row.n == min(m, n)


def test_a_change_names_both_bases_and_those_who_answered_both_times() -> None:
    first, second = np.arange(98) < 60, np.arange(98) >= 30
    found = changed(wave(first, first), wave(second, second))
    assert any("60" in note and "68" in note and "30 enheder" in note for note in found.notes)
    assert "parret" in found.rows[0].method
    assert found.measure == "difference"
    assert found.source.code == (
        'change(design(load("small/2018")), design(load("small/2018")), "use_fgc", category="1")'
    )


def test_two_full_waves_leave_nothing_to_infer() -> None:
    everyone = np.ones(98, dtype=bool)
    row = changed(wave(everyone, np.arange(98) < 30), wave(everyone, np.arange(98) < 40)).rows[0]
    assert row.low == row.high == pytest.approx(10 / 98)
    assert row.se == pytest.approx(0, abs=1e-9)


def test_no_change_among_those_seen_is_not_certain_where_some_are_silent() -> None:
    answered = np.arange(98) < 60
    row = changed(wave(answered, np.zeros(98, dtype=bool)), wave(answered, np.zeros(98, dtype=bool))).rows[0]
    assert row.low is not None
    assert row.high is not None
    assert row.low < 0 < row.high


def test_few_changes_among_the_same_units_do_not_make_the_change_certain() -> None:
    answered = np.arange(98) % 4 > 0
    before = np.arange(98) < 40
    row = changed(wave(answered, before), wave(answered, before)).rows[0]
    assert row.low is not None
    assert row.high is not None
    assert (row.estimate, row.low < -0.005, row.high > 0.005) == (0, True, True)


def test_the_interval_of_a_change_holds_the_truth_and_is_narrower_than_for_independent_waves() -> None:
    rng = np.random.default_rng(11)
    before = np.arange(98) % 10 < 4
    after = before ^ (np.arange(98) % 7 == 0)
    truth, held, width, apart = after.mean() - before.mean(), 0, 0.0, 0.0
    for _ in range(300):
        first, second = np.zeros(98, dtype=bool), np.zeros(98, dtype=bool)
        first[rng.permutation(98)[:70]], second[rng.permutation(98)[:75]] = True, True
        one, other = wave(first, before), wave(second, after)
        row = changed(one, other).rows[0]
        assert row.low is not None
        assert row.high is not None
        assert row.se is not None
        held += row.low <= truth <= row.high
        width += row.se
        alone = [proportion(design(each), "use_fgc", category="1").rows[0].se or 0.0 for each in (one, other)]
        apart += float(np.hypot(alone[0], alone[1]))
    assert held / 300 >= 0.94
    assert width <= 1.02 * apart


def test_numbers_change_in_their_own_unit() -> None:
    answered = np.arange(98) % 5 > 0
    one, other = wave(answered, answered), wave(answered, answered, np.arange(98.0) + 3)
    found = change(design(one, strata="region"), design(other, strata="region"), "placed")
    assert (found.measure, found.unit) == ("mean", "børn")
    assert found.rows[0].estimate == pytest.approx(3)
    assert found.rows[0].se == pytest.approx(0, abs=1e-6)
    assert mean(design(other, strata="region"), "placed").rows[0].n == 78


def test_a_change_needs_two_waves_of_the_same_known_units() -> None:
    sample = survey_design(pd.DataFrame({"use_fgc": ["1", "0", "1"]}))
    assert code_of(lambda: change(sample, sample, "use_fgc", category="1")) == "CHANGE_NEEDS_UNITS"
    plain, in_regions = design(LATER), design(LATER, strata="region")
    assert code_of(lambda: change(plain, in_regions, "use_fgc", category="1")) == "CHANGE_OF_UNLIKE_DESIGNS"


def test_the_figure_of_two_waves_tells_each_change_with_its_interval() -> None:
    rng = np.random.default_rng(6)
    first, second = rng.random(98) < 0.7, rng.random(98) < 0.8
    one, other = design(wave(first, np.arange(98) < 30)), design(wave(second, np.arange(98) < 60))
    before, after = (release(proportion(each, "use_fgc", category="1")) for each in (one, other))
    found = change(one, other, "use_fgc", category="1")
    note = before_after(before, after, "Brug", names=("2015", "2018"), change=release(found)).note
    assert "Ændring med 95 pct.-interval: " in note
    assert f"gennem de {int((first & second).sum())} enheder" in note
