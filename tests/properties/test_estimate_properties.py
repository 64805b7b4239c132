"""What must hold of estimates for any answers, weights and order of rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaltools.errors import DesignError
from evaltools.estimate import choices, contrast, design, indicators, interval, mean, proportion, survey_design, total
from evaltools.estimate.survey.intervals import finite
from municipal_survey import municipal_data

STRATA = ("a", "b", "c")


@st.composite
def samples(draw: st.DrawFn) -> tuple[pd.DataFrame, dict[str, int]]:
    """Answers 0 or 1 in three strata with at least two rows each, and the units of each stratum."""
    sizes = {name: draw(st.integers(2, 8)) for name in STRATA}
    rows = [(name, draw(st.integers(0, 1)), draw(st.integers(0, 50))) for name in STRATA for _ in range(sizes[name])]
    units = {name: sizes[name] + draw(st.integers(0, 8)) for name in STRATA}
    frame = pd.DataFrame(rows, columns=["stratum", "uses", "cases"]).assign(group=lambda f: f.index % 2)
    return frame, units


@settings(max_examples=60, deadline=None)
@given(samples())
def test_a_share_lies_in_its_interval_and_the_interval_within_the_bounds(
    sample: tuple[pd.DataFrame, dict[str, int]],
) -> None:
    frame, units = sample
    for made in (
        survey_design(frame, strata="stratum", population=units),
        survey_design(frame, population=sum(units.values())),
    ):
        for by in (None, "stratum", "group"):
            for row in proportion(made, "uses", by=by).rows:
                assert row.low is not None
                assert row.high is not None
                assert row.bounds_low is not None
                assert row.bounds_high is not None
                assert row.low <= row.estimate <= row.high
                assert row.bounds_low - 1e-12 <= row.low
                assert row.high <= row.bounds_high + 1e-12
                assert np.isfinite([row.estimate, row.low, row.high, row.base]).all()


@settings(max_examples=40, deadline=None)
@given(samples())
def test_full_response_has_no_uncertainty(sample: tuple[pd.DataFrame, dict[str, int]]) -> None:
    frame, _ = sample
    whole = {name: int((frame["stratum"] == name).sum()) for name in STRATA}
    made = survey_design(frame, strata="stratum", population=whole)
    for row in (*proportion(made, "uses", by="group").rows, *mean(made, "cases").rows, *total(made, "cases").rows):
        assert row.low == pytest.approx(row.estimate, abs=1e-9)
        assert row.high == pytest.approx(row.estimate, abs=1e-9)
        assert row.se == pytest.approx(0, abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(samples(), st.randoms(use_true_random=False))
def test_order_and_names_of_rows_change_nothing(
    sample: tuple[pd.DataFrame, dict[str, int]], random: np.random.RandomState
) -> None:
    frame, units = sample
    order = list(range(len(frame)))
    random.shuffle(order)
    renamed = {"a": "z", "b": "y", "c": "x"}
    shuffled = frame.iloc[order].assign(stratum=lambda f: f["stratum"].map(renamed))
    first = proportion(survey_design(frame, strata="stratum", population=units), "uses", category=1, by="group")
    moved = {renamed[name]: size for name, size in units.items()}
    second = proportion(survey_design(shuffled, strata="stratum", population=moved), "uses", category=1, by="group")
    for ours, theirs in zip(first.rows, second.rows, strict=True):
        assert (ours.estimate, ours.se, ours.df) == pytest.approx((theirs.estimate, theirs.se, theirs.df), abs=1e-12)
        assert (ours.low, ours.high, ours.n, ours.count) == pytest.approx(
            (theirs.low, theirs.high, theirs.n, theirs.count), abs=1e-12
        )


@settings(max_examples=40, deadline=None)
@given(samples(), st.floats(0.1, 1000))
def test_scaled_weights_give_the_same_shares_and_means(
    sample: tuple[pd.DataFrame, dict[str, int]], factor: float
) -> None:
    frame, _ = sample
    frame = frame.assign(w=1.0 + frame["cases"] % 3, scaled=lambda f: factor * f["w"])
    one, other = survey_design(frame, weights="w"), survey_design(frame, weights="scaled")
    for verb in (proportion, mean):
        for ours, theirs in zip(verb(one, "uses").rows, verb(other, "uses").rows, strict=True):
            assert (ours.estimate, ours.se) == pytest.approx((theirs.estimate, theirs.se), abs=1e-10)


@settings(max_examples=30, deadline=None)
@given(samples())
def test_groups_add_up_to_the_whole(sample: tuple[pd.DataFrame, dict[str, int]]) -> None:
    frame, units = sample
    made = survey_design(frame, strata="stratum", population=units)
    parts = total(made, "cases", by="group")
    whole = total(made, "cases").rows[0]
    together = contrast(parts, [1.0] * len(parts.rows)).rows[0]
    assert (together.estimate, together.se) == pytest.approx((whole.estimate, whole.se), rel=1e-9, abs=1e-9)


def test_a_population_without_end_gives_the_classic_result() -> None:
    rng = np.random.default_rng(11)
    frame = pd.DataFrame({"uses": rng.integers(0, 2, 60), "cases": rng.normal(10, 3, 60)})
    endless = survey_design(frame, population=10**9)
    sample_mean = mean(endless, "cases").rows[0]
    assert sample_mean.estimate == pytest.approx(frame["cases"].mean())
    assert sample_mean.se == pytest.approx(frame["cases"].std() / 60**0.5, rel=1e-6)
    share = proportion(endless, "uses", category=1).rows[0]
    assert (share.low, share.high) == pytest.approx(indicators.clopper_pearson(share.count or 0, 60), abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 40), st.integers(0, 30), st.data())
def test_the_exact_interval_mirrors_and_widens_with_the_level(n: int, silent: int, data: st.DataObject) -> None:
    count = data.draw(st.integers(0, n))
    low, high = finite.hypergeometric_counts(count, n, n + silent, 0.95)
    mirrored = finite.hypergeometric_counts(n - count, n, n + silent, 0.95)
    wider = finite.hypergeometric_counts(count, n, n + silent, 0.99)
    assert (low, high) == (n + silent - mirrored[1], n + silent - mirrored[0])
    assert count <= low <= high <= count + silent
    assert wider[0] <= low <= high <= wider[1]


def test_the_exact_interval_inverts_the_test_as_its_definition_says() -> None:
    # survey-statistics, section 2: 3 of 10 of 50 gives 5 to 31, since P(X >= 3 | M = 4) = 0.0218 < 0.025
    from scipy.stats import hypergeom  # the independent yardstick

    for count, n, population in ((3, 10, 50), (0, 60, 98), (41, 69, 98), (97, 97, 98), (1, 38, 98)):
        members = np.arange(count, population - n + count + 1)
        above = members[hypergeom.sf(count - 1, population, members, n) > 0.025]
        below = members[hypergeom.cdf(count, population, members, n) > 0.025]
        assert finite.hypergeometric_counts(count, n, population, 0.95) == (above.min(), below.max())


def test_the_predictive_limits_are_those_of_the_convolution() -> None:
    from scipy.stats import betabinom  # the independent yardstick

    sizes, asked, counts = np.array([20, 9, 6]), np.array([29, 17, 11]), np.array([3, 4, 0])
    limits = []
    for having in (counts, sizes - counts):
        mass = np.array([1.0])
        for n, whole, x in zip(sizes, asked, having, strict=True):
            prior = 1e-9, whole / asked.sum()
            mass = np.convolve(mass, betabinom.pmf(np.arange(whole - n + 1), whole - n, x + prior[0], n - x + prior[1]))
        limits.append(having.sum() + np.searchsorted(np.cumsum(mass), 0.025))
    expected = limits[0], asked.sum() - limits[1]
    low, high = finite.predictive_counts(
        counts[None, :] * 1.0, sizes[None, :] * 1.0, (asked - sizes)[None, :] * 1.0, 0.95
    )
    assert (low[0], high[0]) == expected


def test_with_one_cell_the_predictive_limits_are_the_exact_ones() -> None:
    for n in (12, 30, 60, 97):
        count = np.arange(n + 1.0)[:, None]
        low, high = finite.predictive_counts(count, np.full_like(count, n), np.full_like(count, 98 - n), 0.95)
        exact = [finite.hypergeometric_counts(x, n, 98, 0.95) for x in range(n + 1)]
        assert list(zip(low.astype(int).tolist(), high.astype(int).tolist(), strict=True)) == exact


def test_the_predictive_limits_of_an_open_base_are_those_of_a_simulation() -> None:
    rng = np.random.default_rng(5)
    counts, sizes, outside, unseen = (np.array(each) for each in ([2.0, 3.0], [9.0, 7.0], [15.0, 7.0], [5.0, 8.0]))
    part = (sizes + outside + unseen) / (sizes + outside + unseen).sum()
    simulated = []
    for prior, tail in (((0.0, 1.0, 0.5), 0.025), ((1.0, 0.0, 0.5), 0.975)):
        yes, base = np.full(100_000, counts.sum()), np.full(100_000, sizes.sum())
        for x, n, out, silent, own in zip(counts, sizes, outside, unseen, part, strict=True):
            shares = rng.dirichlet(np.array([x, n - x, out]) + own * np.array(prior), 100_000)
            drawn = rng.multinomial(int(silent), shares)
            yes, base = yes + drawn[:, 0], base + drawn[:, 0] + drawn[:, 1]
        simulated.append(np.quantile(yes / base, tail))
    arrays = (counts[None, :], sizes[None, :], outside[None, :], unseen[None, :])
    low, high = finite.predictive_shares(*arrays, level=0.95)
    assert (low[0], high[0]) == pytest.approx(tuple(simulated), abs=0.005)


def test_shares_of_a_routed_question_lie_within_their_bounds() -> None:
    made = design(municipal_data(), strata="region")
    for by in (None, "region", "size", "barrier"):
        for row in choices(made, "why", by=by).rows:
            assert row.bounds_low is not None
            assert row.bounds_high is not None
            assert row.low is not None
            assert row.high is not None
            assert row.bounds_low <= row.low <= row.estimate <= row.high <= row.bounds_high


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 30), st.integers(1, 30), st.integers(0, 30), st.integers(1, 30))
def test_the_interval_of_a_difference_holds_it_and_mirrors(x1: int, n1: int, x2: int, n2: int) -> None:
    later, earlier = (min(x1, n1), n1), (min(x2, n2), n2)
    low, high = indicators.miettinen_nurminen(later, earlier)
    mirrored = indicators.miettinen_nurminen(earlier, later)
    assert low <= later[0] / n1 - earlier[0] / n2 <= high
    assert (low, high) == pytest.approx((-mirrored[1], -mirrored[0]), abs=1e-9)


@settings(max_examples=30, deadline=None)
@given(st.floats(allow_nan=True, allow_infinity=True))
def test_no_level_outside_0_and_1_gives_a_number(level: float) -> None:
    made = survey_design(pd.DataFrame({"y": [0, 1, 1]}))
    if not 0 < level < 1:
        with pytest.raises(DesignError):
            proportion(made, "y", level=level, interval=interval.logit())
