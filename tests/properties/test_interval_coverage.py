"""The default interval for shares holds the truth often enough: computed exactly for 98 units, not simulated."""

from __future__ import annotations

import pytest

from evaltools.estimate import interval
from evaltools.estimate.survey.coverage import coverage

POPULATION = 98


def test_the_exact_interval_covers_at_least_as_promised_for_60_answers() -> None:
    found = coverage(interval.exact(), 60, POPULATION)
    # survey-statistics, section 4: mean 0.976, least 0.956, width 12.7 percentage points
    assert found.least >= 0.95
    assert (found.probability.mean(), found.least, found.width.mean()) == pytest.approx((0.976, 0.956, 0.127), abs=6e-4)


def test_wald_fails_for_rare_traits_and_is_no_default() -> None:
    # the same section: least 0.612 at 60 answers, because nobody seen gives a width of zero
    assert coverage(interval.wald(), 60, POPULATION).least == pytest.approx(0.612, abs=6e-4)


def test_the_predictive_interval_is_narrower_and_nearly_as_sure() -> None:
    found = coverage(interval.predictive(), 60, POPULATION)
    assert (found.probability.mean(), found.least, found.width.mean()) == pytest.approx((0.966, 0.941, 0.120), abs=6e-4)


@pytest.mark.proof
def test_the_exact_interval_covers_at_least_as_promised_for_every_number_of_answers() -> None:
    assert min(coverage(interval.exact(), n, POPULATION).least for n in range(30, POPULATION)) >= 0.95
