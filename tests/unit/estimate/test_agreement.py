"""Agreement of coders: published examples, missing codes, intervals that a seed gives again, and what is refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.inter_rater import aggregate_raters, cohens_kappa, fleiss_kappa

from evaltools.errors import DesignError
from evaltools.estimate import Estimate, agreement
from evaltools.estimate.agreement import Codes, Resampled
from evaltools.estimate.agreement.krippendorff import Scale
from evaltools.estimate.result import NO_R
from municipal_survey import municipal_data

FOUR = ["a", "b", "c", "d"]
SPINE: dict[str, list[float | None]] = {
    "a": [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    "b": [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    "c": [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    "d": [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
}
"""Krippendorff (2011), Computing Krippendorff's alpha-reliability: four observers, twelve units."""
ANXIETY: dict[str, list[str]] = {
    "first": ["none"] * 40 + ["mild"] * 30 + ["severe"] * 20,
    "second": ["none"] * 30 + ["mild"] * 8 + ["severe"] * 2 + ["none"] * 6 + ["mild"] * 18 + ["severe"] * 6
    + ["none"] * 1 + ["mild"] * 5 + ["severe"] * 14,
}  # fmt: skip
"""Made up: two coders of 90 interviews on three codes in order."""
ORDER = Codes(order=("none", "mild", "severe"))


def frame() -> pd.DataFrame:
    return pd.DataFrame(SPINE)


def one(estimate: Estimate) -> float:
    return estimate.rows[0].estimate


@pytest.mark.parametrize(
    ("scale", "published"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)]
)
def test_alpha_is_that_of_krippendorffs_own_example(scale: Scale, published: float) -> None:
    found = agreement.krippendorff(frame(), FOUR, scale=scale, resampled=Resampled(200))
    assert round(one(found), 3) == published
    assert found.rows[0].n == 11
    assert "1 enheder er kodet af højst én" in found.notes[1]


def by_pairs(rows: Sequence[Sequence[float | None]], apart: Callable[[float, float], float]) -> float:
    """Alpha by its definition: mean distance of pairs within units over that of all pairs."""
    units = [[value for value in unit if value is not None] for unit in rows]
    units = [unit for unit in units if len(unit) > 1]
    whole = [value for unit in units for value in unit]
    seen = sum(sum(apart(x, y) for x, y in combinations(unit, 2)) * 2 / (len(unit) - 1) for unit in units) / len(whole)
    size = len(whole) * (len(whole) - 1)
    return 1 - seen / (sum(apart(x, y) for x, y in combinations(whole, 2)) * 2 / size)


def test_alpha_of_other_codes_is_the_mean_distance_of_pairs() -> None:
    chance = np.random.default_rng(4)
    true = chance.integers(0, 5, 60)
    said = np.array([true + chance.integers(-1, 2, 60) for _ in range(3)]).T.clip(0, 5).astype(float)
    said[chance.random(said.shape) < 0.15] = np.nan
    table = pd.DataFrame(said, columns=["x", "y", "z"])
    rows = [[None if np.isnan(value) else value for value in row] for row in said.tolist()]
    ways: dict[str, Callable[[float, float], float]] = {
        "nominal": lambda x, y: float(x != y),
        "interval": lambda x, y: (x - y) ** 2,
        "ratio": lambda x, y: 0.0 if x == y else ((x - y) / (x + y)) ** 2,
    }
    for scale, apart in ways.items():
        found = agreement.krippendorff(table, ["x", "y", "z"], scale=scale, resampled=Resampled(100))  # type: ignore[arg-type]  # the literals
        assert one(found) == pytest.approx(by_pairs(rows, apart), abs=1e-12)


def test_cohens_kappa_has_the_standard_error_of_fleiss_cohen_and_everitt() -> None:
    # by hand: seen 62/90, expected (40*37 + 30*31 + 20*22) / 8100
    found = agreement.cohen(pd.DataFrame(ANXIETY), ["first", "second"], codes=ORDER)
    seen, expected = 62 / 90, (40 * 37 + 30 * 31 + 20 * 22) / 8100
    assert one(found) == pytest.approx((seen - expected) / (1 - expected))
    assert found.extra == pytest.approx({"observed": seen, "expected": expected})
    row = found.rows[0]
    assert row.se is not None
    assert row.low == pytest.approx(row.estimate - 1.959964 * row.se, abs=1e-6)


