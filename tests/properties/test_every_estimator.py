"""What must hold of every public estimator and test, whatever it estimates."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from evaltools import estimate as ev
from evaltools.errors import DesignError
from evaltools.estimate import Estimate
from every_verb import (
    COUNTED,
    ESTIMATES,
    TESTS,
    UNITS,
    UNWEIGHTED,
    VERBS,
    WAYS,
    Made,
    answers,
    is_sound,
    numbers_of,
    results_of,
    sample,
)

HERE = [name for name in ESTIMATES if name not in COUNTED]
SCALED = ("total", "total of categories", "crosstab of counts")
"""What grows with the weights; all else stays, but for the number of units that it says it stands for."""


GROWING = ("estimate", "se", "low", "high")


def close(one: Made, other: Made, *, without: tuple[str, ...] = (), factor: float = 1.0, rel: float = 1e-8) -> None:
    """Assert that two results have the same numbers, whatever the order of their rows."""
    first, second = dict(numbers_of(one)), dict(numbers_of(other))
    assert first.keys() == second.keys()
    for name, number in first.items():
        what, theirs = name.split(" ")[-1], second[name]
        if what in without:
            continue
        if number is None or theirs is None:
            assert number is theirs, name
        else:
            assert number * (factor if what in GROWING else 1) == pytest.approx(theirs, rel=rel, abs=1e-10), name


@pytest.mark.parametrize("name", HERE)
def test_full_response_leaves_no_width(name: str) -> None:
    frame = answers()
    made = ESTIMATES[name]
    whole = frame.groupby("region").size().to_dict()
    if name == "design_effects":
        with pytest.raises(DesignError) as caught:
            made(sample(frame, population=whole))
        assert caught.value.code == "NO_DESIGN_EFFECT"
        return
    found = made(sample(frame, population=whole))
    assert isinstance(found, Estimate)
    for row in found.rows:
        assert row.se == pytest.approx(0, abs=1e-9)
        assert row.low == pytest.approx(row.estimate, rel=1e-9, abs=1e-9)
        assert row.high == pytest.approx(row.estimate, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("name", TESTS)
def test_full_response_leaves_nothing_to_test_by_chance(name: str) -> None:
    """A test that knows the population refuses; an exact one says that a deviation is a fact."""
    frame = answers()
    whole = sample(frame, population=frame.groupby("region").size().to_dict())
    if name in UNWEIGHTED:
        close(TESTS[name](whole), TESTS[name](sample(frame)))
        return
    if name == "permutation_test":
        assert dict(numbers_of(TESTS[name](whole)))["size x uses p"] == 0
        return
    with pytest.raises(DesignError) as caught:
        TESTS[name](whole)
    assert caught.value.code == "NO_TEST"


@pytest.mark.parametrize("name", VERBS)
def test_the_order_of_rows_changes_nothing(name: str) -> None:
    frame = answers()
    turned = frame.iloc[np.random.default_rng(4).permutation(len(frame))]
    close(VERBS[name](sample(frame)), VERBS[name](sample(turned)), rel=1e-7)


@pytest.mark.parametrize("name", VERBS)
def test_the_names_of_strata_change_nothing(name: str) -> None:
    frame = answers()
    names = dict(zip(UNITS, ("z", "x", "y"), strict=True))
    renamed = frame.assign(region=frame["region"].map(names))
    units = {names[region]: count for region, count in UNITS.items()}
    close(VERBS[name](sample(frame)), VERBS[name](sample(renamed, population=units)), rel=1e-7)


SHARES = ("proportion", "proportion by group", "crosstab", "crosstab of all", "combinations", "together")


@pytest.mark.parametrize("name", [name for name in VERBS if name != "permutation_test"])
def test_a_population_without_end_gives_the_classic_result(name: str) -> None:
    """As N grows, what a finite population takes off vanishes: errors are those without correction.

    Shares have intervals of their own in a known population; `test_estimate_properties.py` holds their limit.
    """
    frame, times = answers(), 10**3 if name in SHARES else 10**7
    endless = sample(frame, population={region: times * count for region, count in UNITS.items()})
    classic = sample(frame.assign(w=endless.weights), population=None, weights="w")
    without = ("low", "high", "N") if name in SHARES else ("N",)
    close(VERBS[name](endless), VERBS[name](classic), without=without, rel=10 / times)


@pytest.mark.parametrize("name", VERBS)
def test_scaled_weights_change_nothing_but_totals(name: str) -> None:
    frame = answers()
    weights = frame["region"].map(UNITS) / 18 * (1 + 0.1 * (frame["size"] == "large"))
    one, ten = (sample(frame.assign(w=weights * factor), population=None, weights="w") for factor in (1.0, 10.0))
    factor = 10.0 if name in SCALED else 1.0
    if name == "design_effects":
        made = [ev.design_effects(each, "score", replacement=True) for each in (one, ten)]
        close(*made, without=("base",), rel=1e-7)  # without replacement, the sum of weights is the population
        return
    without = ("base", "statistic") if name == "permutation_test" else ("base",)
    close(VERBS[name](one), VERBS[name](ten), without=without, factor=factor, rel=1e-7)


@pytest.mark.parametrize("by", ["size", "barrier", "region", ["size", "region"]])
def test_totals_of_groups_add_up_with_their_errors(by: str | list[str]) -> None:
    design = sample()
    for variable in ("cases", "score"):
        parts, whole = ev.total(design, variable, by=by), ev.total(design, variable).rows[0]
        together = ev.contrast(parts, [1.0] * len(parts.rows)).rows[0]
        assert (together.estimate, together.se) == pytest.approx((whole.estimate, whole.se), rel=1e-9)
    cells = ev.crosstab(design, "size", "barrier", of="count")
    assert sum(row.estimate for row in cells.rows) == pytest.approx(98)
    assert sum(row.estimate for row in ev.total(design, "barrier").rows) == pytest.approx(98)


INTERVALS = ["default", "logit", "korn_graubard", "wilson", "likelihood", "wald", "clopper_pearson", "predictive"]


@pytest.mark.parametrize("name", ["default", "predictive"])
@pytest.mark.parametrize("seed", range(4))
def test_intervals_lie_within_what_the_silent_could_make_of_them(name: str, seed: int) -> None:
    design = sample(answers(seed))
    chosen = None if name == "default" else getattr(ev.interval, name)()
    found = [
        ev.proportion(design, ["uses", "barrier"], interval=chosen),
        ev.proportion(design, "barrier", by="region", interval=chosen),
        ev.proportion(design, "barrier", by="size", interval=chosen),
        ev.crosstab(design, "size", "uses", interval=chosen),
        ev.crosstab(design, "size", "uses", of="all", interval=chosen),
        ev.combinations(design, ["visits", "letters", "meetings"], interval=chosen),
    ]
    bounded = 0
    for row in (row for estimate in found for row in estimate.rows):
        if row.bounds_low is None or row.bounds_high is None:
            continue
        bounded += 1
        assert row.low is not None
        assert row.high is not None
        assert row.bounds_low - 1e-12 <= row.low <= row.estimate <= row.high <= row.bounds_high + 1e-12
    assert bounded > 15


SIDE_BY_SIDE = ("proportion", "mean")
"""Asked of several variables, these give rows for those that somebody answered."""

COLUMNS = ["size", "uses", "barrier", "score", "cases", "network", *WAYS]
DAMAGES = ("all missing", "one answer", "all alike", "half missing")


def damaged(column: str, what: str) -> pd.DataFrame:
    """The answers with one column spoilt."""
    frame = answers()
    values = frame[column].astype(object)
    place = np.arange(len(frame))
    if what == "all alike":
        values[:] = values.iloc[0]
    kept = {"all missing": place < 0, "one answer": place < 1, "half missing": place % 2 == 0}
    values = values.where(kept.get(what, place >= 0))
    numeric = pd.api.types.is_numeric_dtype(frame[column])
    return frame.assign(**{column: values.astype(float) if numeric else values})


def used_by(name: str) -> list[str]:
    """The columns that a verb's result says it was made of."""
    codes = " ".join(each.source.code for each in results_of(VERBS[name](sample())))
    return [column for column in COLUMNS if column in codes]


@pytest.mark.parametrize("name", VERBS)
def test_no_answers_however_few_give_nan(name: str) -> None:
    """A number, or a refusal in words with a remedy; where nobody answered, always a refusal."""
    for column in used_by(name):
        for what in DAMAGES:
            try:
                made = VERBS[name](sample(damaged(column, what)))
            except DesignError as refusal:
                for fault in refusal.faults:
                    assert fault.problem
                    assert fault.remedy
            else:
                assert is_sound(made), (column, what)
                assert what != "all missing" or name in (*COUNTED, *SIDE_BY_SIDE), column


@pytest.mark.parametrize("name", VERBS)
def test_a_variable_that_is_not_there_is_named(name: str) -> None:
    for column in used_by(name):
        with pytest.raises(DesignError) as caught:
            VERBS[name](sample(answers().drop(columns=column)))
        assert caught.value.code == "NO_SUCH_VARIABLE"
        assert f'"{column}"' in str(caught.value)
        assert caught.value.faults[0].remedy
