"""Every kind of result writes R code, or says in words why R has no function for it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from evaltools import estimate as ev
from evaltools.estimate import Design, Estimate, indicators, models, result
from evaltools.estimate.result import NO_R
from evaltools.estimate.survey import Model
from evaltools.estimate.survey.writing.rcode import OTHERWISE
from every_verb import VERBS, Made, results_of, sample
from municipal_survey import municipal_data
from r_designs import designs
from several_choices import data_of_methods
from submitted_days import timed
from unlike_rates import SHARE, earlier, later

CASE: dict[str, object] = {
    "a": {
        "label": "A", "unit": "families", "measure": "families", "citation": "The source",
        "counts": [
            {"id": "then", "count": "8", "base": "57", "period": "then"},
            {"id": "now", "count": "1", "base": "98", "period": "now"},
        ],
    }
}  # fmt: skip


def methods() -> Design:
    return ev.design(data_of_methods())


def case(period: str = "") -> Estimate:
    found = indicators.published_case("a", cases=CASE)
    return found.only(period=period) if period else found


OTHERS: Mapping[str, Callable[[], Made]] = {
    "choices": lambda: ev.choices(methods(), "methods"),
    "answer_shares": lambda: ev.answer_shares(methods(), "methods"),
    "answer_shares by group": lambda: ev.answer_shares(methods(), "methods", by="region"),
    "rao_scott of several choices": lambda: ev.rao_scott(methods(), "size", "methods"),
    "rao_scott of several choices, Chisq": lambda: ev.rao_scott(methods(), "size", "methods", statistic="Chisq"),
    "mcnemar, finite": lambda: ev.mcnemar(methods(), "methods_fgc", "methods_sos", method="finite"),
    "change": lambda: ev.change(ev.design(municipal_data()), ev.design(municipal_data()), "use_fgc", category="1"),
    "response": lambda: ev.response(municipal_data()),
    "response_balance": lambda: ev.response_balance(municipal_data(), "region"),
    "early_and_late": lambda: ev.early_and_late(timed(), "use_fgc", category="1"),
    "published_case": case,
    "two_proportions": lambda: indicators.two_proportions(case("then"), case("now")),
    "against_target": lambda: indicators.against_target(case("then"), 0.3),
    "shares": lambda: indicators.shares([earlier(), later()]),
    "as_indicator": lambda: indicators.as_indicator(ev.proportion(sample(), "uses"), SHARE),
    "status": lambda: indicators.status(later()),
    "shrunken": lambda: indicators.shrunken([earlier(), later(), later()]),
    "variation": lambda: indicators.variation([replace(later(), place=name) for name in "abcde"]),
    "response_model": lambda: models.response_model(municipal_data(), ["region"]),
    "response_test": lambda: models.response_test(municipal_data(), "region"),
}
WORDS_ONLY = {
    "together", "item_response", "missing_kinds", "permutation_test", "answer_shares by group",
    "rao_scott of several choices", "mcnemar, finite", "change", "response", "response_balance", "early_and_late",
    "two_proportions", "response_model", "shrunken",
}  # fmt: skip


def every() -> Mapping[str, Callable[[], Made]]:
    return {**{name: lambda make=make: make(sample()) for name, make in VERBS.items()}, **OTHERS}  # type: ignore[misc]


@pytest.mark.parametrize("name", every())
def test_a_result_writes_r_code_or_says_why_there_is_none(name: str) -> None:
    for each in results_of(every()[name]()):
        code = each.r_code()
        assert code.startswith(NO_R) == (name in WORDS_ONLY)
        assert len(code) > len(NO_R)
        assert "\n" not in code or name not in WORDS_ONLY


def test_every_public_verb_that_gives_a_result_is_asked() -> None:
    kinds = ("Estimate", "Model", "Test", "tuple[Test, ...]")
    public = {
        name
        for room in (ev, indicators, models)
        for name in room.__all__
        if inspect.isfunction(verb := getattr(room, name)) and verb.__annotations__.get("return") in kinds
    }
    asked = {name.split(" ")[0].split(",")[0] for name in (*every(), "proportion", "glm")}
    assert public <= asked
    assert {"Estimate", "Test", "Model"} <= {kind.__name__ for kind in (Estimate, result.Test, Model)}


def test_a_contrast_of_what_r_cannot_join_says_so_and_does_not_join_it() -> None:
    fitted = designs()["calibrated"]
    by_size = ev.contrast(ev.mean(fitted, "pupils", by="size"), {"large": 1, "small": -1})
    assert by_size.r_code().startswith(NO_R)
    both = ev.contrast(ev.answer_shares(methods(), "methods"), [1.0, -1.0, *[0.0] * 6])
    assert both.r_code().startswith(NO_R)
    assert ev.contrast(ev.together(fitted, {"a": ev.mean(fitted, "pupils")}), [1]).r_code().startswith(NO_R)


def test_a_contrast_of_shares_is_one_of_means_whatever_their_interval() -> None:
    shares = ev.proportion(sample(), "uses", interval=ev.interval.korn_graubard())
    last = ev.contrast(shares, [1, -1]).r_code().split("\n")[-1]
    assert last.startswith("svycontrast(svymean(")


def test_r_code_says_where_r_does_otherwise() -> None:
    again = designs()["jackknife, post-stratified"]
    assert OTHERWISE in ev.mean(again, "pupils").r_code()
    jackknife = designs()["jackknife"]
    assert OTHERWISE in ev.quantile(jackknife, "pupils", 0.5, rule="hf7").r_code()
    assert OTHERWISE not in ev.quantile(jackknife, "pupils", 0.5, rule="hf7", interval=ev.interval.wald()).r_code()
    assert OTHERWISE not in ev.mean(jackknife, "pupils").r_code()


def test_the_data_for_r_hold_all_replicates_and_nothing_twice() -> None:
    made = ev.bootstrap(sample(), replicates=150, seed=3)
    columns = list(made.r_data().columns)
    assert len([name for name in columns if name.startswith("ev_rep")]) == 150
    assert len(columns) == len(set(columns))
    taken = replace(made, answers=replace(made.answers, frame=made.r_data()))
    assert list(taken.r_data().columns) == columns