def test_kappa_with_weights_and_its_error_are_those_of_statsmodels() -> None:
    table = pd.crosstab(pd.Series(ANXIETY["first"]), pd.Series(ANXIETY["second"]))
    table = table.reindex(index=ORDER.order, columns=ORDER.order)
    for weights, theirs in (("none", None), ("linear", "linear"), ("quadratic", "quadratic")):
        ours = agreement.cohen(pd.DataFrame(ANXIETY), ["first", "second"], weights=weights, codes=ORDER).rows[0]  # type: ignore[arg-type]  # the literals
        known = cohens_kappa(table.to_numpy(), wt=theirs)
        assert ours.estimate == pytest.approx(known.kappa, abs=1e-12)
        assert ours.se == pytest.approx(known.std_kappa, abs=1e-12)


def test_fleiss_kappa_is_that_of_statsmodels() -> None:
    complete = frame().dropna()
    counts, _ = aggregate_raters(complete.to_numpy())
    found = agreement.fleiss(frame(), FOUR)
    assert one(found) == pytest.approx(fleiss_kappa(counts), abs=1e-12)
    assert found.notes == ("4 enheder er ikke kodet af alle og er ikke regnet med.",)
    assert found.rows[0].n == 8


def test_two_coders_who_agree_by_nominal_alpha_nearly_do_by_kappa() -> None:
    table = pd.DataFrame(ANXIETY)
    alpha = agreement.krippendorff(table, ["first", "second"], resampled=Resampled(100))
    assert one(alpha) == pytest.approx(one(agreement.fleiss(table, ["first", "second"])), abs=0.01)


def test_an_interval_follows_from_its_seed_and_covers_as_often_as_it_says() -> None:
    table = pd.DataFrame(ANXIETY)
    first, again, other = (
        agreement.cohen(table, ["first", "second"], resampled=Resampled(400, seed)).rows[0] for seed in (7, 7, 8)
    )
    assert (first.low, first.high) == (again.low, again.high)
    assert (first.low, first.high) != (other.low, other.high)
    plain = agreement.cohen(table, ["first", "second"]).rows[0]
    assert first.low == pytest.approx(plain.low, abs=0.04)
    assert first.high == pytest.approx(plain.high, abs=0.04)


