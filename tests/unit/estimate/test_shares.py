"""Shares: who is in the base, what an interval and the bounds say, and what a call may not ask."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from evaltools.dataset import Dataset
from evaltools.errors import DesignError
from evaltools.estimate import Design, Estimate, choices, design, interval, mean, proportion, survey_design, total
from evaltools.language import Text
from evaltools.schema.missing import Missing
from municipal_survey import municipal_data
from refused import code_of


@pytest.fixture(scope="module")
def data() -> Dataset:
    return municipal_data()


@pytest.fixture(scope="module")
def even(data: Dataset) -> Design:
    return design(data)


@pytest.fixture(scope="module")
def weighted(data: Dataset) -> Design:
    return design(data, strata="region")


def test_the_base_is_those_asked_who_gave_a_valid_answer(even: Design) -> None:
    estimate = proportion(even, "barrier")
    assert {row.n for row in estimate.rows} == {63}
    assert sum(row.estimate for row in estimate.rows) == pytest.approx(1)
    assert any("6 af 69 spurgte" in note for note in estimate.notes)


def test_dont_know_counts_in_the_base_only_when_it_is_asked_for(even: Design) -> None:
    estimate = proportion(even, "barrier", with_missing=("dont_know",))
    row = estimate.row(category="dont_know")
    assert (row.count, row.n, row.labels[1]) == (6, 69, "Ved ikke")
    assert not any("spurgte" in note for note in estimate.notes)


def test_those_never_asked_are_no_part_of_the_base(even: Design) -> None:
    estimate = choices(even, "why")
    assert {row.n for row in estimate.rows} == {28}
    assert {row.N for row in estimate.rows} == {None}
    assert estimate.row(category="2").labels == ("why", "Økonomi")


def test_bounds_need_no_assumption_about_the_silent(even: Design) -> None:
    row = proportion(even, "use_fgc", category="user").rows[0]
    assert (row.count, row.n, row.N) == (28, 69, 98)
    assert (row.bounds_low, row.bounds_high) == (28 / 98, (28 + 29) / 98)
    routed = choices(even, "why").row(category="2")
    assert (routed.count, routed.bounds_low, routed.bounds_high) == (9, 9 / 57, 38 / 57)


def test_unweighted_shares_get_the_exact_interval_and_weighted_ones_the_predictive(
    even: Design, weighted: Design
) -> None:
    exact = proportion(even, "use_fgc", category="user").rows[0]
    predictive = proportion(weighted, "use_fgc", category="user").rows[0]
    assert "hypergeometrisk" in exact.method
    assert "prædiktivt" in predictive.method
    assert exact.counts == (34, 46)
    assert predictive.counts == (34, 46)


def test_nobody_seen_does_not_mean_nobody_there() -> None:
    # notes on survey statistics: 0 of 60 of 98 leaves 0 to 3
    answers = pd.DataFrame({"uses": [0] * 60})
    row = proportion(survey_design(answers, population=98), "uses", category=1).rows[0]
    assert (row.estimate, row.counts) == (0.0, (0, 3))


def test_at_full_response_a_share_is_a_count_without_uncertainty() -> None:
    for strata in (None, "region"):
        estimate = proportion(design(municipal_data(everyone=True), strata=strata), "use", category="user", by="size")
        for row in estimate.rows:
            assert row.low == row.high == row.estimate == row.bounds_low == row.bounds_high
            assert row.se == 0
            assert row.method == "optælling, alle har svaret"


def test_a_group_that_answered_in_full_is_counted_whatever_the_weights(data: Dataset) -> None:
    frame = data.frame.copy()
    frame["island"] = np.where(np.arange(len(frame)) % 9 == 0, "yes", "no")
    frame.loc[(frame["island"] == "yes") & ~frame["responded"], "island"] = "no"
    made = replace(data, frame=frame, frame_columns=(*data.frame_columns, "island"))
    row = proportion(design(made, strata="region"), "use_fgc", category="user", by="island").row(island="yes")
    assert row.count is not None
    assert row.estimate == row.low == row.high == row.count / row.n
    assert row.se == 0


def test_a_family_gives_a_row_per_line_of_the_grid_with_its_words(weighted: Design) -> None:
    estimate = proportion(weighted, "use", category="user")
    assert [row.coordinate("item") for row in estimate.rows] == ["fgc", "sos", "inm"]
    assert estimate.row(item="inm").labels == ("Inddragende netværksmøde", "Bruger")
    assert estimate.covariance is not None
    assert estimate.covariance[0, 1] != 0
    assert estimate.source.code == 'proportion(design(load("small/2018"), strata="region"), "use", category="user")'


def test_a_category_is_a_code_several_codes_or_a_concept(even: Design) -> None:
    one = proportion(even, "use_fgc", category="1").rows[0]
    several = proportion(even, "use_fgc", category=("1", "2")).rows[0]
    concept = proportion(even, "use_fgc", category="user").rows[0]
    assert one.estimate == several.estimate == concept.estimate
    assert several.coordinate("category") == "1+2"


def test_every_category_of_the_code_list_has_a_row_in_its_order(even: Design) -> None:
    estimate = proportion(even, "use_fgc")
    assert [row.coordinate("category") for row in estimate.rows] == ["0", "1", "2"]
    assert estimate.row(category="2").estimate == 0
    assert estimate.row(category="2").count == 0


def test_a_breakdown_names_its_groups_and_those_without_answers(data: Dataset) -> None:
    lost = data.frame["region"].eq("Nordjylland")
    responded = data.frame["responded"] & ~lost
    silent = data.missing.copy()
    silent.loc[lost] = Missing.UNIT_NONRESPONSE
    estimate = proportion(
        design(replace(data, frame=data.frame.assign(responded=responded), missing=silent)),
        "use_fgc",
        category="user",
        by="region",
    )
    assert [row.coordinate("region") for row in estimate.rows] == [
        "Hovedstaden",
        "Midtjylland",
        "Sjaelland",
        "Syddanmark",
    ]
    assert [row.N for row in estimate.rows] == [29, 19, 17, 22]
    assert any("Nordjylland" in note for note in estimate.notes)


def test_two_columns_are_crossed(even: Design) -> None:
    estimate = proportion(even, "use_fgc", category="user", by=["region", "size"])
    assert estimate.row(region="Hovedstaden", size="small").n > 0
    assert sum(row.N or 0 for row in estimate.rows) == 98


def test_the_source_says_who_was_asked_and_how_they_were_weighed(weighted: Design) -> None:
    source = proportion(weighted, "barrier").source
    assert source.question == "barrier: Hvad med barrier?"
    assert source.universe.startswith("Alle kommuner, der har svaret")
    assert source.confidentiality == "opinion"
    assert (source.survey, source.unit, source.origin) == ("small/2018", "municipality", "collected")
    assert source.weight != proportion(design(municipal_data()), "barrier").source.weight


def test_the_frame_has_the_columns_of_the_contract_after_the_coordinates(even: Design) -> None:
    frame = proportion(even, "use_fgc", by="size").frame
    expected = ["item", "category", "size", "estimate", "se", "low", "high", "level", "df", "n", "N", "base", "method"]
    assert list(frame.columns) == expected
    assert frame["N"].dtype == "Int64"


@pytest.mark.parametrize(
    ("call", "code", "words"),
    [
        (lambda d: proportion(d, "use_fcg"), "NO_SUCH_VARIABLE", 'Did you mean "use_fgc"?'),
        (lambda d: proportion(d, []), "NO_SUCH_VARIABLE", "no variable"),
        (lambda d: proportion(d, "use_fgc", category="4"), "NO_SUCH_CATEGORY", '"use_fgc" has no category "4"'),
        (lambda d: proportion(d, "use_fgc", category="users"), "NO_SUCH_CATEGORY", 'Did you mean "user"?'),
        (lambda d: proportion(d, "why"), "MULTIPLE_ITEM", 'choices(design, "why")'),
        (lambda d: proportion(d, "remarks"), "NOT_CATEGORIES", '"remarks"'),
        (lambda d: proportion(d, "use_fgc", by="why"), "CHOICE_OF_MANY", "why_1"),
        (lambda d: proportion(d, "use_fgc", by="remarks"), "NOT_A_BREAKDOWN", "remarks"),
        (lambda d: proportion(d, "use_fgc", level=95), "LEVEL_NOT_A_SHARE", "Write 0.95."),
        (lambda d: proportion(d, "use_fgc", with_missing=("unknown",)), "NO_SUCH_MISSING", "dont_know"),
        (lambda d: choices(d, "barrier"), "NOT_A_MULTIPLE", 'proportion(design, "barrier")'),
        (lambda d: choices(d, "use"), "NOT_A_MULTIPLE", "one choice each"),
        (lambda d: choices(d, "whi"), "NO_SUCH_VARIABLE", 'Did you mean "why"?'),
        (lambda d: mean(d, "barrier"), "NOT_NUMBERS", "proportion"),
        (lambda d: mean(d, "placed", interval=interval.exact()), "INTERVAL_FOR_SHARES", "interval.exact()"),
        (lambda d: total(d, "placed", level=0), "LEVEL_NOT_A_SHARE", "0.95"),
    ],
)
def test_a_call_that_makes_no_sense_is_refused_in_the_users_own_names(
    even: Design, call: Callable[[Design], Estimate], code: str, words: str
) -> None:
    with pytest.raises(DesignError) as caught:
        call(even)
    assert caught.value.code == code
    assert words in str(caught.value)


def test_a_question_asked_of_nobody_and_one_answered_by_nobody_are_told_apart(data: Dataset) -> None:
    frame, missing = data.frame.copy(), data.missing.copy()
    frame["barrier"] = pd.Series([None] * len(frame), index=frame.index, dtype="str")
    for kind, code in ((Missing.NOT_ASKED, "NEVER_ASKED"), (Missing.REFUSED, "NO_ANSWERS")):
        missing["barrier"] = np.int8(kind)
        made = design(replace(data, frame=frame, missing=missing))
        assert code_of(lambda made=made: proportion(made, "barrier")) == code  # type: ignore[misc]


def test_an_interval_that_does_not_fit_the_design_is_refused(even: Design, weighted: Design) -> None:
    sample = survey_design(pd.DataFrame({"y": [0, 1, 1]}))
    assert code_of(lambda: proportion(sample, "y", interval=interval.exact())) == "INTERVAL_NEEDS_POPULATION"
    assert code_of(lambda: proportion(weighted, "use_fgc", interval=interval.exact())) == "INTERVAL_NEEDS_EVEN"
    assert code_of(lambda: choices(even, "why", interval=interval.exact())) == "INTERVAL_NEEDS_BASE"


def test_every_named_interval_gives_limits_also_for_none_and_all(even: Design) -> None:
    for name in interval.__all__:
        chosen = getattr(interval, name)()
        for row in proportion(even, "use_fgc", interval=chosen).rows:
            assert row.low is not None
            assert row.high is not None
            assert row.low <= row.estimate <= row.high
            assert np.isfinite([row.low, row.high]).all()
        assert repr(chosen) == f"interval.{name}()"
        assert f"interval=interval.{name}()" in proportion(even, "use_fgc", interval=chosen).source.code


def test_an_english_questionnaire_is_told_in_english() -> None:
    data = municipal_data()
    english = replace(data.questionnaire, languages=("en", "da"), universe=Text("Alle", "All municipalities"))
    estimate = proportion(design(replace(data, questionnaire=english)), "use_fgc", category="user")
    assert "exact hypergeometric" in estimate.rows[0].method
    assert estimate.rows[0].labels == ("use: Family group conference", "User")
