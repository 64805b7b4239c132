"""Means, totals, ratios, tables, contrasts, response: what they add up to and what they refuse."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from evaltools.dataset import Dataset, build_dataset
from evaltools.errors import DesignError
from evaltools.estimate import (
    Design,
    contrast,
    crosstab,
    design,
    item_response,
    mean,
    proportion,
    rao_scott,
    ratio,
    response,
    survey_design,
    total,
)
from evaltools.estimate.models import response_model
from evaltools.schema.missing import Missing
from municipal_survey import municipal_data
from refused import code_of
from small_survey import QUESTIONNAIRE, RESPONSES, snapshot, with_items


@pytest.fixture(scope="module")
def data() -> Dataset:
    return municipal_data()


@pytest.fixture(scope="module")
def weighted(data: Dataset) -> Design:
    return design(data, strata="region")


def test_a_mean_carries_its_unit_base_and_missing_answers(weighted: Design) -> None:
    estimate = mean(weighted, "placed")
    assert (estimate.measure, estimate.unit) == ("mean", "børn")
    assert (estimate.rows[0].n, estimate.rows[0].N) == (66, 98)
    assert any("3 af 69" in note for note in estimate.notes)


def test_a_total_of_a_census_counts_those_who_left_the_question_open_as_the_others_of_their_cell(data: Dataset) -> None:
    estimate = total(design(data), "placed")
    answered = data.frame["placed"].dropna()
    assert estimate.rows[0].estimate == pytest.approx(98 * answered.mean())
    # simple random sampling of 66 of 98: N sqrt((1 - n/N) s^2 / n)
    assert estimate.rows[0].se == pytest.approx(98 * math.sqrt((1 - 66 / 98) * answered.var() / 66))
    assert any("3 spurgte" in note and "gennemsnittet" in note for note in estimate.notes)
    assert "gennemsnittet" in estimate.source.weight
    assert not any("gennemsnittet" in note for note in total(design(data), "network").notes)


def test_a_total_of_a_sample_says_that_missing_answers_are_left_out() -> None:
    estimate = total(survey_design(pd.DataFrame({"a": [1.0, 2.0, None]}), population=6), "a")
    assert estimate.rows[0].estimate == 6
    assert any("valid answer only" in note for note in estimate.notes)
    assert "left out" in estimate.source.weight


def test_a_question_left_open_is_uncertain_although_everyone_answered_the_survey(data: Dataset) -> None:
    frame = data.frame.assign(responded=True)
    everyone = replace(data, frame=frame)
    for estimate in (mean(design(everyone), "placed"), total(design(everyone), "placed")):
        assert estimate.rows[0].se is not None
        assert estimate.rows[0].se > 0


def test_two_questions_vary_together_as_far_as_the_same_units_answered_both(data: Dataset) -> None:
    # independent of the code: the covariance of two means from overlapping parts, S12 (b / (m l) - 1 / N)
    found = mean(design(data), ["placed", "network"]).covariance
    assert found is not None
    frame = data.frame[["placed", "network"]].astype(float)
    both = frame.dropna()
    m, n, b = frame["placed"].notna().sum(), frame["network"].notna().sum(), len(both)
    assert (m, n, b) == (66, 69, 66)
    assert found[0, 1] == pytest.approx(np.cov(both.to_numpy().T)[0, 1] * (b / (m * n) - 1 / 98))


def test_a_cell_where_nobody_answered_a_question_is_merged_with_its_smallest_neighbour(data: Dataset) -> None:
    left_open = (data.frame["region"] == "Nordjylland").to_numpy()
    placed = data.frame["placed"].mask(left_open)
    kinds = data.missing["placed"].mask(left_open & data.frame["responded"].to_numpy(), Missing.NOT_ANSWERED)
    made = replace(data, frame=data.frame.assign(placed=placed), missing=data.missing.assign(placed=kinds))
    answers: dict[str, list[float]] = {}
    asked: dict[str, int] = {}
    for region, value in zip(data.frame["region"].tolist(), placed.astype(float).tolist(), strict=True):
        asked[region] = asked.get(region, 0) + 1
        answers.setdefault(region, []).extend([] if math.isnan(value) else [value])
    silent, smallest = sorted(answers, key=lambda region: len(answers[region]))[:2]
    asked[smallest] += asked.pop(silent)
    expected = sum(asked[region] * sum(answers[region]) / len(answers[region]) for region in asked)
    assert total(design(made, strata="region"), "placed").rows[0].estimate == pytest.approx(expected)


def test_totals_of_groups_add_up_and_count_the_units_of_each_category(weighted: Design) -> None:
    everyone = total(weighted, "network").rows[0].estimate
    assert sum(row.estimate for row in total(weighted, "network", by="region").rows) == pytest.approx(everyone)
    counted = total(weighted, "use_fgc")
    assert counted.measure == "count"
    assert sum(row.estimate for row in counted.rows) == pytest.approx(98)


def test_a_mean_of_one_category_is_its_share(weighted: Design) -> None:
    share = proportion(weighted, "use_fgc", category="1").rows[0]
    assert mean(weighted, "use_fgc", category="1").rows[0].estimate == pytest.approx(share.estimate)


def test_a_ratio_of_totals_is_over_those_who_gave_both(weighted: Design) -> None:
    row = ratio(weighted, "network", "placed").rows[0]
    both = weighted.answers.frame["placed"].notna().to_numpy()
    frame = weighted.answers.frame[both]
    answered = frame["region"].astype(str).value_counts()
    asked = weighted.answers.frame.assign(w=weighted.weights).groupby("region", observed=True)["w"].sum()
    weights = (asked / answered)[frame["region"].astype(str)].to_numpy()
    assert row.estimate == pytest.approx((weights @ frame["network"]) / (weights @ frame["placed"]))
    assert row.n == 66


def test_nothing_is_divided_by_nothing() -> None:
    made = survey_design(pd.DataFrame({"a": [1.0, 2.0], "b": [0.0, 0.0]}))
    assert code_of(lambda: ratio(made, "a", "b")) == "ZERO_DENOMINATOR"


def test_a_domain_of_answers_keeps_the_whole_design(weighted: Design) -> None:
    users = weighted.domain("use_fgc == '1'")
    assert (users.n, users.N, len(users.weights)) == (28, None, 69)
    row = mean(users, "placed").rows[0]
    assert row.n == 27
    assert row.se is not None
    assert row.se > 0


def test_a_domain_of_the_frame_knows_its_population(weighted: Design) -> None:
    inside = weighted.domain("region == 'Hovedstaden'")
    assert (inside.n, inside.N) == (24, 29)
    assert inside.code == 'design(load("small/2018"), strata="region").domain("region == \'Hovedstaden\'")'
    row = proportion(inside, "use_fgc", category="user").rows[0]
    assert (row.count, row.n, row.N) == (9, 24, 29)


@pytest.mark.parametrize(
    ("condition", "rows"),
    [
        ("use_fgc == '1' and use_sos == '1'", 12),
        ("use_fgc == 1", 28),
        ("use_fgc in ['1', '2'] or use_sos == '1'", 45),
        ("not (use_fgc == '1')", 41),
        ("use_fgc != '1'", 41),
        ("use_fgc not in ['1']", 41),
        ("placed >= 100", 7),
        ("100 <= placed", 7),
        ("barrier == 'time'", 22),
        ("not barrier == 'time'", 41),
        ("why_2", 9),
    ],
)
def test_conditions_are_read_as_written_and_rows_without_an_answer_lie_outside(
    weighted: Design, condition: str, rows: int
) -> None:
    assert weighted.domain(condition).n == rows


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ("use_fgc ==", "CONDITION_NOT_UNDERSTOOD"),
        ("use_fgc == '1'; import os", "CONDITION_NOT_UNDERSTOOD"),
        ("__import__('os').system('true')", "CONDITION_NOT_UNDERSTOOD"),
        ("use_fgc == open('x')", "CONDITION_NOT_UNDERSTOOD"),
        ("barrier > 3", "CONDITION_NOT_UNDERSTOOD"),
        ("1 < placed < 3", "CONDITION_NOT_UNDERSTOOD"),
        ("barrier", "CONDITION_NOT_UNDERSTOOD"),
        ("use_fcg == '1'", "NO_SUCH_VARIABLE"),
        ("use_fgc == '7'", "NO_SUCH_CATEGORY"),
        ("use_fgc == '2'", "EMPTY_DOMAIN"),
    ],
)
def test_conditions_that_are_not_understood_are_never_run(weighted: Design, condition: str, code: str) -> None:
    assert code_of(lambda: weighted.domain(condition)) == code


def test_a_table_gives_row_shares_counts_and_the_test(weighted: Design) -> None:
    table = crosstab(weighted, "size", "use_fgc")
    for size in ("large", "medium", "small"):
        assert sum(row.estimate for row in table.only(size=size).rows) == pytest.approx(1)
    assert sum(row.count or 0 for row in table.rows) == 69
    assert table.extra["p_value"] == rao_scott(weighted, "size", "use_fgc").p_value
    assert "svychisq(~size + use_fgc" in table.r_code()


def test_a_table_that_cannot_be_tested_says_so(data: Dataset) -> None:
    everyone = design(municipal_data(everyone=True))
    table = crosstab(everyone, "size", "use_fgc")
    assert not table.extra
    assert any("kan ikke testes" in note for note in table.notes)
    assert code_of(lambda: rao_scott(everyone, "size", "use_fgc")) == "NO_TEST"


def test_rao_scott_is_near_pearsons_test_when_all_weigh_the_same() -> None:
    rng = np.random.default_rng(7)
    frame = pd.DataFrame({"a": rng.integers(0, 2, 4000), "b": rng.integers(0, 3, 4000)})
    ours = rao_scott(survey_design(frame), "a", "b")
    table = pd.crosstab(frame["a"], frame["b"]).to_numpy()
    expected = table.sum(axis=1, keepdims=True) * table.sum(axis=0) / table.sum()
    assert 2 * ours.statistic == pytest.approx(((table - expected) ** 2 / expected).sum(), rel=2e-3)


def test_a_contrast_takes_weights_by_row_or_by_name(weighted: Design) -> None:
    shares = proportion(weighted, "use", category="user")
    named, listed = contrast(shares, {"fgc": 1, "inm": -1}), contrast(shares, [1, 0, -1])
    assert named.rows[0].estimate == listed.rows[0].estimate
    assert named.rows[0].estimate == pytest.approx(shares.rows[0].estimate - shares.rows[2].estimate)
    assert named.measure == "difference"
    assert named.source.code.startswith("contrast(proportion(")
    assert named.source.code.endswith('{"fgc": 1, "inm": -1})')


def test_a_contrast_of_unknown_or_many_rows_is_refused(weighted: Design) -> None:
    shares = proportion(weighted, "use", category="user", by="size")
    assert code_of(lambda: contrast(shares, {"fgc": 1})) == "MANY_ROWS"
    assert code_of(lambda: contrast(shares, {"fcg": 1})) == "NO_SUCH_ROW"
    assert code_of(lambda: contrast(shares, [1, -1])) == "CONTRAST_LENGTH"
    assert code_of(lambda: contrast(replace(shares, covariance=None), [0.0] * 9)) == "NO_COVARIANCE"


def test_the_response_rate_is_units_that_answered_of_units_asked(data: Dataset) -> None:
    row = response(data).rows[0]
    assert (row.count, row.n, row.N, row.low) == (69, 98, 98, None)
    by_region = response(data, by="region")
    assert by_region.row(region="Nordjylland").count == 6
    assert sum(each.n for each in by_region.rows) == 98
    assert by_region.source.code == 'response(load("small/2018"), by="region")'
    assert code_of(lambda: response(data, by="regions")) == "NO_SUCH_VARIABLE"


def test_item_response_counts_those_asked(weighted: Design) -> None:
    assert [row.count for row in item_response(weighted, ["barrier", "placed"]).rows] == [63, 66]
    assert item_response(weighted, "why_1").rows[0].n == 28


def test_response_is_modelled_on_what_the_frame_knows(data: Dataset) -> None:
    estimate = response_model(data, ["region", "size"])
    row = estimate.row(category="Nordjylland")
    assert (row.count, row.n) == (6, 11)
    assert row.low is not None
    assert row.high is not None
    assert 0 < row.low < row.estimate < 1 < row.high
    assert 0 < estimate.extra["lr_p_value"] < 1
    assert estimate.extra["lr_df"] == 6


def test_a_single_column_gives_the_odds_ratio_of_its_table(data: Dataset) -> None:
    row = response_model(data, "region").row(category="Sjaelland")
    assert row.estimate == pytest.approx((11 / 6) / (24 / 5), rel=1e-5)


def test_a_response_model_refuses_what_has_no_answer(data: Dataset) -> None:
    frame = data.frame.assign(corner=np.where(data.frame["responded"], "here", "there"))
    separated = replace(data, frame=frame, population=frame, frame_columns=(*data.frame_columns, "corner"))
    assert code_of(lambda: response_model(separated, "corner")) == "SEPARATED"
    assert code_of(lambda: response_model(data, "corner")) == "NO_SUCH_VARIABLE"
    assert code_of(lambda: response_model(municipal_data(everyone=True), "region")) == "NOTHING_TO_EXPLAIN"


def test_records_of_one_unit_are_a_cluster() -> None:
    questionnaire = with_items(*QUESTIONNAIRE.items, many_records=True)
    responses = [replace(each, record=str(number)) for each in RESPONSES[:2] for number in (1, 2, 3)]
    made = design(build_dataset(questionnaire, snapshot(*responses, questionnaire=questionnaire)))
    assert (made.n, made.N, made.target, made.units) == (6, None, "superpopulation", 2)
    assert mean(made, "share").rows[0].df == 1


def test_only_keeps_the_covariance_and_says_so_in_its_code(weighted: Design) -> None:
    part = proportion(weighted, "use", category="user").only(item="sos")
    assert part.covariance is not None
    assert part.covariance.shape == (1, 1)
    assert part.rows[0].se == pytest.approx(float(np.sqrt(part.covariance[0, 0])))
    assert part.source.code.endswith('.only(item="sos")')


def test_a_row_that_is_not_there_is_named(weighted: Design) -> None:
    estimate = proportion(weighted, "use", category="user")
    assert code_of(lambda: estimate.row(item="soss")) == "NO_SUCH_ROW"
    assert code_of(estimate.row) == "MANY_ROWS"
    with pytest.raises(DesignError, match="The coordinates are: item, category"):
        estimate.row(method="sos")


def test_a_plain_frame_may_have_a_column_of_the_name_unit() -> None:
    sample = survey_design(pd.DataFrame({"unit": ["a", "b", "c"], "weeks": [6.0, 10.0, 8.0]}), population=9)
    assert total(sample, "weeks").rows[0].estimate == pytest.approx(72)
    assert total(sample.domain("weeks > 7"), "weeks").rows[0].estimate == pytest.approx(54)
