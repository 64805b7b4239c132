"""The default interval for shares holds the truth often enough: computed exactly for 98 units, not simulated."""

from __future__ import annotations

import numpy as np
import pytest

from evaltools.estimate import interval
from evaltools.estimate.survey.intervals.coverage import coverage, coverage_in_cells

POPULATION = 98
REGIONS = (29, 17, 22, 19, 11)


def test_the_exact_interval_covers_at_least_as_promised_for_60_answers() -> None:
    found = coverage(interval.exact(), 60, POPULATION)
    # survey-statistics, section 4: mean 0.976, least 0.956, width 12.7 percentage points
    assert found.least >= 0.95
    assert (found.probability.mean(), found.least, found.width.mean()) == pytest.approx((0.976, 0.956, 0.127), abs=6e-4)


def test_wald_fails_for_rare_traits_and_is_no_default() -> None:
    # the same section: least 0.612 at 60 answers, because nobody seen gives a width of zero
    assert coverage(interval.wald(), 60, POPULATION).least == pytest.approx(0.612, abs=6e-4)


def test_the_predictive_interval_is_as_sure_as_the_exact_one_without_cells() -> None:
    found = coverage(interval.predictive(), 60, POPULATION)
    assert (found.probability.mean(), found.least) == pytest.approx((0.976, 0.956), abs=6e-4)


def test_the_predictive_interval_holds_rare_traits_in_cells_with_few_answers() -> None:
    # Jeffreys' prior in each of five cells gave .70 to .80 here: ten half units of prior beside thirty answers
    rng = np.random.default_rng(1)
    found = [coverage_in_cells((9, 5, 7, 6, 3), REGIONS, truth, rng)[0] for truth in (1, 2, 3, 5, 10, 20, 49)]
    assert min(found) >= 0.93
    assert float(np.mean(found)) >= 0.95


@pytest.mark.proof
def test_the_exact_interval_covers_at_least_as_promised_for_every_number_of_answers() -> None:
    least = {n: coverage(interval.exact(), n, POPULATION).least for n in range(30, POPULATION)}
    worst = min(least, key=least.__getitem__)
    print(f"{len(least)} numbers of answers, least coverage {least[worst]:.4f} at {worst} answers")  # noqa: T201
    assert least[worst] >= 0.95
