"""Input that makes no sense, given to every public verb: a message with a remedy."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest

from evaltools import estimate as ev
from evaltools.dataset import Dataset
from evaltools.errors import DesignError
from evaltools.estimate import Design, indicators
from evaltools.estimate.survey import Model
from evaltools.schema.missing import Missing
from every_verb import MODEL, UNITS, VERBS, WAYS, answers, sample
from municipal_survey import municipal_data
from several_choices import data_of_methods
from unlike_rates import earlier, later


def logistic() -> Model:
    return ev.glm(sample(), MODEL, family="binomial")


CASE: dict[str, object] = {
    "a": {
        "label": "A", "unit": "families", "measure": "families", "citation": "The source",
        "counts": [{"id": "now", "count": "8", "base": "57", "period": "now"}],
    }
}  # fmt: skip
LEVELS: dict[str, Callable[[float], object]] = {
    "mean": lambda level: ev.mean(sample(), "score", level=level),
    "total": lambda level: ev.total(sample(), "score", level=level),
    "ratio": lambda level: ev.ratio(sample(), "network", "cases", level=level),
    "proportion": lambda level: ev.proportion(sample(), "uses", level=level),
    "choices": lambda level: ev.choices(ev.design(data_of_methods()), "methods", level=level),
    "answer_shares": lambda level: ev.answer_shares(ev.design(data_of_methods()), "methods", level=level),
    "quantile": lambda level: ev.quantile(sample(), "score", 0.5, rule="hf7", level=level),
    "variance": lambda level: ev.variance(sample(), "score", level=level),
    "crosstab": lambda level: ev.crosstab(sample(), "size", "uses", level=level),
    "contrast": lambda level: ev.contrast(ev.mean(sample(), "score"), [1], level=level),
    "combinations": lambda level: ev.combinations(sample(), WAYS, level=level),
    "glm": lambda level: ev.glm(sample(), "score ~ size", level=level),
    "effect_ratios": lambda level: ev.effect_ratios(logistic(), level=level),
    "predicted_means": lambda level: ev.predicted_means(logistic(), "size", level=level),
    "average_marginal_effects": lambda level: ev.average_marginal_effects(logistic(), "size", level=level),
    "change": lambda level: ev.change(
        ev.design(municipal_data()), ev.design(municipal_data()), "use_fgc", category="1", level=level
    ),
    "early_and_late": lambda level: ev.early_and_late(municipal_data(), "use_fgc", category="1", level=level),
    "published_case": lambda level: indicators.published_case("a", cases=CASE, level=level),
    "two_proportions": lambda level: indicators.two_proportions(counted(), counted(), level=level),
    "against_target": lambda level: indicators.against_target(counted(), 0.3, level=level),
    "shares": lambda level: indicators.shares(later(), level=level),
    "status": lambda level: indicators.status(later(), level=level),
    "shrunken": lambda level: indicators.shrunken([earlier(), later(), later()], level=level),
    "variation": lambda level: indicators.variation([later()] * 6, level=level),
    "wilson": lambda level: indicators.wilson(8, 57, level),
    "clopper_pearson": lambda level: indicators.clopper_pearson(8, 57, level),
    "jeffreys": lambda level: indicators.jeffreys(8, 57, level),
    "miettinen_nurminen": lambda level: indicators.miettinen_nurminen((8, 57), (9, 60), level),
    "newcombe": lambda level: indicators.newcombe((8, 57), (9, 60), level),
    "risk_ratio": lambda level: indicators.risk_ratio((8, 57), (9, 60), level),
}


def counted() -> ev.Estimate:
    return indicators.published_case("a", cases=CASE)


@pytest.mark.parametrize("name", LEVELS)
@pytest.mark.parametrize("level", [95.0, 0.0, 1.0, -0.5, float("nan")])
def test_a_level_is_a_share(name: str, level: float) -> None:
    with pytest.raises(DesignError) as caught:
        LEVELS[name](level)
    assert caught.value.code == "LEVEL_NOT_A_SHARE"
    if level == 95:
        assert "0.95" in caught.value.faults[0].remedy


def test_every_verb_with_a_level_is_asked() -> None:
    public = {name: getattr(room, name) for room in (ev, indicators) for name in room.__all__}
    with_level = {
        name
        for name, verb in public.items()
        if inspect.isfunction(verb) and "level" in inspect.signature(verb).parameters
    }
    assert with_level == set(LEVELS)


MULTIPLE: dict[str, Callable[[Design], object]] = {
    "mean": lambda design: ev.mean(design, "methods"),
    "total": lambda design: ev.total(design, "methods"),
    "ratio": lambda design: ev.ratio(design, "methods", "methods"),
    "proportion": lambda design: ev.proportion(design, "methods"),
    "by": lambda design: ev.proportion(design, "methods_fgc", by="methods"),
    "quantile": lambda design: ev.quantile(design, "methods", 0.5, rule="hf7"),
    "variance": lambda design: ev.variance(design, "methods"),
    "design_effects": lambda design: ev.design_effects(design, "methods"),
    "crosstab, row": lambda design: ev.crosstab(design, "methods", "size"),
    "rao_scott, row": lambda design: ev.rao_scott(design, "methods", "size"),
    "permutation_test": lambda design: ev.permutation_test(design, "size", "methods"),
    "mcnemar": lambda design: ev.mcnemar(design, "methods", "size"),
    "t_test": lambda design: ev.t_test(design, "methods"),
    "t_test, by": lambda design: ev.t_test(design, "size", by="methods", category="small"),
    "glm": lambda design: ev.glm(design, "methods ~ size"),
    "domain": lambda design: design.domain("methods == 'fgc'"),
}


@pytest.mark.parametrize("name", MULTIPLE)
def test_a_function_of_single_answers_refuses_several_choices_by_name(name: str) -> None:
    with pytest.raises(DesignError) as caught:
        MULTIPLE[name](ev.design(data_of_methods()))
    assert "methods" in str(caught.value)
    assert caught.value.faults[0].remedy


@pytest.mark.parametrize("name", VERBS)
def test_a_stratum_with_one_unit_is_refused_before_anything_is_estimated(name: str) -> None:
    frame = answers()
    alone = pd.concat([frame[frame["region"] != "south"], frame[frame["region"] == "south"].head(1)])
    with pytest.raises(DesignError) as caught:
        VERBS[name](sample(alone))
    assert caught.value.code == "LONELY_STRATUM"
    assert '"south"' in str(caught.value)


DESIGNS: dict[str, tuple[Callable[[], Design], str]] = {
    "more answers than units": (lambda: sample(population={**UNITS, "north": 17}), "MORE_RESPONSES_THAN_UNITS"),
    "a weight of 0": (lambda: weighed(0.0), "WEIGHT_NOT_POSITIVE"),
    "a weight below 0": (lambda: weighed(-1.0), "WEIGHT_NOT_POSITIVE"),
    "a missing weight": (lambda: weighed(float("nan")), "WEIGHT_MISSING"),
    "a weight without end": (lambda: weighed(float("inf")), "WEIGHT_MISSING"),
    "a stratum without answers": (lambda: sample(population={**UNITS, "west": 5}), "EMPTY_STRATUM"),
    "a stratum of unknown size": (lambda: sample(population={"north": 40, "middle": 30}), "POPULATION_PER_STRATUM"),
    "a missing stratum": (
        lambda: sample(answers().assign(region=answers()["region"].where(answers().index > 0))),
        "STRATUM_MISSING",
    ),
    "nobody": (lambda: sample(answers().head(0)), "NO_ROWS"),
}


def weighed(first: float) -> Design:
    """A sample in which the first row weighs so much."""
    frame = answers().assign(w=2.0)
    frame.loc[0, "w"] = first
    return sample(frame, population=None, weights="w")


@pytest.mark.parametrize("name", DESIGNS)
def test_a_design_that_cannot_be_is_refused_in_the_users_own_names(name: str) -> None:
    make, code = DESIGNS[name]
    with pytest.raises(DesignError) as caught:
        make()
    assert caught.value.code == code
    assert caught.value.faults[0].remedy


def never_asked() -> Dataset:
    """The municipal survey, in which nobody was asked of barriers, placements or the first method."""
    data = municipal_data()
    names = ["barrier", "placed", "use_fgc"]
    kinds = {name: data.missing[name].where(~data.frame["responded"], Missing.NOT_ASKED) for name in names}
    frame = data.frame.assign(**{name: data.frame[name].mask(data.frame["responded"]) for name in names})
    return replace(data, frame=frame, missing=data.missing.assign(**kinds))


NEVER: dict[str, Callable[[Design], object]] = {
    "mean": lambda design: ev.mean(design, "placed"),
    "total": lambda design: ev.total(design, "placed"),
    "ratio": lambda design: ev.ratio(design, "network", "placed"),
    "proportion": lambda design: ev.proportion(design, "barrier"),
    "proportion, by": lambda design: ev.proportion(design, "use_sos", by="barrier"),
    "quantile": lambda design: ev.quantile(design, "placed", 0.5, rule="hf7"),
    "variance": lambda design: ev.variance(design, ["network", "placed"]),
    "design_effects": lambda design: ev.design_effects(design, "placed"),
    "crosstab": lambda design: ev.crosstab(design, "barrier", "use_sos"),
    "crosstab, column": lambda design: ev.crosstab(design, "use_sos", "barrier"),
    "rao_scott": lambda design: ev.rao_scott(design, "barrier", "use_sos"),
    "permutation_test": lambda design: ev.permutation_test(design, "use_sos", "barrier"),
    "t_test": lambda design: ev.t_test(design, "placed"),
    "t_test, by": lambda design: ev.t_test(design, "network", by="use_fgc"),
    "mcnemar": lambda design: ev.mcnemar(design, "use_fgc", "use_sos", category="1"),
    "cochran_q": lambda design: ev.cochran_q(design, ["use_fgc", "use_sos"], category="1"),
    "pairwise_mcnemar": lambda design: ev.pairwise_mcnemar(design, ["use_fgc", "use_sos"], category="1"),
    "combinations": lambda design: ev.combinations(design, ["use_fgc", "use_sos"], category="1"),
    "glm": lambda design: ev.glm(design, "network ~ barrier"),
    "glm, outcome": lambda design: ev.glm(design, "placed ~ size"),
    "item_response": lambda design: ev.item_response(design, "barrier"),
    "choices": lambda design: ev.choices(design.domain("barrier == 'time'"), "why"),
}


@pytest.mark.parametrize("name", NEVER)
def test_a_question_that_nobody_was_asked_is_named(name: str) -> None:
    with pytest.raises(DesignError) as caught:
        NEVER[name](ev.design(never_asked(), strata="region"))
    assert any(asked in str(caught.value) for asked in ("barrier", "placed", "use_fgc", "why"))
    assert caught.value.faults[0].remedy
