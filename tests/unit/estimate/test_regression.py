"""Generalised linear models: formulas read, coefficients in words, and models refused in the user's own names."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from evaltools.errors import DesignError
from evaltools.estimate import (
    Design,
    average_marginal_effects,
    contrast,
    crosstab,
    design,
    effect_ratios,
    glm,
    mean,
    predicted_means,
    proportion,
    survey_design,
    term_test,
)
from evaltools.estimate.result import Row
from evaltools.estimate.survey.regression import fitting
from municipal_survey import municipal_data


def error_of(row: Row) -> float:
    """The standard error, which every row of a model has."""
    assert row.se is not None
    return row.se


def made_up(rows: int = 240) -> pd.DataFrame:
    """Schools in three strata with an outcome of each family, and columns that a model must refuse."""
    random = np.random.default_rng(98)
    hours, size = random.normal(10, 3, rows), random.choice(["large", "medium", "small"], rows)
    chance = 1 / (1 + np.exp(2 - 0.15 * hours - 0.8 * (size == "small")))
    return pd.DataFrame(
        {
            "hours": hours,
            "size": size,
            "uses": (random.random(rows) < chance).astype(int),
            "cases": random.poisson(np.exp(0.1 * hours + 0.3 * (size == "large"))),
            "stratum": random.choice(["a", "b", "c"], rows),
            "twice": 2 * hours + 1,
            "always": 1,
            "apart": (hours > 10).astype(int),
            "below": -1.0 - random.random(rows),
            "weight": random.uniform(1, 4, rows),
        }
    ).assign(answer=lambda frame: np.where(frame["uses"] == 1, "yes", "no"), units=lambda f: 10 * len(f))


@pytest.fixture(scope="module")
def sample() -> Design:
    return survey_design(made_up(), strata="stratum", weights="weight")


@pytest.fixture(scope="module")
def census() -> Design:
    return design(municipal_data(), strata="region")


def test_products_and_calculations_have_columns_named_as_in_statsmodels(sample: Design) -> None:
    model = glm(sample, "cases ~ size * hours")
    assert model.specification.names == (
        "Intercept", "size[T.medium]", "size[T.small]", "hours", "size[T.medium]:hours", "size[T.small]:hours",
    )  # fmt: skip
    model = glm(sample, "cases ~ I(hours ** 2) + size + np.log(hours + 20) - 1")
    assert model.specification.names == (
        "I(hours ** 2)", "size[large]", "size[medium]", "size[small]", "np.log(hours + 20)",
    )  # fmt: skip


def test_a_reference_can_be_chosen_and_changes_only_what_is_compared(sample: Design) -> None:
    ours = glm(sample, "hours ~ size")
    theirs = glm(sample, 'hours ~ C(size, Treatment("small"))')
    assert theirs.rows[1].key == 'C(size, Treatment("small"))[T.large]'
    assert theirs.rows[1].estimate == pytest.approx(-ours.rows[2].estimate, rel=1e-10)
    assert error_of(theirs.rows[1]) == pytest.approx(error_of(ours.rows[2]), rel=1e-10)


def test_a_model_of_the_constant_alone_is_the_mean(sample: Design) -> None:
    ours, theirs = glm(sample, "hours ~ 1").rows[0], mean(sample, "hours").rows[0]
    assert (ours.estimate, error_of(ours), ours.df) == pytest.approx(
        (theirs.estimate, error_of(theirs), theirs.df), rel=1e-12
    )


def test_a_model_of_a_domain_keeps_the_whole_design(sample: Design) -> None:
    inside = sample.domain("size == 'small'")
    ours, theirs = glm(inside, "hours ~ 1").rows[0], mean(inside, "hours").rows[0]
    assert (ours.estimate, error_of(ours), ours.df) == pytest.approx(
        (theirs.estimate, error_of(theirs), theirs.df), rel=1e-12
    )


def test_two_categories_are_an_outcome_of_which_the_later_counts(sample: Design) -> None:
    ours, theirs = (glm(sample, f"{name} ~ hours", family="binomial") for name in ("answer", "uses"))
    assert ours.uncertain.values == pytest.approx(theirs.uncertain.values, rel=1e-12)
    assert "The model is for the chance of answer: yes." in ours.notes


def test_categories_come_in_the_order_of_the_questionnaire_and_in_words(census: Design) -> None:
    model = glm(census, "placed ~ use_fgc + size", family="poisson")
    assert [row.coordinate("term") for row in model.rows] == [
        "Intercept", "use_fgc[T.1]", "size[T.medium]", "size[T.small]",
    ]  # fmt: skip
    assert model.rows[1].labels == ("use: Familierådslagning: Bruger",)
    assert "Kategorier, som ingen i modellen har: use: Familierådslagning: Bruger fast." in model.notes
    assert model.source.confidentiality == "children"


def test_rows_of_a_category_count_who_has_it(census: Design) -> None:
    model = glm(census, "placed ~ region", family="poisson")
    asked = {row.coordinate("region"): row.n for row in mean(census, "placed", by="region").rows}
    assert {row.coordinate("term")[9:-1]: row.n for row in model.rows[1:]} == {
        name: n for name, n in asked.items() if name != "Hovedstaden"
    }
    assert model.rows[0].n == asked["Hovedstaden"]


def test_in_a_census_silence_on_any_question_of_the_model_is_silence(census: Design) -> None:
    model = glm(census, "I(barrier == 'time') ~ 1", family="binomial")
    share = proportion(census, "barrier", category="time").rows[0]
    assert 1 / (1 + np.exp(-model.rows[0].estimate)) == pytest.approx(share.estimate, rel=1e-10)
    by_delta = error_of(share) / (share.estimate * (1 - share.estimate))
    assert error_of(model.rows[0]) == pytest.approx(by_delta, rel=1e-9)
    both = glm(census, "placed ~ barrier", family="poisson")
    assert both.extra["n"] < min(model.extra["n"], glm(census, "placed ~ 1").extra["n"])


def test_the_target_decides_about_the_finite_population_and_is_said() -> None:
    data = municipal_data()
    finite, beyond = (glm(design(data, target=target), "placed ~ size") for target in ("finite", "superpopulation"))
    factor = (1 - 66 / 98) ** 0.5
    for ours, theirs in zip(finite.rows, beyond.rows, strict=True):
        assert error_of(ours) == pytest.approx(factor * error_of(theirs), rel=1e-9)
    assert any("alle enheder i populationen" in note for note in finite.notes)
    assert any("processen bag enhederne" in note for note in beyond.notes)


def test_a_test_of_one_coefficient_is_the_square_of_its_t(sample: Design) -> None:
    model = glm(sample, "uses ~ hours + size", family="binomial")
    row = model.row(term="hours")
    found = term_test(model, "hours")
    assert found.statistic == pytest.approx((row.estimate / error_of(row)) ** 2, rel=1e-10)
    assert found.df == (1.0, model.uncertain.df)
    assert term_test(model, ["hours", "size"]).df[0] == 3


def test_odds_ratios_and_their_limits_are_exponentials(sample: Design) -> None:
    model = glm(sample, "uses ~ hours + size", family="binomial")
    ratios = effect_ratios(model, level=0.9)
    again = glm(sample, "uses ~ hours + size", family="binomial", level=0.9)
    for ratio, row in zip(ratios.rows, again.rows[1:], strict=True):
        assert (ratio.estimate, ratio.low, ratio.high) == pytest.approx(
            np.exp(np.array([row.estimate, row.low, row.high], dtype=float))
        )
        assert error_of(ratio) == pytest.approx(ratio.estimate * error_of(row))


def test_a_contrast_of_two_categories_uses_their_covariance(sample: Design) -> None:
    model = glm(sample, "hours ~ size")
    found = contrast(model, {"size[T.medium]": 1, "size[T.small]": -1}).rows[0]
    other = glm(sample, 'hours ~ C(size, Treatment("small"))').rows[2]
    assert (found.estimate, error_of(found)) == pytest.approx((other.estimate, error_of(other)), rel=1e-10)


def test_the_effect_in_a_linear_model_is_its_coefficient_but_for_products(sample: Design) -> None:
    model = glm(sample, "cases ~ hours + size")
    effects = average_marginal_effects(model, ["hours", "size"])
    for ours, theirs in zip(effects.rows, (model.rows[1], *model.rows[2:]), strict=True):
        assert (ours.estimate, error_of(ours)) == pytest.approx((theirs.estimate, error_of(theirs)), rel=1e-9)


def test_the_effect_of_one_category_alone_is_the_difference_of_two_shares(sample: Design) -> None:
    model = glm(sample, "uses ~ I(size == 'small')", family="binomial")
    split = survey_design(
        made_up().assign(small=lambda frame: np.where(frame["size"] == "small", "yes", "no")),
        strata="stratum",
        weights="weight",
    )
    table = crosstab(split, "small", "uses")
    low, high = (table.row(category="1", small=name) for name in ("no", "yes"))
    effect = average_marginal_effects(glm(split, "uses ~ small", family="binomial"), "small").rows[0]
    assert effect.estimate == pytest.approx(high.estimate - low.estimate, rel=1e-9)
    assert error_of(effect) == pytest.approx(
        error_of(contrast(table.only(category="1"), [-1.0, 1.0]).rows[0]), rel=1e-9
    )
    assert model.rows[1].estimate == pytest.approx(
        np.log(high.estimate / (1 - high.estimate)) - np.log(low.estimate / (1 - low.estimate)), rel=1e-9
    )


def test_effects_agree_with_changing_every_weight_a_little() -> None:
    frame = made_up(60)
    formula = "uses ~ log(hours + 20) * size + I(hours ** 2 / 100)"

    def effects(weights: pd.Series) -> np.ndarray:
        made = survey_design(frame.assign(weight=weights), strata="stratum", weights="weight")
        found = average_marginal_effects(glm(made, formula, family="binomial"), ["hours", "size"])
        return np.array([row.estimate for row in found.rows])

    made = survey_design(frame, strata="stratum", weights="weight")
    ours = average_marginal_effects(glm(made, formula, family="binomial"), ["hours", "size"]).influence
    assert ours is not None
    for place in range(0, 60, 7):
        step = 1e-4 * np.eye(60)[place] * frame["weight"]
        change = (effects(frame["weight"] + step) - effects(frame["weight"] - step)) / 2e-4
        assert ours[place] == pytest.approx(change, rel=1e-5, abs=1e-9)


def test_the_code_gives_the_model_again_and_r_is_told_the_order_of_categories(sample: Design) -> None:
    model = glm(sample, "answer ~ size - 1 + offset(log(weight))", family="binomial", level=0.9)
    assert model.source.code.endswith('"answer ~ size - 1 + offset(log(weight))", family="binomial", level=0.9)')
    assert model.r_code().split("\n")[-1] == (
        'svyglm(as.numeric(answer == "yes") ~ factor(size, levels = c("large", "medium", "small")) + '
        "offset(log(weight)) + 0, design = d, family = quasibinomial(), "
        "control = glm.control(epsilon = 1e-15, maxit = 200))"
    )
    assert term_test(model, "size").r_code().endswith('~factor(size, levels = c("large", "medium", "small")))')
    effects = (
        'effects <- list(ame(transform(u, size = "medium"), transform(u, size = "large"), 1), '
        'ame(transform(u, size = "small"), transform(u, size = "large"), 1))'
    )
    assert effects in average_marginal_effects(model, "size").r_code()


@pytest.mark.parametrize(
    ("formula", "family", "code", "words"),
    [
        ("hours + size", "gaussian", "FORMULA_NOT_UNDERSTOOD", 'no "~"'),
        ("hours ~ size +", "gaussian", "FORMULA_NOT_UNDERSTOOD", "the expression ended"),
        ("hours ~ (size", "gaussian", "FORMULA_NOT_UNDERSTOOD", "Unmatched"),
        ("hours ~ .", "gaussian", "FORMULA_NOT_UNDERSTOOD", "neither a variable nor a calculation"),
        ("~ size", "gaussian", "FORMULA_NOT_UNDERSTOOD", "one outcome"),
        ("hours + cases ~ size", "gaussian", "FORMULA_NOT_UNDERSTOOD", "one outcome"),
        ("hours ~ 0", "gaussian", "FORMULA_NOT_UNDERSTOOD", "nothing is left"),
        ("hours ~ cases ^ 2", "gaussian", "FORMULA_NOT_UNDERSTOOD", "powers stand inside I(...)"),
        ("hours ~ eval(cases)", "gaussian", "FORMULA_NOT_UNDERSTOOD", "cannot be calculated"),
        ("hours ~ cases.__class__", "gaussian", "FORMULA_NOT_UNDERSTOOD", "cannot be calculated"),
        ("hours ~ C(size, Sum)", "gaussian", "FORMULA_NOT_UNDERSTOOD", "does not name a reference"),
        ("hours ~ C(log(cases))", "gaussian", "FORMULA_NOT_UNDERSTOOD", "does not name one variable"),
        ("hours ~ sise", "gaussian", "NO_SUCH_VARIABLE", 'Did you mean "size"?'),
        ("hours ~ C(size, Treatment('huge'))", "gaussian", "NO_SUCH_CATEGORY", "large, medium, small"),
        ("hours ~ I(size == 'huge')", "gaussian", "NO_SUCH_CATEGORY", "huge"),
        ("hours ~ log(size)", "gaussian", "NOT_NUMBERS", "cannot be calculated with"),
        ("hours ~ C(weight)", "gaussian", "NOT_CATEGORIES", "too many different values"),
        ("hours ~ log(below)", "gaussian", "CANNOT_BE_CALCULATED", "240 of 240 rows"),
        ("size ~ hours", "gaussian", "NOT_NUMBERS", "I(size == 'small') ~"),
        ("size ~ hours", "binomial", "OUTCOME_NOT_BINARY", "3 categories"),
        ("hours ~ size", "binomial", "OUTCOME_NOT_BINARY", "I(hours > "),
        ("below ~ size", "poisson", "NEGATIVE_COUNTS", "240 rows"),
        ("hours ~ always", "gaussian", "NO_VARIATION", "is 1 in all 240 rows"),
        ("always ~ hours", "gaussian", "NO_VARIATION", '"always" is 1'),
        ("cases ~ hours + twice", "poisson", "COLLINEAR", '"twice" is fixed by'),
        ("apart ~ hours", "binomial", "SEPARATED", 'can be told without error from "hours"'),
        ("apart ~ hours + cases + size", "binomial", "SEPARATED", "hours"),
        ("apart ~ I(hours > 8)", "binomial", "SEPARATED", "none of the"),
        ("uses ~ hours", "probit", "NO_SUCH_FAMILY", "binomial"),
    ],
)
def test_what_cannot_be_fitted_is_refused_in_the_users_own_names(
    sample: Design, formula: str, family: str, code: str, words: str
) -> None:
    with pytest.raises(DesignError) as caught:
        glm(sample, formula, family=family)  # type: ignore[arg-type]
    assert caught.value.code == code
    assert words in str(caught.value)


def test_questions_with_several_columns_and_free_text_are_refused(census: Design) -> None:
    for formula, words in (
        ("placed ~ why", "why_1, why_2"),
        ("placed ~ use", "use_fgc, use_sos, use_inm"),
        ("placed ~ remarks", "neither a number nor a category"),
    ):
        with pytest.raises(DesignError, match=words):
            glm(census, formula)


def test_too_many_terms_for_rows_or_for_clusters_are_refused() -> None:
    frame = made_up(60).assign(school=lambda f: f.index // 15, row=lambda f: f.index % 50)
    with pytest.raises(DesignError, match="3 degrees of freedom"):
        glm(survey_design(frame, psu="school"), "hours ~ size + cases + uses")
    with pytest.raises(DesignError, match="51 coefficients"):
        glm(survey_design(frame.iloc[:48].assign(row=lambda f: f.index)), "cases ~ C(row) + hours + uses + weight")


def test_a_product_that_nobody_has_is_refused() -> None:
    frame = made_up().query("not (size == 'small' and stratum == 'c')")
    with pytest.raises(DesignError, match=r'nobody in the model has "size\[T.small\]:stratum\[T.c\]"') as caught:
        glm(survey_design(frame), "hours ~ size * stratum")
    assert caught.value.code == "EMPTY_CATEGORY"


def test_a_reference_that_nobody_in_the_domain_has_is_refused(sample: Design) -> None:
    with pytest.raises(DesignError, match='nobody in the model has category "small"'):
        glm(sample.domain("size != 'small'"), 'hours ~ C(size, Treatment("small"))')


def test_an_outcome_without_cases_in_a_category_has_no_rate() -> None:
    frame = made_up().assign(cases=lambda f: np.where(f["size"] == "small", 0, f["cases"]))
    with pytest.raises(DesignError, match='rows with size "small" have "cases", so that the coefficient has no limit'):
        glm(survey_design(frame), "cases ~ size", family="poisson")


def test_what_a_model_has_not_cannot_be_asked_of_it(sample: Design) -> None:
    model = glm(sample, "hours ~ size")
    for ask, code in (
        (lambda: term_test(model, "hours"), "NO_SUCH_TERM"),
        (lambda: average_marginal_effects(model, "cases"), "NO_SUCH_TERM"),
        (lambda: effect_ratios(model), "NO_RATIOS"),
    ):
        with pytest.raises(DesignError) as caught:
            ask()
        assert caught.value.code == code


def test_columns_of_very_different_size_lose_no_digits() -> None:
    frame = made_up().assign(year=lambda f: 2015 + f.index % 4, money=lambda f: 1e9 + 1e3 * f["hours"])
    ours = glm(survey_design(frame), "uses ~ year + money + I(year ** 2)", family="binomial")
    near = frame.assign(year=lambda f: f["year"] - 2016, money=lambda f: f["hours"])
    theirs = glm(survey_design(near), "uses ~ year + money + I(year ** 2)", family="binomial")
    assert ours.rows[2].estimate == pytest.approx(theirs.rows[2].estimate / 1e3, rel=1e-8)
    assert error_of(ours.rows[2]) == pytest.approx(error_of(theirs.rows[2]) / 1e3, rel=1e-8)
    assert error_of(ours.rows[3]) == pytest.approx(error_of(theirs.rows[3]), rel=1e-6)


def test_a_fit_that_does_not_settle_is_refused(sample: Design, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitting, "MOST_STEPS", 2)
    with pytest.raises(DesignError) as caught:
        glm(sample, "uses ~ hours + size", family="binomial")
    assert caught.value.code == "NOT_CONVERGED"


def test_predicted_shares_differ_by_the_average_marginal_effects(sample: Design) -> None:
    model = glm(sample, "uses ~ size + hours", family="binomial")
    predicted, effects = predicted_means(model, "size"), average_marginal_effects(model, "size")
    assert [row.coordinate("category") for row in predicted.rows] == ["large", "medium", "small"]
    for place, effect in enumerate(effects.rows, 1):
        found = contrast(predicted, np.eye(3)[place] - np.eye(3)[0]).rows[0]
        assert (found.estimate, error_of(found)) == pytest.approx((effect.estimate, error_of(effect)), rel=1e-9)
    for row in predicted.rows:
        assert row.low is not None
        assert row.high is not None
        assert 0 < row.low < row.estimate < row.high < 1


def test_with_nothing_else_in_the_model_they_are_the_shares_and_means_of_the_groups(sample: Design) -> None:
    shares = predicted_means(glm(sample, "uses ~ size", family="binomial"), "size")
    for ours, theirs in zip(shares.rows, mean(sample, "uses", by="size").rows, strict=True):
        assert (ours.estimate, error_of(ours)) == pytest.approx((theirs.estimate, error_of(theirs)), rel=1e-9)
    assert shares.measure == "share"
    means = predicted_means(glm(sample, "hours ~ C(cases) + uses"), ["uses"])
    assert means.measure == "mean"
    assert [row.coordinate("category") for row in means.rows] == ["0", "1"]


def test_means_are_not_predicted_for_a_number(sample: Design) -> None:
    with pytest.raises(DesignError) as caught:
        predicted_means(glm(sample, "uses ~ hours", family="binomial"), "hours")
    assert caught.value.code == "NOT_CATEGORIES"
    assert "C(hours)" in str(caught.value)
