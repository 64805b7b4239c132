"""How the field work goes: counts, the R-indicator against an independent computation, and whom to call."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace

import numpy as np
import pytest

from evaltools.store import Unit, UnitStatus
from evaltools.store.model import Disposition
from evaltools.store.progress import balance, count_stages, fieldwork_report, gains, response_rates, whom_to_call

NOW = dt.datetime(2027, 3, 1, 12, tzinfo=dt.UTC)
BY = ("region", "size")


def status(code: str, region: str = "øst", size: str = "stor", disposition: Disposition = "no_answer") -> UnitStatus:
    unit = Unit(code, f"Kommune {code}", {"region": region, "size": size})
    return UnitStatus(unit, disposition, None, None, None, None, 0, ())


def population(seed: int, count: int = 98, share: float = 0.6) -> list[UnitStatus]:
    draw = random.Random(seed)
    return [
        status(
            f"{place:04}",
            draw.choice(["Nord", "Midt", "Syd", "Sjælland", "Hovedstaden"]),
            draw.choice(["1", "2", "3", "4", "5"]),
            "submitted" if draw.random() < share else "no_answer",
        )
        for place in range(count)
    ]


def by_least_squares(statuses: list[UnitStatus]) -> tuple[float, float]:
    """R with and without the correction for chance, by numpy's least squares on dummy columns."""
    regions = np.array([one.unit.frame["region"] for one in statuses])
    sizes = np.array([one.unit.frame["size"] for one in statuses])
    columns = [np.ones(len(statuses))]
    columns += [(held == group).astype(float) for held in (regions, sizes) for group in np.unique(held)]
    matrix = np.column_stack(columns)
    answered = np.array([one.disposition == "submitted" for one in statuses], dtype=float)
    hat = matrix @ np.linalg.pinv(matrix)
    fitted = hat @ answered
    spread = ((fitted - fitted.mean()) ** 2).sum()
    inside = np.clip(fitted, 0, 1)
    chance = ((np.diag(hat) - 1 / len(statuses)) * inside * (1 - inside)).sum()
    corrected = 1 - 2 * np.sqrt(max(0.0, spread - chance) / (len(statuses) - 1))
    return float(corrected), float(1 - 2 * np.sqrt(spread / (len(statuses) - 1)))


@pytest.mark.parametrize("seed", range(12))
def test_the_indicator_is_that_of_least_squares(seed: int) -> None:
    statuses = population(seed, share=0.2 + 0.06 * seed)
    found = balance(statuses, BY)
    assert found is not None
    assert found.indicator == pytest.approx(by_least_squares(statuses)[0], abs=1e-9)


@pytest.mark.parametrize("seed", range(6))
def test_a_gain_is_the_rise_of_the_indicator_when_that_unit_answers(seed: int) -> None:
    statuses = population(seed)
    before = by_least_squares(statuses)[1]
    found = gains(statuses, BY)
    assert set(found) == {one.unit.code for one in statuses if one.disposition == "no_answer"}
    for place in (place for place, one in enumerate(statuses) if one.unit.code in list(found)[:8]):
        after = [*statuses[:place], replace(statuses[place], disposition="submitted"), *statuses[place + 1 :]]
        assert found[statuses[place].unit.code] == pytest.approx(by_least_squares(after)[1] - before, abs=1e-9)


def test_chance_alone_is_not_taken_for_skewness() -> None:
    """With equal propensities the mean of S squared after the correction is zero, up to where it is cut off."""
    corrected = [by_least_squares(population(seed)) for seed in range(300)]
    mean = np.mean([balance(population(seed), BY).indicator for seed in range(300)])  # type: ignore[union-attr]
    assert np.mean([raw for _, raw in corrected]) < 0.75
    assert mean > 0.86
    squares = [((1 - raw) ** 2, (1 - value) ** 2) for value, raw in corrected]
    assert np.mean([value for _, value in squares]) < 0.25 * np.mean([raw for raw, _ in squares])


