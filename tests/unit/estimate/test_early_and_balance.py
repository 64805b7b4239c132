"""How alike the groups answered, and whether the late answered as the early."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from evaltools.errors import DesignError
from evaltools.estimate import Estimate, early_and_late, response_balance
from municipal_survey import municipal_data
from submitted_days import START, timed


def test_the_indicator_is_one_less_twice_the_spread_of_fitted_propensities_without_chance() -> None:
    data = municipal_data()
    found = response_balance(data, ["region", "size"])
    answered = data.population["responded"].to_numpy(dtype=float)
    known = pd.get_dummies(data.population[["region", "size"]]).to_numpy(dtype=float)
    known = np.column_stack([np.ones(98), known])
    hat = known @ np.linalg.pinv(known)
    fitted = hat @ answered
    leverage = np.diag(hat) - 1 / 98
    inside = np.clip(fitted, 0, 1)
    spread = max(((fitted - fitted.mean()) ** 2).sum() - (leverage * inside * (1 - inside)).sum(), 0) / 97
    assert found.row(indicator="R").estimate == pytest.approx(1 - 2 * np.sqrt(spread), rel=1e-9)
    assert found.extra["lowest"] == pytest.approx(1 - 2 * np.sqrt(69 / 98 * 29 / 98 * 98 / 97), rel=1e-12)


def test_a_group_behind_has_a_partial_indicator_below_zero() -> None:
    data = municipal_data()
    found = response_balance(data, "region")
    rates = data.population.groupby("region")["responded"].agg(["mean", "size"])
    for name, (share, size) in rates.iterrows():
        row = found.row(category=str(name))
        assert row.estimate == pytest.approx(np.sqrt(size / 98) * (share - 69 / 98), rel=1e-9)
        assert (row.n, row.count) == (size, round(share * size))


def test_late_less_early_is_the_difference_of_two_plain_shares() -> None:
    data = timed()
    found = early_and_late(data, "use_fgc", category="user")
    answered = data.frame.loc[data.frame["responded"], "use_fgc"].isin(["1", "2"]).to_numpy()
    row = found.rows[0]
    assert row.estimate == pytest.approx(answered[34:].mean() - answered[:34].mean(), rel=1e-12)
    assert row.low is not None
    assert row.high is not None
    assert row.low < row.estimate < row.high
    assert found.measure == "difference"
    assert "34" in found.notes[0]
    assert found.source.code == 'early_and_late(load("small/2018"), "use_fgc", category="user")'


def test_the_day_that_parts_them_can_be_named_and_numbers_give_means() -> None:
    data = timed()
    found = early_and_late(data, ["network", "placed"], late_from="2018-11-21")
    network = data.frame.loc[data.frame["responded"], "network"].to_numpy(dtype=float)
    assert found.row(item="network").estimate == pytest.approx(network[20:].mean() - network[:20].mean(), rel=1e-12)
    assert found.measure == "mean"
    assert 'late_from="2018-11-21"' in found.source.code


def test_a_trait_that_nobody_has_still_has_an_interval() -> None:
    row = early_and_late(timed(), "use_fgc", category="2").rows[0]
    assert (row.estimate, row.se) == (0, 0)
    assert row.low is not None
    assert row.low < -0.05


def test_the_dataset_knows_when_each_unit_submitted() -> None:
    data = municipal_data()
    assert len(data.submitted_at) == 69
    assert set(data.submitted_at.values()) == {START}


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: early_and_late(replace(municipal_data(), submitted_at={}), "use_fgc"), "NO_TIMES"),
        (lambda: early_and_late(municipal_data(), "use_fgc"), "NOTHING_TO_COMPARE"),
        (lambda: early_and_late(timed(), "use_fgc", late_from="2020-01-01"), "NOTHING_TO_COMPARE"),
        (lambda: early_and_late(timed(), "use_fgc", late_from="in May"), "NOTHING_TO_COMPARE"),
        (lambda: response_balance(municipal_data(), "barrier"), "NO_SUCH_VARIABLE"),
        (lambda: response_balance(municipal_data(), ()), "NOTHING_TO_EXPLAIN"),
    ],
)
def test_what_cannot_be_compared_is_refused_with_a_remedy(call: Callable[[], Estimate], code: str) -> None:
    with pytest.raises(DesignError) as caught:
        call()
    assert caught.value.code == code
    assert caught.value.faults[0].remedy