def test_bootstrap_intervals_cover_the_kappa_that_is_true() -> None:
    chance = np.random.default_rng(11)
    joint = np.array([[0.35, 0.1], [0.1, 0.45]])
    expected = 0.45 * 0.45 + 0.55 * 0.55
    true = (0.8 - expected) / (1 - expected)
    covered = 0
    for seed in range(120):
        cells = chance.choice(4, 80, p=joint.ravel())
        table = pd.DataFrame({"a": cells // 2, "b": cells % 2})
        row = agreement.cohen(table, ["a", "b"], resampled=Resampled(300, seed)).rows[0]
        assert row.low is not None
        assert row.high is not None
        covered += row.low <= true <= row.high
    assert covered / 120 > 0.88  # 0.95 less three standard errors


def test_codes_that_mean_missing_are_no_codes() -> None:
    said = frame().fillna(99)
    assert one(
        agreement.krippendorff(said, FOUR, codes=Codes(missing=("99",)), resampled=Resampled(100))
    ) == pytest.approx(one(agreement.krippendorff(frame(), FOUR, resampled=Resampled(100))))


def test_words_on_an_ordinal_scale_need_their_order() -> None:
    table = pd.DataFrame(ANXIETY)
    found = agreement.krippendorff(table, ["first", "second"], scale="ordinal", codes=ORDER, resampled=Resampled(100))
    numbers = table.apply(lambda column: column.map({"none": 1, "mild": 2, "severe": 3}))
    assert one(found) == pytest.approx(
        one(agreement.krippendorff(numbers, ["first", "second"], scale="ordinal", resampled=Resampled(100)))
    )


def test_recorded_code_gives_the_result_again() -> None:
    data = municipal_data()
    names = [name for name, each in data.variables.items() if each.field.item.kind == "grid"][:2]
    found = agreement.krippendorff(data, names, codes=Codes(missing=("9",)), resampled=Resampled(150, 5))
    assert found.source.code == (
        f'krippendorff({data.code}, ("{names[0]}", "{names[1]}"), scale="nominal", codes=Codes((), ("9",)), '
        "resampled=Resampled(150, 5))"
    )
    assert found.source.origin == data.origin


def test_every_coefficient_names_its_function_in_r() -> None:
    table = frame().dropna()
    for found in (
        agreement.cohen(table, ["a", "b"]), agreement.fleiss(table, FOUR), agreement.krippendorff(table, FOUR)
    ):  # fmt: skip
        assert found.r_code().startswith("irr::")
        assert not found.r_code().startswith(NO_R)


SAME = pd.DataFrame({"a": ["1"] * 9, "b": ["1"] * 9})
MISTAKES: dict[str, tuple[str, Callable[[], object]]] = {
    "one coder": ("TOO_FEW_CODERS", lambda: agreement.fleiss(frame(), ["a"])),
    "a name for a list": ("TOO_FEW_CODERS", lambda: agreement.cohen(frame(), "ab")),
    "three coders for two": ("TOO_MANY_CODERS", lambda: agreement.cohen(frame(), FOUR[:3])),
    "a column that is not there": ("NO_SUCH_VARIABLE", lambda: agreement.cohen(frame(), ["a", "x"])),
    "a coder twice": ("CODER_TWICE", lambda: agreement.krippendorff(frame(), ["a", "a"])),
    "a code outside the order": (
        "CODE_WITHOUT_ORDER", lambda: agreement.krippendorff(frame(), FOUR, codes=Codes(order=("1", "2")))
    ),
    "no codes at all": ("NO_CODES", lambda: agreement.fleiss(pd.DataFrame({"a": [None], "b": [None]}), ["a", "b"])),
    "all the same": ("NO_VARIATION_IN_CODES", lambda: agreement.cohen(SAME, ["a", "b"])),
    "all the same, several": ("NO_VARIATION_IN_CODES", lambda: agreement.fleiss(SAME, ["a", "b"])),
    "all the same, alpha": ("NO_VARIATION_IN_CODES", lambda: agreement.krippendorff(SAME, ["a", "b"])),
    "one unit": ("TOO_FEW_UNITS", lambda: agreement.cohen(frame().head(2), ["a", "c"])),
    "one unit, alpha": ("TOO_FEW_UNITS", lambda: agreement.krippendorff(frame().head(1), ["a", "c"])),
    "words as numbers": (
        "CODES_NOT_NUMBERS", lambda: agreement.krippendorff(pd.DataFrame(ANXIETY), ["first", "second"], scale="interval")
    ),
    "ratios below zero": (
        "CODES_NOT_NUMBERS",
        lambda: agreement.krippendorff(pd.DataFrame({"a": [-1, 2], "b": [-1, 2]}), ["a", "b"], scale="ratio"),
    ),
    "words without order": (
        "NO_ORDER", lambda: agreement.krippendorff(pd.DataFrame(ANXIETY), ["first", "second"], scale="ordinal")
    ),
    "an unknown scale": ("NO_SUCH_SCALE", lambda: agreement.krippendorff(frame(), FOUR, scale="metric")),  # type: ignore[arg-type]
    "unknown weights": ("NO_SUCH_WEIGHTS", lambda: agreement.cohen(frame(), ["a", "b"], weights="square")),  # type: ignore[arg-type]
    "ten replicates": ("TOO_FEW_REPLICATES", lambda: agreement.fleiss(frame(), FOUR, resampled=Resampled(10))),
    "a level in per cent": ("LEVEL_NOT_A_SHARE", lambda: agreement.fleiss(frame(), FOUR, level=95)),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_what_cannot_be_told_is_refused_with_a_remedy(mistake: str) -> None:
    code, made = MISTAKES[mistake]
    with pytest.raises(DesignError) as refused:
        made()
    assert refused.value.code == code
    assert refused.value.faults[0].remedy
