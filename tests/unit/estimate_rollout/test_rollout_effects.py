"""Effects of made-up rollouts against plain numpy, dense least squares and pyfixest: numbers found in another way."""

from __future__ import annotations

import itertools
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pyfixest
import pytest
from scipy.stats import chi2, norm

import evaltools as ev
from evaltools.dataset import Panel
from evaltools.errors import DesignError
from evaltools.estimate.arrays import Floats
from evaltools.estimate.rollout import About, GroupTimeEffects, RolloutPanel
from evaltools.memo.expressions import evaluate_code
from rollout_panels import WAVES, YEARS, rollout_frame

ENGLISH = About(method="Family group conference", language="en")
SHARE = ("network", "placements")
PYFIXEST = pytest.mark.filterwarnings("ignore:The inplace keyword")
"""pyfixest uses a keyword that pandas will drop."""


def panel_of(frame: pd.DataFrame, **more: Any) -> RolloutPanel:
    told: dict[str, Any] = {"unit": "kommune", "period": "year", "first": "first", "about": ENGLISH, **more}
    return ev.rollout.panel(frame, **told)


def wide(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """Shares by unit and year, and the first year of each unit."""
    share = frame.assign(share=frame.network / frame.placements)
    return share.pivot_table(index="kommune", columns="year", values="share"), frame.groupby("kommune")["first"].first()


def by_hand(y: Floats, first: Floats, weights: Floats) -> dict[tuple[int, int], tuple[float, float]]:
    """ATT(g,t) against units not yet treated, as differences of (weighted) means, with their standard errors."""
    found = {}
    years = list(YEARS)
    for cohort, year in itertools.product(WAVES, years[1:]):
        base = cohort - 1 if year >= cohort else year - 1
        mine = first == cohort
        others = ((first > max(year, base)) | np.isnan(first)) & ~mine
        if not others.any():
            continue
        change = y[:, years.index(year)] - y[:, years.index(base)]
        means, spread = [], 0.0
        for who in (mine, others):
            share = weights[who] / weights[who].sum()
            means.append(float(share @ change[who]))
            rest = np.eye(len(share)) - share  # HC2 where units count unlike: what the mean leaves of a residual
            left = np.diag(rest @ rest.T) if np.ptp(weights) else 1.0
            spread += float(((share * (change[who] - means[-1])) ** 2 / left).sum())
        found[cohort, year] = (means[0] - means[1], spread**0.5)
    return found


def effect_cells(effects: GroupTimeEffects) -> dict[tuple[int, int], tuple[float, float]]:
    return {
        (int(row.coordinate("cohort")), int(row.coordinate("period"))): (row.estimate, row.se or 0.0)
        for row in effects.rows
    }


@pytest.mark.parametrize(("seed", "never"), [(1, 14), (2, 0), (3, 40)])
@pytest.mark.parametrize("average", ["unit", "size"])
def test_effects_by_cohort_and_year_are_differences_of_means(seed: int, never: int, average: Any) -> None:
    frame = rollout_frame(seed=seed, never=never)
    y, first = wide(frame)
    early = frame[frame.year < min(WAVES)]
    weights = pd.Series(1.0, first.index) if average == "unit" else early.groupby("kommune").children.mean()
    ours = effect_cells(ev.rollout.group_time_effects(panel_of(frame, size="children"), SHARE, average=average))
    theirs = by_hand(y.to_numpy(), first.to_numpy(), np.asarray(weights, dtype=np.float64))
    assert set(ours) == set(theirs)
    for cell, numbers in theirs.items():
        assert ours[cell] == pytest.approx(numbers, rel=1e-9)


def test_the_simple_average_is_weighted_by_the_size_of_cohorts_and_its_error_by_resampling_units() -> None:
    frame = rollout_frame(seed=4)
    y, first = wide(frame)
    effects = ev.rollout.group_time_effects(panel_of(frame), SHARE)

    def simple(y: Floats, first: Floats) -> float:
        found = by_hand(y, first, np.ones(len(first)))
        cells = {cell: value for cell, (value, _) in found.items() if cell[1] >= cell[0]}
        return float(np.average(list(cells.values()), weights=[(first == cohort).sum() for cohort, _ in cells]))

    row = ev.rollout.aggregate(effects).row()
    assert row.estimate == pytest.approx(simple(y.to_numpy(), first.to_numpy()), rel=1e-9)
    draw = np.random.default_rng(1)
    found = []
    for _ in range(400):
        chosen = draw.integers(0, len(first), len(first))
        found.append(simple(y.to_numpy()[chosen], first.to_numpy()[chosen]))
    # 400 bootstrap replicates tell a standard error to about 4 per cent
    assert row.se == pytest.approx(np.std(found), rel=0.12)


def test_imputation_is_least_squares_on_all_rows_without_the_method() -> None:
    for never in (14, 0):
        frame = rollout_frame(seed=5, never=never)
        y, first = wide(frame)
        long = y.reset_index().melt("kommune", value_name="y", var_name="year")
        start = long.kommune.map(first)
        untreated = ~(long.year >= start)
        told = long.year.isin(long.year[untreated])
        dummies = pd.get_dummies(long[["kommune", "year"]].astype(str)).to_numpy(dtype=float)
        fitted = np.linalg.lstsq(dummies[untreated], long.y[untreated], rcond=None)[0]
        effect = (long.y - dummies @ fitted)[~untreated & told]
        ours = ev.rollout.imputation(panel_of(frame), SHARE)
        assert ours.row(event="all").estimate == pytest.approx(effect.mean(), abs=1e-9)
        since = (long.year - start)[~untreated & told]
        assert ours.row(event="1").estimate == pytest.approx(effect[since == 1].mean(), abs=1e-9)


def test_imputation_for_the_average_child_weighs_rows_in_the_model_and_in_the_average() -> None:
    frame = rollout_frame(seed=5).assign(share=lambda rows: rows.network / rows.placements)
    weight = frame.children.to_numpy(dtype=float)
    untreated = (~(frame.year >= frame["first"])).to_numpy()
    dummies = pd.get_dummies(frame[["kommune", "year"]].astype(str)).to_numpy(dtype=float)
    root = np.sqrt(weight[untreated])
    fitted = np.linalg.lstsq(dummies[untreated] * root[:, None], frame.share[untreated] * root, rcond=None)[0]
    effect = (frame.share - dummies @ fitted)[~untreated]
    ours = ev.rollout.imputation(panel_of(frame, size="children"), "share", average="size")
    assert ours.row(event="all").estimate == pytest.approx(np.average(effect, weights=weight[~untreated]), abs=1e-9)


@PYFIXEST
def test_the_diagnostic_regressions_are_those_of_pyfixest() -> None:
    frame = rollout_frame(seed=6).assign(share=lambda rows: rows.network / rows.placements)
    frame["treated"] = (frame.year >= frame["first"]).astype(int)
    theirs = pyfixest.feols("share ~ treated | kommune + year", frame, vcov={"CRV1": "kommune"})
    ours = ev.rollout.two_way_fixed_effects(panel_of(frame), "share").row()
    assert ours.estimate == pytest.approx(theirs.coef().iloc[0], rel=1e-8)
    assert ours.se == pytest.approx(theirs.se().iloc[0], rel=1e-8)
    pairs = ev.rollout.goodman_bacon(panel_of(frame), "share")
    assert pairs.extra["two_way"] == pytest.approx(ours.estimate, rel=1e-9)
    assert sum(row.base for row in pairs.rows if row.coordinate("treated") != "all") == pytest.approx(1.0)


@PYFIXEST
def test_sun_and_abraham_is_the_saturated_regression_of_pyfixest() -> None:
    frame = rollout_frame(seed=7).assign(share=lambda rows: rows.network / rows.placements)
    ours = ev.rollout.sun_abraham(panel_of(frame), "share")
    since = (frame.year - frame["first"]).fillna(-1).astype(int)
    columns = {}
    for cohort in WAVES:
        for event in sorted(set(since[frame["first"] == cohort]) - {-1}):
            columns[f"c{cohort}_{'m' if event < 0 else 'p'}{abs(event)}"] = (frame["first"] == cohort) & (
                since == event
            )
    saturated = pd.concat([frame, pd.DataFrame(columns).astype(float)], axis=1)
    fit = pyfixest.feols(f"share ~ {' + '.join(columns)} | kommune + year", saturated, vcov={"CRV1": "kommune"})
    sizes = frame.groupby("kommune")["first"].first().value_counts()
    for event in (-3, 0, 2):
        names = [name for name in columns if name.endswith(f"_{'m' if event < 0 else 'p'}{abs(event)}")]
        mean = np.average(fit.coef()[names], weights=[sizes[int(name[1:5])] for name in names])
        assert ours.row(event=str(event)).estimate == pytest.approx(mean, abs=1e-9)


def test_doubly_robust_and_regression_agree_where_covariates_do_not_matter_and_differ_little_where_they_do() -> None:
    frame = rollout_frame(seed=8)
    panel = panel_of(frame)
    plain = ev.rollout.group_time_effects(panel, SHARE, controls="never_treated")
    robust, regression = (
        ev.rollout.group_time_effects(panel, SHARE, covariates=["deprived"], adjustment=how, controls="never_treated")
        for how in ("doubly_robust", "regression")
    )
    for one, other, bare in zip(robust.rows, regression.rows, plain.rows, strict=True):
        assert one.estimate == pytest.approx(other.estimate, abs=0.02)
        assert one.estimate == pytest.approx(bare.estimate, abs=0.03)
        assert one.se == pytest.approx(other.se, rel=0.4)


def test_the_band_for_all_points_is_wider_than_each_interval_and_narrower_than_bonferroni() -> None:
    effects = ev.rollout.group_time_effects(panel_of(rollout_frame(seed=9)), SHARE)
    both = ev.rollout.event_study(effects)
    one = ev.rollout.event_study(effects, bands="pointwise")
    points = len(both.rows)
    bonferroni = -norm.ppf(0.025 / points)
    assert 1.96 < both.extra["critical_value"] < bonferroni
    for wide_row, row in zip(both.rows, one.rows, strict=True):
        assert (wide_row.low or 0) < (row.low or 0)
        assert wide_row.se == row.se


def test_the_average_of_children_is_not_the_average_of_municipalities_and_the_result_says_which() -> None:
    panel = panel_of(rollout_frame(seed=10), size="children")
    by_unit, by_size = (
        ev.rollout.aggregate(ev.rollout.group_time_effects(panel, SHARE, average=which)) for which in ("unit", "size")
    )
    assert by_unit.row().estimate != pytest.approx(by_size.row().estimate, abs=1e-5)
    assert "about the average of municipalities" in by_unit.notes[0]
    assert "about the average of children" in by_size.notes[0]


def test_when_all_adopt_the_last_wave_is_comparison_only_and_the_result_says_why() -> None:
    frame = rollout_frame(seed=11, never=0)
    effects = ev.rollout.group_time_effects(panel_of(frame), SHARE)
    told = " ".join(effects.notes)
    assert "the cohort 2018" in told
    assert "comparison only" in told
    assert "Not identified: 2018. Nobody is left without the method there." in told
    assert not any(row.coordinate("period") == "2018" for row in effects.rows)
    assert effects.extra["never"] == 0.0
    assert effects.extra["cohort_2018"] == 24.0


def test_small_cohorts_are_pointed_out_and_one_unit_has_no_uncertainty() -> None:
    frame = rollout_frame(seed=12)
    wave = frame["first"].eq(2015)
    keep = frame.kommune[wave].unique()[:1]
    frame = frame[~wave | frame.kommune.isin(keep)]
    effects = ev.rollout.group_time_effects(panel_of(frame), SHARE)
    assert all(row.se is None and row.low is None for row in effects.rows if row.coordinate("cohort") == "2015")
    assert any("fewer than 5: 2015 (1 municipality)" in note for note in effects.notes)
    assert any("an uncertainty cannot be found from one" in note for note in effects.notes)


def test_units_that_had_the_method_from_the_start_are_not_used_and_that_is_said() -> None:
    frame = rollout_frame(seed=13)
    frame.loc[frame["first"] == 2015, "first"] = 2011
    effects = ev.rollout.group_time_effects(panel_of(frame), SHARE)
    assert {row.coordinate("cohort") for row in effects.rows} == {"2016", "2017", "2018"}
    assert any("had the method in the first period (2011)" in note for note in effects.notes)
    imputed = ev.rollout.imputation(panel_of(frame), SHARE)
    rest = ev.rollout.imputation(panel_of(frame[frame["first"] != 2011]), SHARE)
    assert imputed.row(event="all").estimate == pytest.approx(rest.row(event="all").estimate, abs=1e-12)


def test_a_unit_that_stops_again_is_flagged_and_counts_from_the_first_time() -> None:
    frame = rollout_frame(seed=14)
    frame["uses"] = (frame.year >= frame["first"]).astype(int)
    back = frame[frame["first"] == 2016].kommune.iloc[0]
    frame.loc[(frame.kommune == back) & (frame.year == 2018), "uses"] = 0
    panel = panel_of(frame, first=None, treated="uses")
    who = ev.rollout.adoption(panel)
    assert who.reversals == (back,)
    assert who.table.set_index("unit").loc[back].tolist() == ["2016", True]
    assert who.row(cohort="never").count == 14
    assert any(note.startswith("1 municipality have the method and then not") for note in who.notes)


def test_a_period_in_words_works_as_a_year_does() -> None:
    frame = rollout_frame(seed=15)
    words = frame.assign(
        year=frame.year.map("{}-Q1".format), first=frame["first"].map(lambda y: f"{y:.0f}-Q1" if y == y else None)
    )
    one, other = (ev.rollout.group_time_effects(panel_of(each), SHARE) for each in (frame, words))
    assert [row.estimate for row in one.rows] == [row.estimate for row in other.rows]
    assert other.rows[0].coordinate("cohort") == "2015-Q1"


def test_placebo_dates_use_nothing_from_after_adoption() -> None:
    frame = rollout_frame(seed=16)
    spoilt = frame.copy()
    spoilt.loc[spoilt.year >= spoilt["first"], "network"] = 0
    one, other = (ev.rollout.placebo_dates(panel_of(each), SHARE, earlier=[1, 2]) for each in (frame, spoilt))
    assert [row.estimate for row in one.rows] == [row.estimate for row in other.rows]
    y, first = wide(frame)
    theirs = []
    for cohort in WAVES:
        others = (first > cohort) | first.isna()
        change = y[cohort - 1] - y[cohort - 2]
        theirs.append((change[first == cohort].mean() - change[others].mean(), int((first == cohort).sum())))
    expected = np.average([value for value, _ in theirs], weights=[size for _, size in theirs])
    assert one.row(earlier="1").estimate == pytest.approx(expected, rel=1e-9)


def test_leaving_a_cohort_out_is_estimating_without_it() -> None:
    frame = rollout_frame(seed=17)
    found = ev.rollout.leave_one_cohort_out(panel_of(frame), SHARE)
    rest = ev.rollout.group_time_effects(panel_of(frame[frame["first"] != 2016]), SHARE)
    assert found.row(without="2016").estimate == ev.rollout.aggregate(rest).row().estimate
    assert [row.coordinate("without") for row in found.rows] == ["none", "2015", "2016", "2017", "2018"]


def test_the_test_of_trends_before_finds_the_slope_that_it_says_it_finds() -> None:
    frame = rollout_frame(seed=18, effect=0.0).assign(share=lambda rows: rows.network / rows.placements)
    effects = ev.rollout.group_time_effects(panel_of(frame), "share", controls="never_treated")
    power = ev.rollout.pre_trend_power(effects, power=0.8)
    slope, covariance = power.row(quantity="slope").estimate, effects.covariance
    assert covariance is not None
    before = [place for place, row in enumerate(effects.rows) if int(row.coordinate("event")) < 0]
    draw = np.random.default_rng(1)
    sigma = covariance[np.ix_(before, before)]
    drawn = draw.multivariate_normal(np.full(len(before), slope), sigma, size=4000)
    statistic = np.einsum("ij,jk,ik->i", drawn, np.linalg.pinv(sigma, hermitian=True), drawn)
    limit = chi2.ppf(0.95, ev.rollout.pre_trend_test(effects).df[0])
    assert np.mean(statistic > limit) == pytest.approx(0.8, abs=0.02)
    last = max(int(row.coordinate("event")) for row in effects.rows)
    assert power.row(quantity="bias").estimate == pytest.approx(slope * (last + 1))


def test_nothing_that_comes_in_is_changed() -> None:
    frame = rollout_frame(seed=19)
    before = frame.copy()
    panel = panel_of(frame, size="children")
    ev.rollout.group_time_effects(panel, SHARE, average="size", covariates=["deprived"])
    ev.rollout.imputation(panel, SHARE)
    pd.testing.assert_frame_equal(frame, before)


def test_shuffled_rows_give_the_same_numbers() -> None:
    frame = rollout_frame(seed=20)
    one = ev.rollout.group_time_effects(panel_of(frame), SHARE)
    other = ev.rollout.group_time_effects(panel_of(frame.sample(frac=1.0, random_state=1)), SHARE)
    assert [row.estimate for row in one.rows] == [row.estimate for row in other.rows]


def test_the_code_of_every_result_gives_it_again() -> None:
    frame = ev.rollout.example_rollout()
    about = About(code="rollout.example_rollout()", language="en")
    panel = ev.rollout.panel(frame, unit="municipality", period="year", first="first", size="children", about=about)
    flow = ("new_network", "new")
    effects = ev.rollout.group_time_effects(panel, flow, controls="never_treated", base="universal", average="size")
    study = ev.rollout.event_study(effects, level=0.9)
    results: list[Any] = [
        ev.rollout.adoption(panel),
        effects,
        study,
        ev.rollout.aggregate(effects, "group"),
        ev.rollout.imputation(panel, flow, average="size"),
        ev.rollout.sun_abraham(panel, flow),
        ev.rollout.two_way_fixed_effects(panel, flow, level=0.8),
        ev.rollout.goodman_bacon(panel, flow),
        ev.rollout.pre_trend_power(effects, power=0.5),
        ev.rollout.sensitivity(study, "smooth", bounds=[0.0, 0.001], effect="first"),
        ev.rollout.placebo_dates(panel, flow, earlier=[1]),
        ev.rollout.leave_one_cohort_out(panel, flow, kind="group"),
        ev.rollout.synthetic_difference(panel, flow, units=[first_of(frame, 2016)], draws=15, seed=3),
    ]
    verbs = {f"rollout.{name}": getattr(ev.rollout, name) for name in ev.rollout.__all__}
    for result in results:
        again: Any = evaluate_code(result.source.code, verbs, {})
        assert [(row.coordinates, row.estimate, row.se) for row in again.rows] == [
            (row.coordinates, row.estimate, row.se) for row in result.rows
        ]
    test = ev.rollout.pre_trend_test(effects)
    assert evaluate_code(f"{test.source.code}.p_value", verbs, {}) == test.p_value


def first_of(frame: pd.DataFrame, year: int) -> str:
    return str(frame[frame["first"] == year].municipality.iloc[0])


def test_waves_of_a_survey_are_a_panel_and_keep_what_they_are_about() -> None:
    frame = rollout_frame(seed=21)
    frame = frame[frame.year.isin([2014, 2018])].assign(first=frame["first"].mask(frame["first"] > 2016))
    rows = frame.assign(unit=frame.kommune, wave=frame.year.astype(str), y=frame.network).set_index(["unit", "wave"])
    item: Any = SimpleNamespace(field=SimpleNamespace(item=SimpleNamespace(confidentiality="families")))
    waves: Any = Panel(
        "follow_up",
        ("2014", "2018"),
        {},
        rows,
        rows,
        {"y": item},
        (),
        (),
        "rehearsal",
        'panel("follow_up", ["2014", "2018"])',
    )
    panel = ev.rollout.panel(waves, period="wave", first="first")
    found = ev.rollout.aggregate(ev.rollout.group_time_effects(panel, "y"))
    assert found.source.confidentiality == "families"
    assert found.source.title == "follow_up, 2014 og 2018"
    assert found.source.origin == "rehearsal"
    assert 'rollout.panel(panel("follow_up", ["2014", "2018"]), period="wave", first="first")' in found.source.code
    first = frame.groupby("kommune")["first"].first()
    wide = frame.pivot_table(index="kommune", columns="year", values="network")
    change = wide[2018] - wide[2014]
    assert found.row().estimate == pytest.approx(change[first.notna()].mean() - change[first.isna()].mean())


def test_the_code_for_r_names_the_columns_and_finds_the_first_period_from_states() -> None:
    frame = rollout_frame(seed=22)
    frame["uses it"] = (frame.year >= frame["first"]).astype(int)
    by_year = ev.rollout.group_time_effects(panel_of(frame), SHARE, controls="never_treated").r_code()
    assert 'data$y <- data[["network"]] / data[["placements"]]' in by_year
    assert 'data$g <- ifelse(is.na(data[["first"]]), 0, data[["first"]])' in by_year
    assert 'control_group = "nevertreated", est_method = "reg"' in by_year
    by_state = ev.rollout.sun_abraham(panel_of(frame, first=None, treated="uses it"), "network").r_code()
    assert 'ave(ifelse(data[["uses it"]] %in% c("1"), data$t, Inf), data$id, FUN = min)' in by_state
    averaged = ev.rollout.aggregate(ev.rollout.group_time_effects(panel_of(frame), SHARE), "calendar").r_code()
    assert averaged.endswith('aggte(effects, type = "calendar", bstrap = FALSE, cband = FALSE)')


def test_codes_tell_who_has_the_method_and_whose_answer_is_missing_is_in_no_cohort() -> None:
    rows = pd.DataFrame(
        {"unit": [*"aabbccdd"], "period": [2015, 2018] * 4, "stage": ["2", "4", "1", "2", "5", "3", None, "4"]}
    )
    who = ev.rollout.adoption(ev.rollout.panel(rows, treated="stage", codes=("4", "5")))
    assert {row.coordinate("cohort"): (row.count, row.n) for row in who.rows} == {
        "2015": (1, 3), "2018": (1, 3), "never": (1, 3)
    }  # fmt: skip
    assert who.reversals == ("c",)
    assert any("1" in note for note in who.notes)
    assert 'codes=("4", "5")' in who.source.code


def test_the_code_for_r_names_the_codes_of_the_method() -> None:
    frame = rollout_frame()
    frame["stage"] = (frame["year"] >= frame["first"].fillna(9999)).map({True: "5", False: "1"})
    told = ev.rollout.sun_abraham(panel_of(frame, first=None, treated="stage", codes=("4", "5")), "network").r_code()
    assert 'data[["stage"]] %in% c("4", "5")' in told


def test_whose_answer_is_missing_is_left_out_of_an_effect_or_refused() -> None:
    frame = rollout_frame()
    has = frame["year"] >= frame["first"].fillna(9999)
    lost = frame["kommune"] == frame["kommune"].iloc[0]
    frame["stage"] = has.map({True: "4", False: "1"}).mask(lost & (frame["year"] == frame["year"].min()))
    words: dict[str, Any] = {"first": None, "treated": "stage", "codes": ("4",)}
    left = ev.rollout.group_time_effects(panel_of(frame, **words, incomplete="leave_out"), SHARE)
    without = ev.rollout.group_time_effects(panel_of(frame[~lost], **words), SHARE)
    assert [row.estimate for row in left.rows] == [row.estimate for row in without.rows]
    with pytest.raises(DesignError, match="lack a period or a value"):
        ev.rollout.group_time_effects(panel_of(frame, **words), SHARE)
