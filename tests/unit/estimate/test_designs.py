"""What a design takes in, and what it refuses in the user's own names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import FrozenInstanceError, replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from evaltools.errors import DesignError
from evaltools.estimate import Design, Estimate, design, mean, proportion, survey_design, total
from municipal_survey import municipal_data
from refused import code_of

ROWS = pd.DataFrame(
    {
        "town": ["a", "a", "b", "b", "b"],
        "school": [1, 1, 2, 3, 3],
        "score": [3.0, 5.0, 4.0, 8.0, 6.0],
        "weight": [2.0, 2.0, 3.0, 3.0, 3.0],
        "units": [4, 4, 9, 9, 9],
    }
)


def test_a_design_is_immutable_and_leaves_the_frame_alone() -> None:
    before = ROWS.copy()
    made = survey_design(ROWS, strata="town", weights="weight", fpc="units")
    mean(made, "score")
    pd.testing.assert_frame_equal(ROWS, before)
    with pytest.raises(FrozenInstanceError):
        made.target = "superpopulation"  # type: ignore[misc]


def test_weights_follow_from_population_sizes_when_they_are_not_given() -> None:
    assert survey_design(ROWS, strata="town", fpc="units").weights.tolist() == [2.0, 2.0, 3.0, 3.0, 3.0]
    assert survey_design(ROWS, strata="town", population={"a": 4, "b": 9}).weights.tolist() == [2.0, 2.0, 3, 3, 3]
    assert survey_design(ROWS, population=10).weights.tolist() == [2.0] * 5


def test_an_object_that_holds_a_frame_is_as_good_as_the_frame() -> None:
    read = SimpleNamespace(frame=ROWS, code='read_spss("schools.sav")')
    made = survey_design(read, weights="weight")
    assert made.code == 'survey_design(read_spss("schools.sav"), weights="weight")'
    assert mean(made, "score").rows[0].n == 5


def test_fractions_drawn_are_read_as_population_sizes() -> None:
    drawn = ROWS.assign(fraction=[0.5, 0.5, 1 / 3, 1 / 3, 1 / 3])
    assert survey_design(drawn, strata="town", fpc="fraction").weights.tolist() == pytest.approx([2, 2, 3, 3, 3])


@pytest.mark.parametrize(
    ("call", "code", "words"),
    [
        (lambda: survey_design(ROWS, strata="towns"), "NO_SUCH_VARIABLE", 'Did you mean "town"?'),
        (lambda: survey_design(ROWS.iloc[:0]), "NO_ROWS", "there is no row"),
        (lambda: survey_design(ROWS.assign(weight=[1, 2, 0, 1, 1]), weights="weight"), "WEIGHT_NOT_POSITIVE", "weight"),
        (
            lambda: survey_design(ROWS.assign(weight=[1, 2, float("nan"), 1, 1]), weights="weight"),
            "WEIGHT_MISSING",
            "1 rows",
        ),
        (lambda: survey_design(ROWS, weights="town"), "WEIGHT_NOT_A_NUMBER", '"town" is not a number'),
        (lambda: survey_design(ROWS, population=4), "MORE_RESPONSES_THAN_UNITS", "4 units where 5"),
        (lambda: survey_design(ROWS.assign(units=2), strata="town", fpc="units"), "MORE_RESPONSES_THAN_UNITS", "units"),
        (lambda: survey_design(ROWS, fpc="units"), "FPC_NOT_CONSTANT", "several values in one stratum"),
        (lambda: survey_design(ROWS.assign(units=None), fpc="units"), "FPC_MISSING", "units"),
        (lambda: survey_design(ROWS, fpc=["units", "units"]), "FPC_MISSING", "2 population columns"),
        (lambda: survey_design(ROWS, strata="town", population={"a": 4, "b": 9, "c": 3}), "EMPTY_STRATUM", '"c"'),
        (lambda: survey_design(ROWS, strata="town", population={"a": 4}), "POPULATION_PER_STRATUM", '"b"'),
        (lambda: survey_design(ROWS, strata="town", population=13), "POPULATION_PER_STRATUM", "2 strata"),
        (lambda: survey_design(ROWS.iloc[1:], strata="town"), "LONELY_STRATUM", '"a" has only one unit'),
        (lambda: survey_design(ROWS, psu="school", strata="town"), "LONELY_STRATUM", "lonely='adjust'"),
        (
            lambda: survey_design(ROWS.assign(town=ROWS["town"].where(ROWS.index > 0)), strata="town"),
            "STRATUM_MISSING",
            "town",
        ),
        (lambda: survey_design(ROWS, target="finit"), "NO_SUCH_TARGET", 'Did you mean "finite"?'),  # type: ignore[arg-type]
        (lambda: survey_design(ROWS, lonely="average "), "NO_SUCH_RULE", 'Did you mean "average"?'),  # type: ignore[arg-type]
        (lambda: survey_design(municipal_data()), "DATASET_NEEDS_DESIGN", "design(data)"),
    ],
)
def test_a_design_that_makes_no_sense_is_refused_with_a_remedy(
    call: Callable[[], Design], code: str, words: str
) -> None:
    with pytest.raises(DesignError) as caught:
        call()
    assert caught.value.code == code
    assert words in str(caught.value)
    assert caught.value.faults[0].remedy


def test_a_stratum_taken_whole_may_have_one_unit() -> None:
    whole = ROWS.iloc[1:].assign(units=[1, 9, 9, 9])
    assert mean(survey_design(whole, strata="town", fpc="units"), "score").rows[0].se is not None


def test_a_census_weighs_by_response_cells_and_knows_its_population() -> None:
    made = design(municipal_data(), strata="region")
    assert (made.n, made.N, len(made.cell_names)) == (69, 98, 5)
    assert made.weights.sum() == pytest.approx(98)
    assert made.code == 'design(load("small/2018"), strata="region")'
    assert repr(made).startswith("<Design: 69 of 98 units, 5 strata, target finite; design(")
    assert not made.is_even
    assert design(municipal_data()).is_even


def test_response_cells_are_split_only_where_each_part_has_five_answers() -> None:
    made = design(municipal_data(), strata="region", adjust_for="size")
    assert any(" x " in name for name in made.cell_names)
    assert np.bincount(made.cells).min() >= 5
    assert made.weights.sum() == pytest.approx(98)
    assert "Svarceller" in made.notes[0]


@pytest.mark.parametrize(
    ("strata", "code"), [("regions", "NO_SUCH_VARIABLE"), ("barrier", "NOT_IN_FRAME"), ("name", "EMPTY_STRATUM")]
)
def test_a_census_refuses_strata_that_cannot_be(strata: str, code: str) -> None:
    assert code_of(lambda: design(municipal_data(), strata=strata)) == code


def test_a_census_refuses_what_cannot_have_been_answered() -> None:
    data = municipal_data()
    silent = replace(data, frame=data.frame.assign(responded=False))
    twice = replace(data, frame=pd.concat([data.frame, data.frame.iloc[:1]]))
    assert code_of(lambda: design(silent)) == "NO_RESPONSES"
    assert code_of(lambda: design(twice)) == "MORE_RESPONSES_THAN_UNITS"


def test_the_target_is_said_and_superpopulation_drops_the_finite_correction() -> None:
    finite = proportion(design(municipal_data()), "use_fgc", category="user")
    wider = proportion(design(municipal_data(), target="superpopulation"), "use_fgc", category="user")
    assert finite.rows[0].se is not None
    assert wider.rows[0].se is not None
    assert wider.rows[0].se > finite.rows[0].se
    assert wider.rows[0].N is None
    assert 'target="superpopulation"' in wider.source.code
    assert finite.notes[0] != wider.notes[0]


def test_r_reads_the_same_design_from_the_columns_it_names() -> None:
    made = survey_design(ROWS, strata="town", weights="weight", fpc="units")
    estimate = mean(made, "score")
    columns = made.r_data().columns
    for name in ("ev_weight", "ev_cell", "ev_fpc1"):
        assert f"~{name}" in estimate.r_code()
        assert name in columns
    assert "svymean(~score, d, na.rm = TRUE)" in estimate.r_code()


def test_lonely_strata_cannot_be_averaged_over_when_there_are_no_others() -> None:
    frame = pd.DataFrame({"town": ["a", "b", "c"], "score": [3.0, 5, 4], "weight": [2.0] * 3})
    with pytest.raises(DesignError, match="nothing to be averaged"):
        mean(survey_design(frame, strata="town", weights="weight", lonely="average"), "score")


@pytest.mark.parametrize("estimator", [mean, total])
def test_a_group_wholly_in_a_lonely_stratum_has_nothing_to_be_averaged(estimator: Callable[..., Estimate]) -> None:
    frame = pd.DataFrame({"town": [*"aaaabbbbc"], "score": [3.0, 5, 4, 8, 1, 2, 6, 4, 9], "weight": [2.0] * 9})
    made = survey_design(frame, strata="town", weights="weight", lonely="average")
    with pytest.raises(DesignError, match="a group lies wholly in strata with one unit drawn each"):
        estimator(made, "score", by="town")


def test_a_stratum_that_a_group_does_not_reach_adds_nothing_to_be_averaged() -> None:
    """The variance of a mean in one stratum is that of this stratum alone, whatever lonely stratum lies beside it."""
    frame = pd.DataFrame(
        {"town": [*"aaaabbbbc"], "score": [3.0, 5, 4, 8, 1, 2, 6, 4, 9], "other": [*"xyxyxyxyx"], "weight": [2.0] * 9}
    )
    made = survey_design(frame, strata="town", weights="weight", lonely="average")
    by_town, alone = mean(made.domain("town != 'c'"), "score", by="town"), frame[frame["town"] == "a"]
    plain = mean(survey_design(alone, weights="weight"), "score").rows[0]
    assert by_town.row(town="a").se == pytest.approx(plain.se)
    of_total = total(made.domain("town != 'c'"), "score", by="town").row(town="a").se
    assert of_total == pytest.approx(total(survey_design(alone, weights="weight"), "score").rows[0].se)
    whole, two = (
        mean(made, "score").rows[0],
        mean(survey_design(frame.head(8), strata="town", weights="weight"), "score"),
    )
    assert whole.se is not None
    assert two.rows[0].se is not None
    influences = frame["score"].to_numpy() - whole.estimate
    by_stratum = [4 / 3 * ((part - part.mean()) ** 2).sum() / 81 for part in (influences[:4], influences[4:8])]
    assert whole.se**2 == pytest.approx(sum(by_stratum) * 3 / 2)