def test_groups_that_answer_alike_give_one_and_one_group_alone_gives_the_lowest() -> None:
    alike = [status(f"{region}{place}", region, "stor", "submitted") for region in "ab" for place in range(5)]
    found = balance(alike, BY)
    assert found is not None
    assert [found.indicator, found.lowest] == pytest.approx([1, 1])
    assert (found.columns, found.behind) == (("region",), None)
    split = [replace(one, disposition="no_answer") if one.unit.frame["region"] == "b" else one for one in alike]
    skewed = balance(split, BY)
    assert skewed is not None
    assert skewed.indicator == pytest.approx(skewed.lowest)
    assert skewed.behind is not None
    assert (skewed.behind.column, skewed.behind.group) == ("region", "b")
    assert skewed.behind.lag == pytest.approx(np.sqrt(0.5) * -0.5)


@pytest.mark.parametrize("statuses", [[], [status("1")], [status("1"), status("2", "vest")]])
def test_before_the_first_answer_nothing_is_said_about_skewness(statuses: list[UnitStatus]) -> None:
    assert balance(statuses, BY) is None
    assert fieldwork_report(statuses, at=NOW).balance is None


def test_before_the_first_answer_everybody_is_worth_the_same_call() -> None:
    statuses = [status("b", "vest"), replace(status("a"), opened_at=NOW), status("c")]
    calls = whom_to_call(statuses, BY, at=NOW)
    assert [(call.status.unit.code, call.gain) for call in calls] == [("a", 0), ("b", 0), ("c", 0)]


def test_units_that_cannot_be_told_apart_give_no_indicator() -> None:
    assert balance([status("1", disposition="submitted"), status("2")], BY) is None
    assert balance([status("1", disposition="submitted"), status("2")], ("planet",)) is None


def test_only_submitted_is_response_and_every_stage_is_counted() -> None:
    statuses = [
        status("1", disposition="submitted"),
        replace(status("2", disposition="partial"), opened_at=NOW, colleagues=2),
        replace(status("3"), opened_at=NOW),
        status("4", "vest", disposition="refused"),
        status("5", "vest"),
    ]
    (rate,) = response_rates(statuses)
    assert (rate.submitted, rate.asked, rate.share) == (1, 5, 0.2)
    assert [(one.group, one.submitted, one.asked) for one in response_rates(statuses, "region")] == [
        ("vest", 0, 2),
        ("øst", 1, 3),
    ]
    stages = count_stages(statuses)
    assert (stages.asked, stages.opened, stages.begun, stages.handed_over) == (5, 3, 2, 1)
    assert (stages.submitted, stages.declined) == (1, 1)


def test_who_has_submitted_or_declined_is_not_called_and_the_group_most_behind_comes_first() -> None:
    heard = [status(f"ø{place}", "øst", "stor", "submitted") for place in range(6)]
    waiting = [status("ø9", "øst"), *(status(f"v{place}", "vest") for place in range(3))]
    calls = whom_to_call([*heard, *waiting, status("v9", "vest", disposition="refused")], BY, at=NOW)
    assert [call.status.unit.code for call in calls] == ["v0", "v1", "v2", "ø9"]
    assert calls[0].gain > 0 > calls[-1].gain


def test_among_those_that_would_give_the_same_the_one_nearest_to_an_answer_is_called_first() -> None:
    long_ago, lately = NOW - dt.timedelta(days=9), NOW - dt.timedelta(days=1)
    statuses = [
        status("never"),
        replace(status("working", disposition="partial"), changed_at=lately),
        replace(status("opened"), opened_at=lately),
        replace(status("silent", disposition="partial"), changed_at=long_ago),
        replace(status("longer", disposition="partial"), changed_at=long_ago - dt.timedelta(days=3)),
    ]
    calls = whom_to_call(statuses, BY, at=NOW)
    assert [(call.status.unit.code, call.why, call.silent_days) for call in calls] == [
        ("longer", "begun_silent", 12),
        ("silent", "begun_silent", 9),
        ("opened", "opened", None),
        ("never", "never_opened", None),
        ("working", "begun", 1),
    ]
